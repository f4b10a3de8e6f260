import { describe, expect, it } from 'vitest';
import { compareTimers, isArmedFor, isSurplus } from '../../../lib/core/domain/compare-timers.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { armedAt, cronOf, HOUR, MINUTE, NOON } from '../../support/jobs.ts';

const timer = (uid: string, plannedAt: number) => ({ site: 'default', uid, plannedAt });
const FUTURE = timer('a', NOON + HOUR);
const OTHER_TIME = timer('a', NOON + 2 * HOUR);
const OTHER_CRON = timer('b', NOON + HOUR);
const DELIVERED = timer('a', NOON - 30 * MINUTE);
const OLDEST_DELIVERED = timer('a', NOON - HOUR);
const OUTDATED = timer('a', NOON - HOUR - 1);

it.each([
  ['an armed timer that exists as no difference', [FUTURE], [FUTURE], { lost: [], surplus: [] }],
  ['a missing armed timer as lost', [], [FUTURE], { lost: [FUTURE], surplus: [] }],
  [
    'a missing armed timer whose time has come as no difference',
    [],
    [timer('a', NOON)],
    { lost: [], surplus: [] },
  ],
  ['an unarmed timer as surplus', [FUTURE], [], { lost: [], surplus: [FUTURE] }],
  ['a timer for another time as surplus', [OTHER_TIME], [FUTURE], { lost: [FUTURE], surplus: [OTHER_TIME] }],
  ['a timer of another cron as surplus', [OTHER_CRON], [FUTURE], { lost: [FUTURE], surplus: [OTHER_CRON] }],
  ['a timer that is due now as no difference', [timer('a', NOON)], [], { lost: [], surplus: [] }],
  [
    'a timer that is being delivered as no difference',
    [DELIVERED, OLDEST_DELIVERED],
    [],
    { lost: [], surplus: [] },
  ],
  ['a timer that outlived its delivery as surplus', [OUTDATED], [], { lost: [], surplus: [OUTDATED] }],
])('compareTimers counts %s', (_, existing, armed, differences) => {
  expect(compareTimers(existing, armed, NOON)).toEqual(differences);
});

describe('confirmation of a difference by a read', () => {
  const cron = { value: cronOf().fields() };
  const job = armedAt(NOON + HOUR, cronOf());

  it('A job counts on the timer of its armed time alone', () => {
    expect(isArmedFor({ job }, FUTURE)).toBe(true);
    expect(isArmedFor({ job }, OTHER_TIME)).toBe(false);
    expect(isArmedFor({}, FUTURE)).toBe(false);
  });

  it.each([
    ['the armed time is not surplus', { cron, job }, FUTURE, false],
    ['another time is surplus', { cron, job }, OTHER_TIME, true],
    ['the next time of the cron is not surplus, as a run arms it before its claim', { cron }, FUTURE, false],
    ['a removed cron is surplus', { cron: { ...cron, removedAt: NOON } }, FUTURE, true],
    ['a cron that was never valid is surplus', { cron: {} }, FUTURE, true],
    ['a cron without a projection is surplus', {}, FUTURE, true],
    [
      'a cron of a crontab that is off is surplus',
      { cron, crontab: { value: { ...CRONTAB_DEFAULTS, activated: false } } },
      FUTURE,
      true,
    ],
  ])('A timer for %s', (_, state, one, surplus) => {
    expect(isSurplus(state, one, NOON)).toBe(surplus);
  });
});
