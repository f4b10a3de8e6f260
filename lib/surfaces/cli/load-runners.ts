/**
 * Loads the runners of the project in the current folder, which the deployment bundles, too. Outside a project only the
 * built-in runners exist.
 */
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { runnerFiles, runnerKey } from '../../runners/runner-files.ts';
import { runnerClassOf } from '../../runners/runner-module.ts';
import { runnersFolder } from './runners-folder.ts';

/** Throws ConfigurationError when a file cannot be loaded. */
export async function ownRunners(
  env: { readonly CLOUDTAB_RUNNERS?: string },
  cwd = '.',
): Promise<Readonly<Record<string, RunnerClass>>> {
  const runners: Record<string, RunnerClass> = {};
  for (const one of runnerFiles(runnersFolder(env, cwd))) {
    try {
      const module: object = await import(pathToFileURL(one.file).href);
      runners[runnerKey(one)] = runnerClassOf(module, relative('.', one.file));
    } catch (cause) {
      throw new ConfigurationError(`The runner in ${one.file} cannot be loaded: ${cause}.`, { cause });
    }
  }
  return runners;
}
