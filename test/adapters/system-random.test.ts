import { expect, test } from 'vitest';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { UID } from '../../lib/core/domain/names.ts';

test('Each id of systemRandom is unique and is a valid uid', () => {
  const ids = Array.from({ length: 100 }, () => systemRandom.id());
  for (const id of ids) expect(id).toMatch(UID);
  expect(new Set(ids).size).toBe(100);
});
