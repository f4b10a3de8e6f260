import { describe, expect, it, test } from 'vitest';
import * as z from 'zod/mini';
import { kindOf } from '../../../lib/core/domain/json-text.ts';
import { descriptionOf, field, validate, withDescription } from '../../../lib/core/domain/validate.ts';

const SCHEMA = z.strictObject({
  size: field(z.int(), 'a whole number', 'Write digits.'),
  color: z.optional(z.string()),
});

describe('check', () => {
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
  ])('check reports what is wrong with %j', (value, problem) => {
    expect(validate(SCHEMA, value)).toEqual({ problems: [problem] });
  });

  it('An unknown key that resembles no field gets another instruction', () => {
    const { problems } = validate(SCHEMA, { size: 1, weight: 2 });
    expect(problems).toMatchObject([
      { where: 'weight', fix: 'Take it away, or put it into "environ" if it is for the runner.' },
    ]);
  });

  it('A schema has the description that it was given, and an empty one otherwise', () => {
    const schema = z.string();
    expect(descriptionOf(withDescription(schema, 'Whom to greet.'))).toBe('Whom to greet.');
    expect(descriptionOf(schema)).toBe('');
  });
});
