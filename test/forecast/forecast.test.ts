import { describe, expect, it } from 'vitest';
import type { CronFields } from '../../lib/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import { compare } from '../../lib/forecast/compare.ts';
import { forecast, PeriodError } from '../../lib/forecast/forecast.ts';
import { usualDuration } from '../../lib/forecast/usual-duration.ts';
import { cronOf, HOUR, MINUTE, NOON } from '../support/jobs.ts';

const DAY = 24 * HOUR;

interface Given extends Partial<CronFields> {
  readonly duration?: number;
}

function foreseen(crons: readonly Given[], length = 2 * HOUR, settings = CRONTAB_DEFAULTS, most?: number) {
  const subjects = crons.map(({ duration, ...fields }) => ({
    cron: cronOf(fields),
    ...(duration === undefined ? {} : { duration }),
  }));
  return forecast({
    subjects,
    settings,
    from: NOON,
    to: NOON + length,
    ...(most === undefined ? {} : { most }),
  });
}

describe('a forecast', () => {
  it('has the runs of all crons by time, those of the same time in the order of the crons', () => {
    const { runs } = foreseen([{ uid: 'b' }, { uid: 'a', periodicity: '*/30 * * * *' }]);
    expect(runs.map(({ cron, at }) => `${cron.uid} ${(at - NOON) / MINUTE}`)).toEqual([
      'b 0',
      'a 0',
      'a 30',
      'b 60',
      'a 60',
      'a 90',
    ]);
  });

  it('counts what becomes of the times of each cron', () => {
    const { totals } = foreseen(
      [
        { uid: 'slow', periodicity: '* * * * *', duration: 90_000 },
        { uid: 'both', periodicity: '* * * * *', overlap: 'allow', duration: 90_000 },
        { uid: 'late', periodicity: '* * * * *', overlap: 'buffer', duration: 90_000 },
        { uid: 'off', activated: false },
      ],
      6 * MINUTE,
    );
    const none = { runs: 0, overlaps: 0, waits: 0, skipped: 0 };
    const on = { name: 'heartbeat', active: true, duration: 90_000, first: NOON, last: NOON + 5 * MINUTE };
    expect(totals).toEqual([
      { ...none, ...on, uid: 'slow', runs: 3, skipped: 3 },
      { ...none, ...on, uid: 'both', runs: 1, overlaps: 5 },
      { ...none, ...on, uid: 'late', runs: 1, waits: 4, skipped: 1 },
      { ...none, uid: 'off', name: 'heartbeat', active: false },
    ]);
  });

  it('names the busiest minutes, the busiest first, and none in which only one cron starts', () => {
    const { busiest } = foreseen(
      [
        { uid: 'a', periodicity: '0,20,40 * * * *' },
        { uid: 'b', periodicity: '0,20 * * * *' },
        { uid: 'c', periodicity: '20 * * * *' },
      ],
      HOUR,
    );
    expect(busiest).toEqual([
      { at: NOON + 20 * MINUTE, uids: ['a', 'b', 'c'] },
      { at: NOON, uids: ['a', 'b'] },
    ]);
  });

  it('names at most five of them, and counts a cron that starts twice in one as one', () => {
    const slow = { periodicity: '* * * * *', overlap: 'buffer', duration: 61_000 } as const;
    const { busiest } = foreseen(
      [
        { uid: 'a', ...slow },
        { uid: 'b', ...slow },
      ],
      HOUR,
    );
    expect(busiest).toHaveLength(5);
    expect(busiest.every(({ uids }) => uids.length === 2)).toBe(true);
    const alone = foreseen([{ periodicity: '* * * * *', overlap: 'buffer', duration: 61_000 }], HOUR);
    expect(alone.busiest).toEqual([]);
  });

  it('tells what changes of clocks do to crons that are on, earliest first', () => {
    const night = { periodicity: '30 2 * * *' };
    const { surprises } = foreseen(
      [
        { ...night, uid: 'paris', timezone: 'Europe/Paris' },
        { ...night, uid: 'york', timezone: 'America/New_York' },
        { ...night, uid: 'off', timezone: 'Europe/Paris', activated: false },
      ],
      60 * DAY,
    );
    expect(surprises.map(({ uid }) => uid)).toEqual(['york', 'paris']);
  });

  it('of a crontab that is off has no runs', () => {
    const { runs, totals, surprises } = foreseen([{}], DAY, { ...CRONTAB_DEFAULTS, activated: false });
    expect({ runs, surprises }).toEqual({ runs: [], surprises: [] });
    expect(totals).toMatchObject([{ active: false, runs: 0 }]);
  });

  it.each([
    [
      'an empty period',
      0,
      'The period ends at 2026-03-02T12:00:00Z, but begins at 2026-03-02T12:00:00Z: let it end later.',
    ],
    ['a very long one', 3661 * DAY, 'The period is longer than 10 years: choose a shorter one.'],
    [
      'one with too many runs, of all crons together',
      HOUR,
      'From 2026-03-02T12:00:00Z to 2026-03-02T13:00:00Z more than 100 runs are planned: choose a shorter period.',
    ],
  ])('refuses %s', (_, length, message) => {
    const crons = [
      { uid: 'a', periodicity: '* * * * *' },
      { uid: 'b', periodicity: '* * * * *' },
    ];
    expect(() => foreseen(crons, length, CRONTAB_DEFAULTS, 100)).toThrow(new PeriodError(message));
  });

  it('takes as many runs as it says', () => {
    expect(foreseen([{ periodicity: '* * * * *' }], HOUR, CRONTAB_DEFAULTS, 60).runs).toHaveLength(60);
  });
});

