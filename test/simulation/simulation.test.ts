/** Simulates a few short times of a crontab; `npm run simulate` simulates longer ones. */
import { describe, expect, it } from 'vitest';
import { reportViolation } from './report-violation.ts';
import { simulateSeeds } from './simulate-seeds.ts';
import { system } from './system.ts';

describe('the simulation', () => {
  it.each([
    ['some hours of 3 crons', { seed: 10_001, seeds: 20, days: 0.35, crons: 3 }],
    ['some hours of 20 crons', { seed: 20_001, seeds: 2, days: 0.35, crons: 20 }],
    ['one day of 4 crons', { seed: 30_001, seeds: 4, days: 1, crons: 4 }],
    ['four days of 4 crons', { seed: 40_001, seeds: 1, days: 4, crons: 4 }],
  ])('The simulation violates no invariant in %s', { timeout: 60_000 }, async (_, options) => {
    const { failed, counts } = await simulateSeeds({ ...options, system });
    for (const { seed } of failed) expect.fail(await reportViolation({ ...options, seed, system }));
    expect(counts.get('runs')).toBeGreaterThan(50);
    expect(counts.get('convergence checks')).toBeGreaterThan(50);
  });

  it('The simulation of a seed is deterministic', async () => {
    const simulateThreeSeeds = () => simulateSeeds({ seed: 7, seeds: 3, days: 1, crons: 4, system });
    expect(await simulateThreeSeeds()).toEqual(await simulateThreeSeeds());
  });
});
