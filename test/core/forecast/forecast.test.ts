import { describe, expect, it } from 'vitest';
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { PeriodError } from '../../../lib/core/domain/errors.ts';
import { compare } from '../../../lib/core/forecast/compare.ts';
import { forecast } from '../../../lib/core/forecast/forecast.ts';
import { cronOf, HOUR, MINUTE, NOON } from '../../support/jobs.ts';

const DAY = 24 * HOUR;

interface CronInput extends Partial<CronFields> {
  readonly duration?: number;
}

function forecastOf(
  crons: readonly CronInput[],
  length = 2 * HOUR,
  settings = CRONTAB_DEFAULTS,
  most?: number,
) {
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

describe('forecast', () => {
  it('A forecast sorts the runs of all crons by time, and then by the order of the crons', () => {
    const { runs } = forecastOf([{ uid: 'b' }, { uid: 'a', periodicity: '*/30 * * * *' }]);
    expect(runs.map(({ cron, plannedAt }) => `${cron.uid} ${(plannedAt - NOON) / MINUTE}`)).toEqual([
      'b 0',
      'a 0',
      'a 30',
      'b 60',
      'a 60',
      'a 90',
    ]);
  });

  it('A forecast counts runs, overlaps, waits and skips of each cron', () => {
    const { totals } = forecastOf(
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

  it('A forecast lists the minutes in which several crons start, the busiest first', () => {
    const { busiest } = forecastOf(
      [
        { uid: 'a', periodicity: '0,20,40 * * * *' },
        { uid: 'b', periodicity: '0,20 * * * *' },
        { uid: 'c', periodicity: '20 * * * *' },
      ],
      HOUR,
    );
    expect(busiest).toEqual([
      { time: NOON + 20 * MINUTE, uids: ['a', 'b', 'c'] },
      { time: NOON, uids: ['a', 'b'] },
    ]);
  });

  it('A forecast lists at most five busy minutes and counts a cron once per minute', () => {
    const slow = { periodicity: '* * * * *', overlap: 'buffer', duration: 61_000 } as const;
    const { busiest } = forecastOf(
      [
        { uid: 'a', ...slow },
        { uid: 'b', ...slow },
      ],
      HOUR,
    );
    expect(busiest).toHaveLength(5);
    expect(busiest.every(({ uids }) => uids.length === 2)).toBe(true);
    const alone = forecastOf([{ periodicity: '* * * * *', overlap: 'buffer', duration: 61_000 }], HOUR);
    expect(alone.busiest).toEqual([]);
  });

  it('A forecast describes the clock changes that affect active crons, earliest first', () => {
    const night = { periodicity: '30 2 * * *' };
    const { surprises } = forecastOf(
      [
        { ...night, uid: 'paris', timezone: 'Europe/Paris' },
        { ...night, uid: 'york', timezone: 'America/New_York' },
        { ...night, uid: 'off', timezone: 'Europe/Paris', activated: false },
      ],
      60 * DAY,
    );
    expect(surprises.map(({ uid }) => uid)).toEqual(['york', 'paris']);
  });

  it('The forecast of a crontab that is off has no runs', () => {
    const { runs, totals, surprises } = forecastOf([{}], DAY, { ...CRONTAB_DEFAULTS, activated: false });
    expect({ runs, surprises }).toEqual({ runs: [], surprises: [] });
    expect(totals).toMatchObject([{ active: false, runs: 0 }]);
  });

  it.each([
    [
      'an empty period',
      0,
      'The period ends at 2026-03-02T12:00:00Z, but begins at 2026-03-02T12:00:00Z: let it end later.',
    ],
    [
      'a period of more than ten years',
      3661 * DAY,
      'The period is longer than 10 years: choose a shorter one.',
    ],
    [
      'a period in which all crons together have too many runs',
      HOUR,
      'From 2026-03-02T12:00:00Z to 2026-03-02T13:00:00Z more than 100 runs are planned: choose a shorter period.',
    ],
  ])('forecast rejects %s', (_, length, message) => {
    const crons = [
      { uid: 'a', periodicity: '* * * * *' },
      { uid: 'b', periodicity: '* * * * *' },
    ];
    expect(() => forecastOf(crons, length, CRONTAB_DEFAULTS, 100)).toThrow(new PeriodError(message));
  });

  it('A forecast has as many runs as its limit allows', () => {
    expect(forecastOf([{ periodicity: '* * * * *' }], HOUR, CRONTAB_DEFAULTS, 60).runs).toHaveLength(60);
  });
});

describe('compare', () => {
  it('compare reports times that are added, removed or changed', () => {
    const before = forecastOf([{ uid: 'a' }, { uid: 'slow', periodicity: '*/30 * * * *' }, { uid: 'same' }]);
    const after = forecastOf([
      { uid: 'a', periodicity: '30 * * * *' },
      { uid: 'slow', periodicity: '*/30 * * * *', duration: 40 * MINUTE, timeout: 8700 },
      { uid: 'same' },
    ]);
    const differences = compare(before, after).map(
      ({ kind, run: { cron, plannedAt, fate } }) =>
        `${(plannedAt - NOON) / MINUTE} ${cron.uid} ${kind} ${fate}`,
    );
    expect(differences).toEqual([
      '0 a removed runs',
      '30 a added runs',
      '30 slow changed skipped',
      '60 a removed runs',
      '90 a added runs',
      '90 slow changed skipped',
    ]);
  });

  it('compare reports nothing for two forecasts of the same crons', () => {
    const slow = { periodicity: '* * * * *', duration: 90_000 };
    expect(compare(forecastOf([slow]), forecastOf([slow]))).toEqual([]);
  });

  it('compare reports a longer wait as a change', () => {
    const slow = { periodicity: '* * * * *', overlap: 'buffer' } as const;
    const two = [70_000, 80_000].map((duration) => forecastOf([{ ...slow, duration }], 2 * MINUTE));
    const [before, after] = two as [ReturnType<typeof forecastOf>, ReturnType<typeof forecastOf>];
    expect(compare(before, after)).toMatchObject([{ kind: 'changed', run: { starts: NOON + 80_000 } }]);
  });
});
