import { expect, it } from 'vitest';
import { dueTimes } from '../../../lib/core/domain/timing.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';

it('The due times of a long schedule that ends are its latest ones', () => {
  const last = NOON + 2_500 * MINUTE;
  const next = (time: number) => (time < last ? Math.max(NOON, time + MINUTE) : undefined);
  const { times, uncountedFrom } = dueTimes({ armedAt: NOON }, NOON + 10_000 * MINUTE, next);
  expect(uncountedFrom).toBe(NOON);
  expect(times.at(-1)).toBe(last);
  expect(times.length).toBeGreaterThan(500);
});
