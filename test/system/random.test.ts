import { expect, test } from 'vitest';
import { UID } from '../../lib/domain/names.ts';
import { systemRandom } from '../../lib/system/random.ts';

test('ids are fit for a uid, and each is new', () => {
  const ids = Array.from({ length: 100 }, () => systemRandom.id());
  for (const id of ids) expect(id).toMatch(UID);
  expect(new Set(ids).size).toBe(100);
});
