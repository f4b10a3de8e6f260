/** The settings of a runner as JSON Schema, for the catalogue, and back. What `wanted` checks is left to the runner itself. */
import type { Json, JsonObject } from '../core/domain/cron.ts';
import { ConfigurationError } from '../core/domain/errors.ts';
import { isJsonObject } from '../core/domain/json-object.ts';
import type { EnvironField, EnvironFields, FieldType } from '../core/domain/runner-description.ts';

const SCHEMAS: Readonly<Record<FieldType, JsonObject>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  object: { type: 'object' },
  list: { type: 'array' },
};
const REFERENCE = { $ref: '#/$defs/secret' };
const SECRET = {
  type: 'object',
  description: 'A reference to a secret, in place of a string.',
  properties: { $secret: { type: 'string' } },
  required: ['$secret'],
  additionalProperties: false,
};

/** The JSON Schema. Throws ConfigurationError if a setting is not described as one, which JavaScript does not check. */
export function settingsSchema(fields: EnvironFields): JsonObject {
  if (!isJsonObject(fields)) {
    throw new ConfigurationError('static environ: got no object, wanted the settings by name. Correct it.');
  }
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(name, field)])),
    required: entries.filter(([, field]) => field.required).map(([name]) => name),
    additionalProperties: false,
    $defs: { secret: SECRET },
  };
}

function fieldSchema(name: string, field: EnvironField): JsonObject {
  const types = typeof field?.type === 'string' ? [field.type] : field?.type;
  const isDescribed = typeof field?.meaning === 'string' && field.example !== undefined;
  if (!isDescribed || !Array.isArray(types) || !types.every((type) => Object.hasOwn(SCHEMAS, type))) {
    throw new ConfigurationError(
      `static environ: got a setting "${name}" without a valid type, meaning and example, wanted all three. Complete it.`,
    );
  }
  const { values } = field;
  if (
    values !== undefined &&
    !(Array.isArray(values) && values.every((value) => typeof value === 'string'))
  ) {
    throw new ConfigurationError(
      `static environ: got a setting "${name}" with values that are not a list of texts. Correct them.`,
    );
  }
  const schemas = types.map((type: FieldType): JsonObject => {
    return type === 'string' && values ? { ...SCHEMAS.string, enum: values } : SCHEMAS[type];
  });
  return {
    anyOf: types.includes('string') ? [...schemas, REFERENCE] : schemas,
    description: field.meaning,
    // A copy, as JSON: the example may be anything in JavaScript.
    examples: [JSON.parse(JSON.stringify(field.example))],
  };
}

/** The settings that such a schema describes; none for a schema of another form. */
export function schemaSettings({ properties, required }: JsonObject): EnvironFields {
  const names: readonly Json[] = Array.isArray(required) ? required : [];
  const fields = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, schema]) => {
    const { anyOf, description, examples } = (isJsonObject(schema) ? schema : {}) as FieldSchema;
    const types = (Object.keys(SCHEMAS) as FieldType[]).filter((type) =>
      anyOf?.some((one) => one.type === SCHEMAS[type].type),
    );
    const values = anyOf?.find((one) => one.enum)?.enum;
    const field: EnvironField = {
      type: types.length === 1 ? (types[0] as FieldType) : types,
      ...(names.includes(name) && { required: true }),
      meaning: description ?? '',
      example: examples?.[0] ?? null,
      ...(values && { values }),
    };
    return [name, field] as const;
  });
  return Object.fromEntries(fields);
}

interface FieldSchema {
  readonly anyOf?: readonly { readonly type?: string; readonly enum?: readonly string[] }[];
  readonly description?: string;
  readonly examples?: readonly Json[];
}
