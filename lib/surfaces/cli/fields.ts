/** Reads the options of `add` and `edit` that set the fields of a cron; field-options.ts defines them. */
import { parse } from 'yaml';
import type { JsonObject } from '../../core/domain/cron.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { tagsOf } from '../../core/domain/tags.ts';

const REQUIRED = ['name', 'periodicity'] as const;
const OPTIONAL = [
  'timezone',
  'description',
  'user',
  'overlap',
  'missed',
  'maxLateness',
  'timeout',
  'logsLimit',
] as const;
/** Fields whose digits are a number; a user may consist of digits and is text. */
const NUMBERS: ReadonlySet<string> = new Set(['maxLateness', 'timeout', 'logsLimit']);

type TextOption = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number] | 'environ';

export interface FieldOptions extends Readonly<Partial<Record<TextOption, string>>> {
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly tag?: readonly string[];
  readonly on?: true;
  readonly off?: true;
}

/**
 * The fields that the options set, for an operation to validate; null resets a field to its default. `environ` holds the
 * present settings of the runner. Throws InvalidError when an option cannot be parsed, or removes a setting that
 * is not there.
 */
export function fieldsOf(options: FieldOptions, environ: JsonObject = {}): JsonObject {
  const fields: { [field: string]: JsonObject[string] } = {};
  for (const field of REQUIRED) if (options[field] !== undefined) fields[field] = options[field];
  for (const field of OPTIONAL) {
    const text = options[field];
    if (text !== undefined) fields[field] = text === '' ? null : typed(field, text);
  }
  if (options.tag) {
    const tags = tagsOf(options.tag.join(' '));
    fields.tags = tags.length === 0 ? null : tags;
  }
  if (options.on || options.off) fields.activated = options.on === true;
  if (options.environ !== undefined || options.set || options.unset)
    fields.environ = environOf(options, environ);
  return fields;
}

/** Text that is not a number stays text, which validation reports. */
function typed(field: string, text: string): string | number {
  return NUMBERS.has(field) && /^\d+$/.test(text) ? Number(text) : text;
}

function environOf({ environ, set = [], unset = [] }: FieldOptions, present: JsonObject): JsonObject {
  const base = environ === undefined ? present : objectOf(environ);
  const settings: { [key: string]: JsonObject[string] } = { ...base };
  for (const one of set) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (key === undefined || value === undefined)
      throw parseError('set', one, 'key=value', 'Write --set url=https://….');
    settings[key] = yaml('set', value) ?? null;
  }
  for (const key of unset) {
    if (!Object.hasOwn(settings, key))
      throw parseError('unset', key, 'a setting that the cron has', didYouMean(key, Object.keys(settings)));
    delete settings[key];
  }
  return settings;
}

function objectOf(text: string): JsonObject {
  const value = yaml('environ', text);
  if (isJsonObject(value)) return value;
  throw parseError('environ', text, 'a JSON object', `Write --environ '{"url": "https://…"}'.`);
}

function yaml(option: string, text: string): JsonObject[string] | undefined {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 0 });
  } catch {
    throw parseError(option, text, 'JSON or YAML', 'Quote text that has special characters.');
  }
}

function parseError(option: string, got: string, wanted: string, fix: string): InvalidError {
  return new InvalidError([{ where: `--${option}`, got: formatValue(got), wanted, fix }]);
}
