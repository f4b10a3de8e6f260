import { expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/core/domain/errors.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { runnerClassOf } from '../../lib/runners/runner-module.ts';

class One extends Runner {
  run() {}
}
class Two extends Runner {
  run() {}
}

it('The only class with a method "run" is the runner, also under two names', () => {
  expect(runnerClassOf({ One, other: 7, Problem: Error, helper: () => 1 }, 'a.ts')).toBe(One);
  expect(runnerClassOf({ One, Alias: One }, 'a.ts')).toBe(One);
});

it('The default export takes precedence over other classes, unless it is no runner', () => {
  expect(runnerClassOf({ One, default: Two }, 'a.ts')).toBe(Two);
  expect(runnerClassOf({ One, default: {} }, 'a.ts')).toBe(One);
});

it('A module without a runner, or with several, is refused with the fix', () => {
  expect(() => runnerClassOf({ run: () => 1 }, 'a.ts')).toThrow(
    new ConfigurationError(
      'a.ts: got no class with a method "run" among its exports, wanted one. Export it: export class MyJob extends Runner { … }.',
    ),
  );
  expect(() => runnerClassOf({ One, Two }, 'a.ts')).toThrow(
    new ConfigurationError(
      'a.ts: got 2 classes with a method "run" (One, Two), wanted one. ' +
        'Export one as the default, or move the others to files of their own.',
    ),
  );
});
