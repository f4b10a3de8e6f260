/**
 * The validation of a value by a schema: zod finds the problems, and this file describes them. Each field of a schema has
 * its own texts, so that no message depends on the wording of zod.
 */
import * as z from 'zod/mini';
import { MAX_KEYS } from './json-object.ts';
import { kindOf } from './json-text.ts';
import { didYouMean } from './nearest.ts';
import { formatValue, type Problem } from './problem.ts';

/** Adds the texts for the problems of a field: the values that it accepts, and the fix for any other value. */
export function field<Schema extends z.ZodMiniType>(schema: Schema, wanted: string, fix: string): Schema {
  const copy = withDescription(schema, wanted);
  texts.add(copy, { wanted, fix });
  return copy;
}

/** The field, made by `field`, with the same texts; it may be absent. */
export function optional<Schema extends z.ZodMiniType>(schema: Schema): z.ZodMiniOptional<Schema> {
  const { wanted, fix } = texts.get(schema) as Texts;
  return field(z.optional(schema), wanted, fix);
}

/** The same schema with more for its JSON Schema, which the schema itself does not check. */
export function described<Schema extends z.ZodMiniType>(
  schema: Schema,
  meta: { readonly format: string; readonly pattern?: string } | { readonly uniqueItems: true },
): Schema {
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, meta);
  return copy;
}

/** The same schema with a description, for readers of its JSON Schema. */
export function withDescription<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, { ...z.globalRegistry.get(schema), description });
  return copy;
}

/** The description of a schema; an empty text if it has none. */
export function descriptionOf(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? '';
}

/** A check of a schema: finds problems that have their own texts. */
export function refine<Value>(problemsOf: (value: Value) => readonly Problem[]) {
  return z.superRefine<Value>((value, context) => {
    for (const problem of problemsOf(value)) context.addIssue({ code: 'custom', params: { problem } });
  });
}

type Texts = Pick<Problem, 'wanted' | 'fix'>;

const texts = z.registry<Texts>();

export type Validated<Value> =
  | { readonly value: Value; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly Problem[] };

/** The value as the schema makes it, or all that is wrong with it. A field that is null counts as absent. */
export function validate<Shape extends z.core.$ZodShape>(
  schema: z.ZodMiniObject<Shape, z.core.$strict>,
  value: unknown,
): Validated<z.output<z.ZodMiniObject<Shape, z.core.$strict>>> {
  const result = schema.safeParse(withoutNulls(schema, value));
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema, value));
  // A value may break several rules of its field, which share their texts.
  return {
    problems: [...new Map(problems.map((one) => [`${one.where} ${one.got} ${one.fix}`, one])).values()],
  };
}

/** An unknown field is kept, so that its problem is found. */
function withoutNulls(schema: z.ZodMiniObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isDefault = (name: string, field: unknown) => field === null && Object.hasOwn(schema.shape, name);
  return Object.fromEntries(Object.entries(value).filter(([name, field]) => !isDefault(name, field)));
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodMiniObject, value: unknown): Problem[] {
  if (issue.code === 'custom' && issue.params) return [issue.params.problem as Problem];
  if (issue.code === 'unrecognized_keys') {
    const { length } = issue.keys;
    if (length <= MAX_KEYS) return issue.keys.map((key) => unknownKey(key, schema));
    const wanted = `one of ${keysOf(schema)}`;
    return [{ where: 'value', got: `${length} unknown keys`, wanted, fix: 'Remove them.' }];
  }
  const key = String(issue.path[0] ?? '');
  const fieldTexts = texts.get(schema.shape[key] ?? schema);
  if (fieldTexts && key)
    return [{ where: key, got: formatValue((value as Record<string, unknown>)[key]), ...fieldTexts }];
  const fix = `Write an object with ${keysOf(schema)}.`;
  return [{ where: 'value', got: kindOf(value), wanted: 'a JSON object', fix }];
}

function unknownKey(key: string, schema: z.ZodMiniObject): Problem {
  return {
    where: key,
    got: 'an unknown key',
    wanted: `one of ${keysOf(schema)}`,
    fix: didYouMean(
      key,
      Object.keys(schema.shape),
      'Remove it, or put it into "environ" if it is for the runner.',
    ),
  };
}

function keysOf(schema: z.ZodMiniObject): string {
  return Object.keys(schema.shape).join(', ');
}