describe('two forecasts', () => {
  it('differ in the times that come, go, or end otherwise', () => {
    const before = foreseen([{ uid: 'a' }, { uid: 'slow', periodicity: '*/30 * * * *' }, { uid: 'same' }]);
    const after = foreseen([
      { uid: 'a', periodicity: '30 * * * *' },
      { uid: 'slow', periodicity: '*/30 * * * *', duration: 40 * MINUTE, timeout: 8700 },
      { uid: 'same' },
    ]);
    const told = compare(before, after).map(
      ({ kind, run: { cron, at, fate } }) => `${(at - NOON) / MINUTE} ${cron.uid} ${kind} ${fate}`,
    );
    expect(told).toEqual([
      '0 a removed runs',
      '30 a added runs',
      '30 slow changed skipped',
      '60 a removed runs',
      '90 a added runs',
      '90 slow changed skipped',
    ]);
  });

  it('of the same crons do not differ', () => {
    const slow = { periodicity: '* * * * *', duration: 90_000 };
    expect(compare(foreseen([slow]), foreseen([slow]))).toEqual([]);
  });

  it('differ when a wait becomes longer', () => {
    const slow = { periodicity: '* * * * *', overlap: 'buffer' } as const;
    const two = [70_000, 80_000].map((duration) => foreseen([{ ...slow, duration }], 2 * MINUTE));
    const [before, after] = two as [ReturnType<typeof foreseen>, ReturnType<typeof foreseen>];
    expect(compare(before, after)).toMatchObject([{ kind: 'changed', run: { starts: NOON + 80_000 } }]);
  });
});

describe('how long runs usually take', () => {
  const log = (seconds?: number) => ({
    id: 'x',
    at: NOON,
    date: NOON + (seconds ?? 0) * 1000,
    ...(seconds === undefined ? {} : { started: NOON }),
    status: 'OK' as const,
    messages: [],
  });

  it.each([
    ['nothing', [], undefined],
    ['one that did not run', [undefined], undefined],
    ['one', [5], 5000],
    ['an odd number', [1, 100, 3], 3000],
    ['an even number', [1, 100, 3, 5], 4000],
    ['some that did not run', [undefined, 2, undefined], 2000],
    ['one whose clock went back', [-5], 0],
  ])('is the median of %s', (_, seconds, expected) => {
    expect(usualDuration(seconds.map(log))).toBe(expected);
  });
});
