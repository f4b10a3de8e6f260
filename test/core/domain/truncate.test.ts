import { expect, it } from 'vitest';
import { truncate } from '../../../lib/core/domain/truncate.ts';

it.each([
  ['', ''],
  ['12345', '12345'],
  ['123456', '1234…'],
])('truncate shortens "%s" to five characters', (text, truncated) => {
  expect(truncate(text, 5)).toBe(truncated);
});
