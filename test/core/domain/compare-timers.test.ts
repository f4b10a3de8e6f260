import { expect, it } from 'vitest';
import { compareTimers, DELIVERY_TIME } from '../../../lib/core/domain/compare-timers.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';

const timer = (uid: string, plannedAt: number) => ({ site: 'default', uid, plannedAt });
const FUTURE = timer('a', NOON + HOUR);
const OTHER_TIME = timer('a', NOON + 2 * HOUR);
const OTHER_CRON = timer('b', NOON + HOUR);
const DELIVERED = timer('a', NOON - 30 * MINUTE);
const OLDEST_DELIVERED = timer('a', NOON - DELIVERY_TIME);
const OUTDATED = timer('a', NOON - DELIVERY_TIME - 1);

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
