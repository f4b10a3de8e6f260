/**
 * Loads the project's own runners from the current folder, where the deployment takes them from too. Outside a project
 * there are only the built-in runners.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { RunnerClass } from '../../runners/runner.ts';

/** Where a project keeps its runners by name. */
export const RUNNERS_FILE = 'lambdas/runners/index.ts';

type Runners = Readonly<Record<string, RunnerClass>>;

/**
 * CLOUDTAB_RUNNERS names another module that exports `runners`. None when that variable is not set and the folder has no
 * such file. Throws ConfigurationError when the module cannot be loaded.
 */
export async function ownRunners(env: { readonly CLOUDTAB_RUNNERS?: string }, cwd = '.'): Promise<Runners> {
  const named = env.CLOUDTAB_RUNNERS;
  const file = resolve(cwd, named || RUNNERS_FILE);
  if (!named && !existsSync(file)) return {};
  try {
    const { runners }: { runners?: unknown } = await import(pathToFileURL(file).href);
    if (isRunners(runners)) return runners;
  } catch (cause) {
    throw new ConfigurationError(`The runners in ${file} cannot be loaded: ${cause}.`, { cause });
  }
  throw new ConfigurationError(`${file} exports no "runners": wanted an object of classes by name.`);
}

function isRunners(value: unknown): value is Runners {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'function')
  );
}
