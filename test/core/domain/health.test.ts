// cspell:ignoreRegExp /'[OWFN]+'/g
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEALTHS, healthOf, isFailing, trendOf } from '../../../lib/core/domain/health.ts';
import type { RunRecord, Status } from '../../../lib/core/domain/run-record.ts';
import { EMPTY_SUMMARY, summarize, withoutDeleted } from '../../../lib/core/domain/run-summary.ts';
import { HOUR, NOON } from '../../support/jobs.ts';

const NAMES: Readonly<Record<string, Status>> = { O: 'OK', W: 'WARN', F: 'FAILURE', N: 'NOTRUN' };
const ON = { active: true, late: false, running: false };

/** One record an hour, oldest first, one letter each. */
function recordsOf(letters: string): RunRecord[] {
  return [...letters].map((letter, index) => ({
    site: 'site',
    uid: 'a',
    runner: 'task',
    plannedAt: NOON + index * HOUR,
    endedAt: NOON + index * HOUR + 1,
    status: NAMES[letter] ?? 'OK',
    messages: [],
  }));
}

const trend = (letters: string) => trendOf(summarize(EMPTY_SUMMARY, recordsOf(letters)));
const health = (letters: string, signs = {}) =>
  healthOf({ ...ON, last: NAMES[letters.at(-1) ?? ''], ...signs }, trend(letters));

describe('the trend of a cron', () => {
  it('Failures in a row count since the first of them, and a skipped occurrence between them does not matter', () => {
    expect(trend('OFNFF')).toEqual({
      runs: 4,
      failures: 3,
      failuresInRow: 3,
      failingSince: NOON + HOUR,
      isFlapping: false,
    });
  });

  it('A run without failure ends the series, and the next failure begins a new one', () => {
    expect(trend('FFW')).toEqual({ runs: 3, failures: 2, failuresInRow: 0, isFlapping: false });
    expect(trend('FFWF')).toMatchObject({ failuresInRow: 1, failingSince: NOON + 3 * HOUR });
  });

  it('A cron without runs has no trend', () => {
    expect(trend('NN')).toEqual({ runs: 0, failures: 0, failuresInRow: 0, isFlapping: false });
  });

  it.each([
    { letters: 'OFOFO', isFlapping: true },
    { letters: 'FNOFNOFF', isFlapping: true },
    { letters: 'OFO', isFlapping: false },
    { letters: 'OFOFOFFF', isFlapping: false },
    { letters: 'OFOFOOOOOOOOOO', isFlapping: false },
  ])('Whether a cron with the results $letters is flapping: $isFlapping', ({ letters, isFlapping }) => {
    expect(trend(letters).isFlapping).toBe(isFlapping);
  });

  it('After a deletion the newest record that is left decides whether the cron is failing', () => {
    const summary = summarize(EMPTY_SUMMARY, recordsOf('OFF'));
    expect(trendOf(withoutDeleted(summary, []))).toMatchObject({ failuresInRow: 0, runs: 0 });
    const recovered = summarize(EMPTY_SUMMARY, recordsOf('FO'));
    expect(trendOf(withoutDeleted(recovered, recordsOf('F')))).toMatchObject({ failuresInRow: 1 });
  });

  it('The trend agrees with the records, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('O', 'W', 'F', 'N'), { maxLength: 20 }), (letters) => {
        const runs = recordsOf(letters.join('')).filter(({ status }) => status !== 'NOTRUN');
        const lastGood = runs.findLastIndex(({ status }) => status !== 'FAILURE');
        const failing = runs.slice(lastGood + 1);
        const found = trend(letters.join(''));
        expect(found).toMatchObject({ runs: runs.length, failuresInRow: failing.length });
        expect(found.failingSince).toBe(failing[0]?.plannedAt);
      }),
    );
  });
});

describe('the health of a cron', () => {
  it.each([
    { letters: 'F', signs: { late: true, running: true }, state: 'late' },
    { letters: 'F', signs: { running: true }, state: 'running' },
    { letters: 'F', signs: { active: false }, state: 'off' },
    { letters: 'OFOFO', signs: {}, state: 'flapping' },
    { letters: 'OFN', signs: {}, state: 'failing' },
    { letters: '', signs: {}, state: 'new' },
    { letters: 'OW', signs: {}, state: 'warning' },
    { letters: 'FO', signs: {}, state: 'ok' },
  ])('A cron with the results "$letters" and $signs is $state', ({ letters, signs, state }) => {
    expect(health(letters, signs)).toBe(state);
    expect(HEALTHS).toContain(state);
  });

  it('A cron that is on is failing while its last run failed, also during a run; one that is off never is', () => {
    expect(isFailing({ active: true, trend: trend('OF') })).toBe(true);
    expect(isFailing({ active: false, trend: trend('OF') })).toBe(false);
    expect(isFailing({ active: true, trend: trend('FO') })).toBe(false);
  });
});
