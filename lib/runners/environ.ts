/** Checks the environ of a cron against the settings of its runner. */
import type { Json, JsonObject } from '../core/domain/cron.ts';
import { didYouMean } from '../core/domain/nearest.ts';
import { formatValue, type Problem } from '../core/domain/problem.ts';
import type { EnvironField, EnvironFields, FieldType } from '../core/domain/runner-description.ts';
import { isSecretReference } from '../core/domain/secret-reference.ts';

/** All problems of an environ: settings that are missing, unknown, or of another type. */
export function environProblems(fields: EnvironFields, environ: JsonObject): Problem[] {
  const missing = Object.entries(fields)
    .filter(([name, field]) => field.required && !Object.hasOwn(environ, name))
    .map(([name, field]) => problem(name, field, undefined, wantedType(field)));
  const others = Object.entries(environ).flatMap(([name, value]) => valueProblems(fields, name, value));
  return [...missing, ...others];
}

function valueProblems(fields: EnvironFields, name: string, value: Json): Problem[] {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) return [unknownField(fields, name, value)];
  const kind = typeOf(value);
  if (kind === undefined || !types(field).includes(kind)) {
    return [problem(name, field, value, wantedType(field))];
  }
  const wanted = isSecretReference(value) ? undefined : wantedValue(field, value);
  return wanted === undefined ? [] : [problem(name, field, value, wanted)];
}

/** Describes the valid values if this value of the right type is invalid. */
function wantedValue({ values, wanted }: EnvironField, value: Json): string | undefined {
  if (values && !values.includes(String(value))) return `one of ${values.join(', ')}`;
  return wanted?.(value);
}

function unknownField(fields: EnvironFields, name: string, value: Json): Problem {
  const names = Object.keys(fields);
  return {
    where: `environ.${name}`,
    got: formatValue(value),
    wanted: names.length === 0 ? 'an empty environ' : `one of the settings ${names.join(', ')}`,
    fix: didYouMean(name, names, 'Remove it.'),
  };
}

function problem(name: string, field: EnvironField, value: Json | undefined, wanted: string): Problem {
  const example = JSON.stringify({ [name]: field.example });
  return {
    where: `environ.${name}`,
    got: formatValue(value),
    wanted,
    fix: `${field.meaning} For example ${example}.`,
  };
}

function types({ type }: EnvironField): readonly FieldType[] {
  return typeof type === 'string' ? [type] : type;
}

function wantedType(field: EnvironField): string {
  return types(field)
    .map((type) => (type === 'object' ? 'an object' : `a ${type}`))
    .join(' or ');
}

/** Nothing for null, which no setting accepts. */
function typeOf(value: Json): FieldType | undefined {
  if (value === null) return undefined;
  if (isSecretReference(value)) return 'string';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}
