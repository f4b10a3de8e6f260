/**
 * The runners of whoever types: those of the folder that the command is typed in, as the deployment made there has
 * them; elsewhere the ones beside this code.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runners as shipped } from '../../../lambdas/runners/index.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { RunnerClass } from '../../runners/runner.ts';

/** Where a project keeps its runners by name. */
export const RUNNERS_FILE = 'lambdas/runners/index.ts';

type Runners = Readonly<Record<string, RunnerClass>>;

/**
 * CLOUDTAB_RUNNERS names the module that exports `runners`, if it is somewhere else. Throws ConfigurationError when it
 * cannot be loaded.
 */
export async function ownRunners(env: { readonly CLOUDTAB_RUNNERS?: string }, cwd = '.'): Promise<Runners> {
  const named = env.CLOUDTAB_RUNNERS;
  const file = resolve(cwd, named || RUNNERS_FILE);
  if (!named && !existsSync(file)) return shipped;
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
