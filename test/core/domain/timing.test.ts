import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExpression } from '../../../lib/core/domain/expression.ts';
import { nextRun } from '../../../lib/core/domain/next-run.ts';
import { dueTimes } from '../../../lib/core/domain/timing.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';

it.each([
  [2_500, 10_000],
  [1_001, 3_990],
])(
  'The due times of a schedule that ends after %i minutes, %i minutes later, are its latest ones',
  (end, now) => {
    const last = NOON + end * MINUTE;
    const next = (time: number) => (time < last ? Math.max(NOON, time + MINUTE) : undefined);
    const { times, uncountedFrom } = dueTimes({ armedAt: NOON }, NOON + now * MINUTE, next);
    expect(uncountedFrom).toBe(NOON);
    expect(times.at(-1)).toBe(last);
    expect(times.length).toBeGreaterThan(400);
  },
);

it.each(['* * * * *', '* * * * 1', '* 8-17 * * 1-5', '*/2 0 1 * *', '0-59 3 * 3 *'])(
  'The last due time of "%s" is the latest planned time, however long its pauses are',
  (periodicity) => {
    const expression = parseExpression(periodicity, 'a');
    const next = (time: number) => nextRun(expression, 'UTC', time);
    const armedAt = next(NOON) ?? 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 24 }), (hours) => {
        const until = armedAt + hours * HOUR;
        const { times } = dueTimes({ armedAt }, until, next);
        const last = times.at(-1) ?? Number.NaN;
        expect(last).toBeLessThanOrEqual(until);
        expect(next(last)).toBeGreaterThan(until);
      }),
      { numRuns: 30 },
    );
  },
);
