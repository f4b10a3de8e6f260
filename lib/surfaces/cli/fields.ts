/** The fields of a cron as options of a command, and back: what `add` and `edit` have in common. */
import { type Command, Option } from 'commander';
import { parse } from 'yaml';
import type { JsonObject } from '../../core/domain/cron.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { optionWithChoices } from './options.ts';

export interface FieldOptions {
  readonly name?: string;
  readonly periodicity?: string;
  readonly environ?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly on?: true;
  readonly off?: true;
  readonly timezone?: string;
  readonly user?: string;
  readonly logsLimit?: string;
  readonly overlap?: string;
  readonly missed?: string;
  readonly maxLateness?: string;
  readonly timeout?: string;
}

const WANTED = ['name', 'periodicity'] as const;
const OPTIONAL = ['timezone', 'user', 'overlap', 'missed', 'maxLateness', 'timeout', 'logsLimit'] as const;
/** Here digits are a number; a user or a zone of digits is text. */
const NUMBERS: ReadonlySet<string> = new Set(['maxLateness', 'timeout', 'logsLimit']);

const EMPTY =
  "\nAn empty text leaves an optional field at its default, such as --timezone '' for the crontab's.";

/** Adds the options to a command; runner and periodicity are left to it. */
export function withFields(command: Command): Command {
  return command
    .option('--environ <json>', 'settings for the runner, all of them, as JSON or YAML')
    .option('--set <key=value...>', 'one setting for the runner; the value is read as YAML')
    .option('--unset <key...>', 'take a setting away')
    .addOption(new Option('--on', 'switched on').conflicts('off'))
    .option('--off', 'switched off')
    .option('--timezone <zone>', 'IANA name, such as Europe/Paris')
    .option('--user <user>', 'whom the runner acts as')
    .option('--logs-limit <count>', 'how many logs are kept, 1 to 25')
    .addOption(
      optionWithChoices('--overlap <policy>', 'when the last run still goes on', ['skip', 'buffer', 'allow']),
    )
    .addOption(optionWithChoices('--missed <policy>', 'times that could not start', ['once', 'all', 'skip']))
    .option('--max-lateness <time>', 'what is older never runs, such as 2h; a number is seconds')
    .option('--timeout <time>', 'a run that takes longer is given up, such as 90s; a number is seconds')
    .addHelpText('after', EMPTY);
}

/**
 * The fields that the options give, for an operation to judge; null is one that is left at its default. `environ` is
 * what the cron has so far. Throws InvalidError when an option cannot be read at all.
 */
export function fieldsOf(options: FieldOptions, environ: JsonObject = {}): JsonObject {
  const fields: { [field: string]: JsonObject[string] } = {};
  for (const field of WANTED) {
    const text = options[field];
    if (text !== undefined) fields[field] = text;
  }
  for (const field of OPTIONAL) {
    const text = options[field];
    if (text !== undefined) fields[field] = text === '' ? null : typed(field, text);
  }
  if (options.on || options.off) fields.activated = options.on === true;
  if (options.environ !== undefined || options.set || options.unset)
    fields.environ = environOf(options, environ);
  return fields;
}

/** What is no number is told by what judges fields. */
function typed(field: string, text: string): string | number {
  return NUMBERS.has(field) && /^\d+$/.test(text) ? Number(text) : text;
}

function environOf({ environ, set = [], unset = [] }: FieldOptions, before: JsonObject): JsonObject {
  const base = environ === undefined ? before : objectOf(environ);
  const settings: { [key: string]: JsonObject[string] } = { ...base };
  for (const one of set) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (key === undefined || value === undefined)
      throw notRead('set', one, 'key=value', 'Write --set url=https://…');
    settings[key] = yaml('set', value) ?? null;
  }
  for (const key of unset) delete settings[key];
  return settings;
}

function objectOf(text: string): JsonObject {
  const value = yaml('environ', text);
  if (isJsonObject(value)) return value;
  throw notRead('environ', text, 'a JSON object', `Write --environ '{"url": "https://…"}'.`);
}

function yaml(option: string, text: string): JsonObject[string] | undefined {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 0 });
  } catch {
    throw notRead(option, text, 'JSON or YAML', 'Put texts with special characters into quotes.');
  }
}

function notRead(option: string, got: string, wanted: string, fix: string): InvalidError {
  return new InvalidError([{ where: `--${option}`, got: formatValue(got), wanted, fix }]);
}
