// cspell:ignore sise
import { describe, expect, it, test } from 'vitest';
import * as z from 'zod/mini';
import { kindOf } from '../../../lib/core/domain/json-text.ts';
import {
  descriptionOf,
  field,
  optional,
  validate,
  withDescription,
} from '../../../lib/core/domain/validate.ts';

const SCHEMA = z.strictObject({
  size: field(z.int(), 'a whole number', 'Write digits.'),
  color: z.optional(z.string()),
});

describe('validate', () => {
  test.each([
    [{ size: 'x' }, { where: 'size', got: '"x"', wanted: 'a whole number', fix: 'Write digits.' }],
    [
      { size: 1, sise: 2 },
      {
        where: 'sise',
        got: 'an unknown key',
        wanted: 'one of size, color',
        fix: 'Did you mean "size"?',
      },
    ],
    [
      [],
      { where: 'value', got: kindOf([]), wanted: 'a JSON object', fix: 'Write an object with size, color.' },
    ],
  ])('validate reports the problem of %j', (value, problem) => {
    expect(validate(SCHEMA, value)).toEqual({ problems: [problem] });
  });

  it('A field that is null counts as absent, and an unknown key is reported even when it is null', () => {
    expect(validate(SCHEMA, { size: 1, color: null })).toEqual({ value: { size: 1 }, problems: [] });
    expect(validate(SCHEMA, { size: null, sise: null }).problems).toMatchObject([
      { where: 'size', got: 'null' },
      { where: 'sise', got: 'an unknown key' },
    ]);
  });

  it('An optional field reports the same problem as the field that it is made of', () => {
    const schema = z.strictObject({ size: optional(SCHEMA.shape.size) });
    expect(validate(schema, {}).problems).toEqual([]);
    expect(validate(schema, { size: 'x' })).toEqual(validate(SCHEMA, { size: 'x' }));
  });

  it('An unknown key that resembles no field gets another instruction', () => {
    const { problems } = validate(SCHEMA, { size: 1, weight: 2 });
    expect(problems).toMatchObject([
      { where: 'weight', fix: 'Remove it, or put it into "environ" if it is for the runner.' },
    ]);
  });

  it('A schema has the description that it was given, and an empty one otherwise', () => {
    const schema = z.string();
    expect(descriptionOf(withDescription(schema, 'Whom to greet.'))).toBe('Whom to greet.');
    expect(descriptionOf(schema)).toBe('');
  });
});
