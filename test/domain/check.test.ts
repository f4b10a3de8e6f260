import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { described, descriptionOf } from '../../lib/domain/check.ts';

it('a schema has the description that it was given, and none otherwise', () => {
  const schema = z.string();
  expect(descriptionOf(described(schema, 'Whom to greet.'))).toBe('Whom to greet.');
  expect(descriptionOf(schema)).toBe('');
});
