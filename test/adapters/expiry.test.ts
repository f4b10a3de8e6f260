import { expect, it } from 'vitest';
import { jobExpiry, projectionExpiry, recordExpiry } from '../../lib/adapters/expiry.ts';
import { DAY, fullJob, jobOf, MINUTE, NOW, recordOf } from '../contracts/store-subjects.ts';

it('A closed job expires a day after its last lease, and an open job never', () => {
  expect(jobExpiry(fullJob('a', 'one'))).toBeUndefined();
  expect(jobExpiry({ ...fullJob('a', 'one'), closedAt: NOW })).toBe(NOW + 9 * MINUTE + DAY);
  expect(jobExpiry({ ...fullJob('a', 'one'), closedAt: NOW + DAY })).toBe(NOW + 2 * DAY);
  expect(jobExpiry(jobOf('a', 'one', { closedAt: NOW }))).toBe(NOW + DAY);
});

it('A removal expires after 90 days, and a present projection never', () => {
  expect(projectionExpiry({})).toBeUndefined();
  expect(projectionExpiry({ removedAt: NOW })).toBe(NOW + 90 * DAY);
});

it.each([
  [0, undefined, 0],
  [400, undefined, 400],
  [90, 10, 90],
  [90, 100, 100],
  [0, 5_000, 3_650],
])(
  'With a retention of %s days, a record that is kept for %s days expires after %s',
  (retention, kept, days) => {
    const keepUntil = kept === undefined ? {} : { keepUntil: NOW + kept * DAY };
    expect(recordExpiry(recordOf(NOW, { endedAt: NOW, ...keepUntil }), retention)).toBe(NOW + days * DAY);
  },
);
