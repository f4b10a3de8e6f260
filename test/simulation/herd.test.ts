/** A small herd under small quotas; `npm run simulate -- --herd 100000` simulates large ones under those of AWS. */
import { describe, expect, it } from 'vitest';
import { simulateHerd } from './herd.ts';
import { system } from './system.ts';

describe('a herd', () => {
  it.each([
    ['CreateSchedule', { createSchedule: 5, invocations: 100, concurrency: 100 }],
    ['invocations', { createSchedule: 100, invocations: 5, concurrency: 100 }],
    ['concurrency', { createSchedule: 100, invocations: 100, concurrency: 2 }],
  ])('Every cron of a herd starts once and on time under a small quota of %s', async (_, quotas) => {
    const result = await simulateHerd({ system, crons: 300, sites: 3, quotas });
    expect(result).toMatchObject({ lost: 0, doubled: 0, withoutTimer: 0, withoutRecord: 0 });
    expect(result.lastStart).toBeLessThanOrEqual(result.allowed);
  });
});
