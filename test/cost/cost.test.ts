import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costs } from './scenarios.ts';
import { costTable, isWithin } from './table.ts';

const all = await costs();

describe('the cost of a deployment', () => {
  it.each(all.filter(({ budget }) => budget !== undefined).map((cost) => [cost.what, cost] as const))(
    'The price of %s is within its budget',
    (_, cost) => {
      expect(cost).toSatisfy(isWithin);
      // A price far below would mean that something is not counted.
      expect(cost.price).toBeGreaterThan((cost.budget ?? 0) / 2);
    },
  );

  it('The table in docs/cost.md is that of npm run cost', () => {
    expect(readFileSync('docs/cost.md', 'utf8')).toContain(costTable(all));
  });
});
