import { describe, expect, it } from 'vitest';
import { longDuration, usualDuration } from '../../../lib/core/domain/durations.ts';
import type { Log } from '../../../lib/core/domain/log.ts';
import { NOON } from '../../support/jobs.ts';

/** A run that took so many seconds, or an occurrence that did not run. */
const log = (seconds?: number): Pick<Log, 'startedAt' | 'date' | 'reason'> => ({
  date: NOON + (seconds ?? 0) * 1000,
  ...(seconds === undefined ? {} : { startedAt: NOON }),
});

describe('usualDuration', () => {
  it.each([
    ['no runs', [], undefined],
    ['one occurrence that did not run', [undefined], undefined],
    ['one run', [5], 5000],
    ['an odd number of runs', [1, 100, 3], 3000],
    ['an even number of runs', [1, 100, 3, 5], 4000],
    ['runs among occurrences that did not run', [undefined, 2, undefined], 2000],
    ['a run during which the clock was set back', [-5], 0],
  ])('The usual duration is the median of %s', (_, seconds, expected) => {
    expect(usualDuration(seconds.map(log))).toBe(expected);
  });

  it('A run whose process died, and one in progress, have no duration', () => {
    expect(usualDuration([{ ...log(90), reason: 'died' }, { startedAt: NOON }, log(3)])).toBe(3000);
  });
});

describe('longDuration', () => {
  it.each([
    ['no runs', [], undefined],
    ['one run', [5], 5000],
    ['twenty runs', Array.from({ length: 20 }, (_, index) => index + 1), 19_000],
    ['twenty-one runs', Array.from({ length: 21 }, (_, index) => 21 - index), 20_000],
  ])('Of %s at least 95 percent take at most the long duration', (_, seconds, expected) => {
    expect(longDuration(seconds.map(log))).toBe(expected);
  });
});
