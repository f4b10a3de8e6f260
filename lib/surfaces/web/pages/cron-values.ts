/** What is typed into the form of a cron, and the fields that it means; both ways. Judging them is for the operations. */
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import { attempt } from '../../../core/domain/errors.ts';
import { parseJson } from '../../../core/domain/json-text.ts';
import { type Problem, prefixProblems } from '../../../core/domain/problem.ts';

/** Text for every input, as it was typed; an input that was not sent is empty. */
export interface CronValues {
  readonly uid: string;
  /** The runner that was chosen among those that there are; `other` for one by its name. */
  readonly runner: string;
  /** The name of a runner that is not among them. */
  readonly otherRunner: string;
  /** Behind `lambda:`. */
  readonly function: string;
  readonly periodicity: string;
  readonly timezone: string;
  readonly environ: string;
  readonly activated: boolean;
  /** Whether the parameter says so itself: what follows from a default is not written down by an edit. */
  readonly saysActivated: boolean;
  readonly user: string;
  readonly overlap: string;
  readonly missed: string;
  readonly maxLateness: string;
  readonly timeout: string;
  readonly logsLimit: string;
}

/** The runner for targets outside of the code base; its name goes on with that of a function. */
export const FAMILY = 'lambda:<function>';
export const OTHER = 'other';
const PREFIX = 'lambda:';

const TEXTS = ['user', 'timezone', 'overlap', 'missed'] as const;
const NUMBERS = ['maxLateness', 'timeout', 'logsLimit'] as const;

/** What was sent. */
export function sentValues(sent: (name: string) => string): CronValues {
  return {
    uid: sent('uid').trim(),
    runner: sent('runner'),
    otherRunner: sent('otherRunner').trim(),
    function: sent('function').trim(),
    periodicity: sent('periodicity').trim(),
    timezone: sent('timezone').trim(),
    environ: sent('environ'),
    activated: sent('activated') === 'on',
    saysActivated: sent('saysActivated') === 'on',
    user: sent('user').trim(),
    overlap: sent('overlap'),
    missed: sent('missed'),
    maxLateness: sent('maxLateness').trim(),
    timeout: sent('timeout').trim(),
    logsLimit: sent('logsLimit').trim(),
  };
}

/** The values of fields as they stand in a parameter, right or wrong. `runners` are the names that there are. */
export function valuesOf(uid: string, fields: JsonObject, runners: readonly string[]): CronValues {
  const name = text(fields.name);
  const isFunction = name.startsWith(PREFIX);
  const known = isFunction ? FAMILY : name;
  return {
    uid,
    runner: name === '' || runners.includes(known) ? known : OTHER,
    otherRunner: name === '' || runners.includes(known) ? '' : name,
    function: isFunction ? name.slice(PREFIX.length) : '',
    periodicity: text(fields.periodicity),
    timezone: text(fields.timezone),
    environ: fields.environ === undefined ? '' : JSON.stringify(fields.environ, null, 2),
    activated: fields.activated !== false,
    saysActivated: fields.activated !== undefined,
    user: text(fields.user),
    overlap: text(fields.overlap),
    missed: text(fields.missed),
    maxLateness: text(fields.maxLateness),
    timeout: text(fields.timeout),
    logsLimit: text(fields.logsLimit),
  };
}

/**
 * The fields of an edit: null for what was left empty, so that its default counts. The problems are those of text that
 * is no JSON; environ is left out then.
 */
export function fieldsOf(values: CronValues): {
  readonly fields: JsonObject;
  readonly problems: readonly Problem[];
} {
  const environ = environOf(values.environ);
  const fields: JsonObject = {
    name: nameOf(values),
    periodicity: values.periodicity,
    activated: values.activated && !values.saysActivated ? null : values.activated,
    ...(environ.value === undefined ? {} : { environ: environ.value }),
    ...Object.fromEntries(TEXTS.map((key) => [key, values[key] === '' ? null : values[key]])),
    ...Object.fromEntries(NUMBERS.map((key) => [key, numberOf(values[key])])),
  };
  return { fields, problems: environ.problems };
}

/** The fields of a new cron: the same with its uid. */
export function newFieldsOf(values: CronValues): ReturnType<typeof fieldsOf> {
  const { fields, problems } = fieldsOf(values);
  return { fields: { uid: values.uid === '' ? null : values.uid, ...fields }, problems };
}

function nameOf({ runner, otherRunner, function: called }: CronValues): string {
  if (runner === FAMILY) return `${PREFIX}${called}`;
  return runner === OTHER ? otherRunner : runner;
}

function environOf(typed: string): { readonly value?: Json; readonly problems: readonly Problem[] } {
  if (typed.trim() === '') return { value: null, problems: [] };
  const { problems, ...parsed } = attempt(() => parseJson(typed) as Json);
  return { ...parsed, problems: prefixProblems('environ', problems) };
}

/** A number, or text such as `5m`, or whatever it is, for the operation to judge. */
function numberOf(typed: string): Json {
  if (typed === '') return null;
  return /^-?\d+(?:\.\d+)?$/.test(typed) ? Number(typed) : typed;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
