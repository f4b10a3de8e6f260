import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { plannedRuns, reasonOf } from '../../../lib/core/forecast/cron-forecast.ts';
import { cronOf, HOUR, MINUTE, NOON } from '../../support/jobs.ts';

const EVERY_MINUTE = { periodicity: '* * * * *' };

/** The forecast of each minute from noon on. */
function minutes(fields: Partial<CronFields>, duration: number | undefined, count: number) {
  const cron = cronOf({ ...EVERY_MINUTE, ...fields });
  const subject = duration === undefined ? { cron } : { cron, duration };
  return [...plannedRuns(subject, CRONTAB_DEFAULTS, { from: NOON, to: NOON + count * MINUTE })];
}

const fates = (...args: Parameters<typeof minutes>) => minutes(...args).map(({ fate }) => fate);

describe('plannedRuns', () => {
  it('plannedRuns includes the first instant of the period and excludes its end', () => {
    const cron = cronOf();
    const period = { from: NOON, to: NOON + 2 * HOUR };
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, period)]).toEqual([
      { cron, plannedAt: NOON, fate: 'runs', starts: NOON },
      { cron, plannedAt: NOON + HOUR, fate: 'runs', starts: NOON + HOUR },
    ]);
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, { from: NOON + 1, to: NOON + HOUR })]).toEqual([]);
  });

  it('plannedRuns ends when the schedule has no further time', () => {
    const cron = cronOf({ periodicity: '0 0 29 2 *' });
    const farthest = { from: 8.64e15 - 500 * 24 * HOUR, to: 8.64e15 };
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, farthest)].length).toBeLessThan(2);
  });

  it.each([
    ['the cron', cronOf({ activated: false }), CRONTAB_DEFAULTS],
    ['the crontab', cronOf(), { ...CRONTAB_DEFAULTS, activated: false }],
  ])('plannedRuns is empty when %s is off', (_, cron, settings) => {
    expect([...plannedRuns({ cron }, settings, { from: NOON, to: NOON + HOUR })]).toEqual([]);
  });

  it('A cron without a time zone uses that of its crontab', () => {
    const cron = cronOf({ periodicity: '0 9 * * *' });
    const settings = { ...CRONTAB_DEFAULTS, timezone: 'Asia/Tokyo' };
    const [run] = plannedRuns({ cron }, settings, { from: NOON, to: NOON + 24 * HOUR });
    expect(run?.plannedAt).toBe(Date.parse('2026-03-03T00:00:00Z'));
  });
});

describe('plannedRuns with runs that outlast their interval', () => {
  it('The policy "skip" skips times during a run in progress', () => {
    expect(fates({}, 90_000, 4)).toEqual(['runs', 'skipped', 'runs', 'skipped']);
  });

  it('A time at which the previous run ends is not skipped', () => {
    expect(fates({}, 60_000, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('The policy "allow" lets runs overlap', () => {
    expect(fates({ overlap: 'allow' }, 90_000, 3)).toEqual(['runs', 'overlaps', 'overlaps']);
  });

  it('The policy "allow" lets five runs overlap', () => {
    expect(fates({ overlap: 'allow', timeout: 600 }, 330_000, 7)).toEqual([
      'runs',
      ...Array(4).fill('overlaps'),
      'skipped',
      'overlaps',
    ]);
    const sixth = minutes({ overlap: 'allow', timeout: 600 }, 330_000, 6)[5];
    expect(sixth && reasonOf(sixth)).toMatch(/still goes on, and as many others as are possible at once\.$/);
  });

  it('The policy "buffer" lets one time wait at once', () => {
    expect(
      minutes({ overlap: 'buffer' }, 150_000, 6).map(({ plannedAt, fate, starts }) => [
        (plannedAt - NOON) / 1000,
        fate,
        starts === undefined ? undefined : (starts - NOON) / 1000,
      ]),
    ).toEqual([
      [0, 'runs', 0],
      [60, 'waits', 150],
      [120, 'skipped', undefined],
      [180, 'waits', 300],
      [240, 'skipped', undefined],
      [300, 'waits', 450],
    ]);
  });

  it('A buffered time that exceeds maxLateness is skipped and meanwhile keeps others from waiting', () => {
    const cron = { overlap: 'buffer', maxLateness: 60, timeout: 600 } as const;
    const skipped = Array(7).fill('skipped');
    // The first time that waits is given up after five minutes: then the time of the next claim waits.
    expect(fates(cron, 500_000, 10)).toEqual(['runs', ...skipped, 'waits', 'skipped']);
    expect(minutes(cron, 500_000, 3).map(({ behind }) => behind)).toEqual([
      undefined,
      undefined,
      NOON + MINUTE,
    ]);
  });

  it('A run ends at its timeout', () => {
    expect(fates({ timeout: 50 }, 300_000, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('Runs of unknown duration do not overlap', () => {
    expect(fates({}, undefined, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('Runs start in order and do not overlap, except under "allow"', () => {
    const overlap = fc.constantFrom('skip' as const, 'buffer' as const);
    fc.assert(
      fc.property(overlap, fc.integer({ min: 0, max: 400 }), (policy, seconds) => {
        let free = 0;
        for (const { starts } of minutes({ overlap: policy, timeout: 870 }, seconds * 1000, 60)) {
          if (starts === undefined) continue;
          expect(starts).toBeGreaterThanOrEqual(free);
          free = starts + seconds * 1000;
        }
      }),
    );
  });
});

describe('reasonOf', () => {
  const reasons = (...args: Parameters<typeof minutes>) => minutes(...args).map(reasonOf);

  it('A reason names the run in progress, the run that waits, and the limit that applies', () => {
    const noon = 'The run of 2026-03-02T12:00:00Z still goes on';
    expect(reasons({}, 200_000, 2)[1]).toBe(`${noon}; overlap is "skip".`);
    expect(reasons({ overlap: 'buffer', maxLateness: 60, timeout: 600 }, 500_000, 2)[1]).toBe(
      `${noon} until this one is older than maxLateness (60 s).`,
    );
    expect(reasons({ overlap: 'buffer' }, 200_000, 3)[2]).toBe(
      `${noon}, and that of 2026-03-02T12:01:00Z waits; overlap is "buffer", which keeps one.`,
    );
  });

  it.each([
    ['skip', {}, '"skip"'],
    ['allow', {}, '"allow"'],
    ['buffer', {}, '"buffer"'],
    ['buffer', { maxLateness: 60, timeout: 600 }, 'maxLateness (60 s)'],
  ] as const)('The reason under "%s" with %j names the run in progress and %s', (overlap, fields, limit) => {
    const [first, second] = reasons({ overlap, ...fields }, 500_000, 2);
    expect(first).toBeUndefined();
    expect(second).toContain(iso(NOON));
    expect(second).toContain(limit);
  });

  it('The reason of a time behind another one names both, and no other reason does', () => {
    const [, second, third] = reasons({ overlap: 'buffer' }, 200_000, 3);
    expect(second).not.toContain(iso(NOON + MINUTE));
    expect(third).toContain(iso(NOON));
    expect(third).toContain(iso(NOON + MINUTE));
  });
});
