/**
 * Loads the runners of the project in the current folder, which the deployment bundles, too. Outside a project only the
 * built-in runners exist.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { RunnerClass } from '../../runners/runner.ts';

/** The module of a project that exports its runners by name. */
export const RUNNERS_FILE = 'lambdas/runners/index.ts';

type Runners = Readonly<Record<string, RunnerClass>>;

/**
 * CLOUDTAB_RUNNERS names another module. Without the variable and the default module there are no runners. Throws
 * ConfigurationError when the module cannot be loaded.
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
  throw new ConfigurationError(`${file} does not export "runners" as an object of classes by name.`);
}

function isRunners(value: unknown): value is Runners {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'function')
  );
}
