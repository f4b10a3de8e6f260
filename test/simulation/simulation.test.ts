/** A few hundred short lives of a crontab; `npm run simulate` plays longer ones. */
import { describe, expect, it } from 'vitest';
import { simulateSeeds } from './seeds.ts';
import { system } from './system.ts';
import { tellViolation } from './tell.ts';

describe('the simulation', () => {
  it.each([
    ['some hours of a small crontab', { seed: 10_001, seeds: 170, days: 0.35, crons: 3 }],
    ['some hours of a large one', { seed: 20_001, seeds: 10, days: 0.35, crons: 20 }],
    ['a day', { seed: 30_001, seeds: 20, days: 1, crons: 4 }],
    ['four days', { seed: 40_001, seeds: 4, days: 4, crons: 4 }],
  ])('finds no invariant violated in %s', { timeout: 60_000 }, async (_, options) => {
    const { failed, counts } = await simulateSeeds({ ...options, system });
    for (const { seed } of failed) expect.fail(await tellViolation({ ...options, seed, system }));
    expect(counts.get('runs')).toBeGreaterThan(50);
    expect(counts.get('quiet checks')).toBeGreaterThan(50);
  });

  it('plays the same story for the same seed, to the byte', async () => {
    const play = () => simulateSeeds({ seed: 7, seeds: 3, days: 1, crons: 4, system });
    expect(await play()).toEqual(await play());
  });
});
