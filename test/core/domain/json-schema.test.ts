import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { jsonSchemaOf, withNullableFields } from '../../../lib/core/domain/json-schema.ts';
import { field } from '../../../lib/core/domain/validate.ts';

const schema = z.strictObject({
  name: field(z.string(), 'a name', 'Name it.'),
  size: field(z._default(z.int(), 3), 'a size', 'Choose one.'),
  environ: field(z.custom<object>(), 'a JSON object', 'Write an object.'),
});

describe('jsonSchemaOf', () => {
  it('jsonSchemaOf describes each field, and a field that code validates as an object', () => {
    expect(jsonSchemaOf(schema, 'input')).toMatchObject({
      properties: {
        name: { type: 'string', description: 'a name' },
        size: { default: 3, description: 'a size' },
        environ: { type: 'object', description: 'a JSON object' },
      },
      required: ['name', 'environ'],
      additionalProperties: false,
    });
  });
});

describe('withNullableFields', () => {
  it('Every field may be absent or null, and has no default', () => {
    const nullable = withNullableFields(schema);
    expect(nullable.parse({})).toEqual({});
    expect(nullable.parse({ name: null, size: null })).toEqual({ name: null, size: null });
    expect(nullable.safeParse({ size: 'large' }).success).toBe(false);
  });

  it('A required field keeps its type', () => {
    const nullable = withNullableFields(schema, ['name']);
    expect(nullable.safeParse({}).success).toBe(false);
    expect(nullable.safeParse({ name: null }).success).toBe(false);
    expect(nullable.safeParse({ name: 'a' }).success).toBe(true);
  });

  it('A nullable field keeps its description', () => {
    const { properties } = jsonSchemaOf(withNullableFields(schema), 'input');
    expect(properties).toMatchObject({ name: { description: 'a name' }, size: { description: 'a size' } });
  });
});
