import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CronFields } from '../../lib/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import { plannedRuns, reasonOf } from '../../lib/forecast/cron-forecast.ts';
import { cronOf, HOUR, MINUTE, NOON } from '../support/jobs.ts';

const EVERY_MINUTE = { periodicity: '* * * * *' };

/** What becomes of each minute from noon on. */
function minutes(fields: Partial<CronFields>, duration: number | undefined, count: number) {
  const cron = cronOf({ ...EVERY_MINUTE, ...fields });
  const subject = duration === undefined ? { cron } : { cron, duration };
  return [...plannedRuns(subject, CRONTAB_DEFAULTS, { from: NOON, to: NOON + count * MINUTE })];
}

const fates = (...args: Parameters<typeof minutes>) => minutes(...args).map(({ fate }) => fate);

describe('the planned times of a cron', () => {
  it('are those from the first instant of the period up to its end, which is not part of it', () => {
    const cron = cronOf();
    const period = { from: NOON, to: NOON + 2 * HOUR };
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, period)]).toEqual([
      { cron, at: NOON, fate: 'runs', starts: NOON },
      { cron, at: NOON + HOUR, fate: 'runs', starts: NOON + HOUR },
    ]);
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, { from: NOON + 1, to: NOON + HOUR })]).toEqual([]);
  });

  it('end where the periodicity ends', () => {
    const cron = cronOf({ periodicity: '0 0 29 2 *' });
    const farthest = { from: 8.64e15 - 500 * 24 * HOUR, to: 8.64e15 };
    expect([...plannedRuns({ cron }, CRONTAB_DEFAULTS, farthest)].length).toBeLessThan(2);
  });

  it.each([
    ['the cron', cronOf({ activated: false }), CRONTAB_DEFAULTS],
    ['the crontab', cronOf(), { ...CRONTAB_DEFAULTS, activated: false }],
  ])('are none when %s is switched off', (_, cron, settings) => {
    expect([...plannedRuns({ cron }, settings, { from: NOON, to: NOON + HOUR })]).toEqual([]);
  });

  it("follow the crontab's time zone when the cron has none", () => {
    const cron = cronOf({ periodicity: '0 9 * * *' });
    const settings = { ...CRONTAB_DEFAULTS, timezone: 'Asia/Tokyo' };
    const [run] = plannedRuns({ cron }, settings, { from: NOON, to: NOON + 24 * HOUR });
    expect(run?.at).toBe(Date.parse('2026-03-03T00:00:00Z'));
  });
});

describe('runs that take longer than the time between them', () => {
  it('are skipped under "skip" while one goes on', () => {
    expect(fates({}, 90_000, 4)).toEqual(['runs', 'skipped', 'runs', 'skipped']);
  });

  it('are not skipped when the last one ends at their very time', () => {
    expect(fates({}, 60_000, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('go on beside each other under "allow"', () => {
    expect(fates({ overlap: 'allow' }, 90_000, 3)).toEqual(['runs', 'overlaps', 'overlaps']);
  });

  it('wait under "buffer", one at a time', () => {
    expect(
      minutes({ overlap: 'buffer' }, 150_000, 6).map(({ at, fate, starts }) => [
        (at - NOON) / 1000,
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

  it('wait in vain when they are too old at their turn, and keep others from waiting meanwhile', () => {
    const cron = { overlap: 'buffer', maxLateness: 60 } as const;
    expect(fates(cron, 200_000, 5)).toEqual(['runs', 'skipped', 'skipped', 'skipped', 'runs']);
    expect(minutes(cron, 200_000, 3).map(({ behind }) => behind)).toEqual([
      undefined,
      undefined,
      NOON + MINUTE,
    ]);
  });

  it('end with their timeout', () => {
    expect(fates({ timeout: 50 }, 300_000, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('meet nobody when nobody knows how long they take', () => {
    expect(fates({}, undefined, 3)).toEqual(['runs', 'runs', 'runs']);
  });

  it('never go on beside each other, and start in order, unless that is allowed', () => {
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

describe('the reason of what does not simply run', () => {
  const reasons = (...args: Parameters<typeof minutes>) => minutes(...args).map(reasonOf);
  const noon = 'The run of 2026-03-02T12:00:00Z still goes on';

  it.each([
    ['skip', {}, `${noon}; overlap is "skip".`],
    ['allow', {}, `${noon}; overlap is "allow".`],
    ['buffer', {}, `${noon}; overlap is "buffer".`],
    ['buffer', { maxLateness: 60 }, `${noon} until this one is older than maxLateness (60 s).`],
  ] as const)('names the run in progress and the policy %s %j', (overlap, fields, reason) => {
    expect(reasons({ overlap, ...fields }, 200_000, 2)).toEqual([undefined, reason]);
  });

  it('names the one that waits already', () => {
    expect(reasons({ overlap: 'buffer' }, 200_000, 3).at(-1)).toBe(
      `${noon}, and that of 2026-03-02T12:01:00Z waits; overlap is "buffer", which keeps one.`,
    );
  });
});
