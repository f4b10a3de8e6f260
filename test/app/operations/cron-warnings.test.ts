import { expect, it } from 'vitest';
import { policyWarnings } from '../../../lib/app/operations/cron-warnings.ts';

it('A maxLateness below the grace is warned about, because it counts as the grace', () => {
  expect(policyWarnings({ maxLateness: 299 })).toEqual([
    'maxLateness of 4 min 59 s counts as 5 min: a start within 5 min is always on time.',
  ]);
  expect(policyWarnings({ maxLateness: 60 })).toHaveLength(1);
  expect(policyWarnings({ maxLateness: 300 })).toEqual([]);
});
