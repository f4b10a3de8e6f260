/** A few hundred short lives of a crontab; `npm run simulate` plays longer ones. */
import { describe, expect, it } from 'vitest';
import { simulateSeeds } from './seeds.ts';
import { system } from './system.ts';
import { tellViolation } from './tell.ts';

describe('the simulation', () => {
  it.each([
    ['a day of a small crontab', { seed: 10_001, seeds: 150, days: 1, crons: 3 }],
    ['four hours of a large one', { seed: 20_001, seeds: 60, days: 0.34, crons: 20 }],
    ['four days of a few crons', { seed: 30_001, seeds: 15, days: 4, crons: 4 }],
  ])('finds no invariant violated in %s', { timeout: 60_000 }, async (_, options) => {
    const { failed, counts } = await simulateSeeds({ ...options, system });
    for (const { seed } of failed) expect.fail(await tellViolation({ ...options, seed, system }));
    expect(counts.get('runs')).toBeGreaterThan(100);
    expect(counts.get('quiet checks')).toBeGreaterThan(100);
  });

  it('plays the same story for the same seed, to the byte', async () => {
    const play = () => simulateSeeds({ seed: 7, seeds: 3, days: 1, crons: 4, system });
    expect(await play()).toEqual(await play());
  });
});
