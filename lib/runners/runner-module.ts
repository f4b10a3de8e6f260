/** Finds the runner in the module of a runner file. */
import { ConfigurationError } from '../core/domain/errors.ts';
import type { RunnerClass } from './runner.ts';

/**
 * The class that the module exports as its default, or the only one that it exports. `file` is its name in messages. Throws
 * ConfigurationError if there is none, or more than one.
 */
export function runnerClassOf(module: object, file: string): RunnerClass {
  const exported = new Map<unknown, string>();
  for (const [name, value] of Object.entries(module)) {
    if (!isRunnerClass(value)) continue;
    if (name === 'default') return value;
    exported.set(value, name);
  }
  const [only] = exported.keys();
  if (exported.size === 1) return only as RunnerClass;
  if (exported.size === 0) {
    throw new ConfigurationError(
      `${file}: got no class with a method "run" among its exports, wanted one. Export it: export class MyJob extends Runner { … }.`,
    );
  }
  throw new ConfigurationError(
    `${file}: got ${exported.size} classes with a method "run" (${[...exported.values()].join(', ')}), wanted one. ` +
      'Export one as the default, or move the others to files of their own.',
  );
}

/** By its method: a class of another copy of the package is a runner, too. */
function isRunnerClass(value: unknown): value is RunnerClass {
  return typeof value === 'function' && typeof value.prototype?.run === 'function';
}
