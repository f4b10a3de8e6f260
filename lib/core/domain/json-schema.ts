/** JSON Schemas of what users write, for editors and for the description of the API. */
import * as z from 'zod/mini';
import { descriptionOf, withDescription } from './validate.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Its JSON Schema. A field that code checks, such as an environ, is described only as an object. */
export function jsonSchemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodMiniCustom) jsonSchema.type = 'object';
    },
  });
}

/**
 * The same fields; each one but those named may be absent, or null for its default. The default itself is left out:
 * editors would write it down.
 */
export function withNullableFields(
  schema: z.ZodMiniObject,
  required: readonly string[] = [],
): z.ZodMiniObject {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    if (required.includes(name)) return [name, field] as const;
    const type = field instanceof z.ZodMiniDefault ? field.def.innerType : field;
    return [name, withDescription(z.nullish(type), descriptionOf(field))] as const;
  });
  return z.strictObject(Object.fromEntries(fields));
}
