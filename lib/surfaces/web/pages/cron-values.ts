/** The values of the form of a cron, and the fields that they mean, both ways. The operations validate the fields. */
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import { attempt } from '../../../core/domain/errors.ts';
import { isJsonObject } from '../../../core/domain/json-object.ts';
import { parseJson } from '../../../core/domain/json-text.ts';
import { type Problem, prefixProblems } from '../../../core/domain/problem.ts';
import { tagsOf } from '../../../core/domain/tags.ts';
import {
  fitsInputs,
  type RunnerDescription,
  type SettingTexts,
  sentSettings,
  settingsOf,
  settingTexts,
} from './setting-values.ts';

/** The runner of functions outside of the code base: its name continues with the name of the function. */
export const FAMILY = 'lambda:<function>';
/** The choice of a runner that is not registered. */
export const OTHER = 'other';
const PREFIX = 'lambda:';

const TEXTS = ['user', 'timezone', 'description', 'overlap', 'missed'] as const;
const NUMBERS = ['maxLateness', 'timeout', 'logsLimit'] as const;
type PlainField = (typeof TEXTS | typeof NUMBERS)[number];

/** The text of each input as it was typed; an input that was not sent is empty. */
export interface CronValues extends Readonly<Record<PlainField, string>> {
  readonly uid: string;
  /** The name of a registered runner, or OTHER. */
  readonly runner: string;
  /** The name of a runner that is not registered. */
  readonly otherRunner: string;
  /** The name of a function, without PREFIX. */
  readonly function: string;
  readonly periodicity: string;
  /** The JSON. */
  readonly environ: string;
  /** Whether the inputs of the runner count, if it describes its settings, or the JSON. */
  readonly environAs: 'fields' | 'json';
  readonly settings: SettingTexts;
  /** The environ of the inputs; absent if the JSON counts. */
  readonly ofSettings?: JsonObject | undefined;
  /** Separated by spaces. */
  readonly tags: string;
  readonly activated: boolean;
  /** Whether the parameter has the field `activated`: an edit does not write a default. */
  readonly hasActivated: boolean;
}

/** The values of a submitted form. */
export function sentValues(
  sent: (name: string) => string,
  runners: readonly RunnerDescription[],
): CronValues {
  const environAs = sent('environAs') === 'fields' ? 'fields' : 'json';
  const settings = sentSettings(sent, runners);
  const chosen = runners.find(({ name, environ }) => name === sent('runner') && environ);
  return {
    // A browser ends the lines of a text area with \r\n.
    ...plainValues((name) => sent(name).trim().replaceAll('\r\n', '\n')),
    uid: sent('uid').trim(),
    runner: sent('runner'),
    otherRunner: sent('otherRunner').trim(),
    function: sent('function').trim(),
    periodicity: sent('periodicity').trim(),
    environ: sent('environ'),
    environAs,
    settings,
    ofSettings: chosen && environAs === 'fields' ? settingsOf(chosen, settings) : undefined,
    tags: sent('tags').trim(),
    activated: sent('activated') === 'on',
    hasActivated: sent('hasActivated') === 'on',
  };
}

/** The values of the fields of a parameter, valid or not. */
export function valuesOf(uid: string, fields: JsonObject, runners: readonly RunnerDescription[]): CronValues {
  const name = text(fields.name);
  const isFunction = name.startsWith(PREFIX);
  const choice = isFunction ? FAMILY : name;
  const chosen = runners.find((runner) => runner.name === choice);
  const isListed = name === '' || chosen !== undefined;
  const { environ = {} } = fields;
  const fits = isJsonObject(environ) && fitsInputs(chosen ?? { name, summary: '' }, environ);
  return {
    ...plainValues((field) => text(fields[field])),
    uid,
    runner: isListed ? choice : OTHER,
    otherRunner: isListed ? '' : name,
    function: isFunction ? name.slice(PREFIX.length) : '',
    periodicity: text(fields.periodicity),
    environ: fields.environ === undefined ? '' : JSON.stringify(fields.environ, null, 2),
    environAs: fits ? 'fields' : 'json',
    settings: chosen && isJsonObject(environ) ? settingTexts(chosen, environ) : {},
    tags: Array.isArray(fields.tags) ? fields.tags.map((tag) => text(tag)).join(' ') : text(fields.tags),
    activated: fields.activated !== false,
    hasActivated: fields.activated !== undefined,
  };
}

function plainValues(textOf: (field: PlainField) => string): Record<PlainField, string> {
  const entries = [...TEXTS, ...NUMBERS].map((field) => [field, textOf(field)]);
  return Object.fromEntries(entries) as Record<PlainField, string>;
}

/**
 * The fields of an edit; an empty input is null, which means the default. If the environ is not JSON, the result has its
 * problems and no environ.
 */
export function fieldsOf(values: CronValues): {
  readonly fields: JsonObject;
  readonly problems: readonly Problem[];
} {
  const environ = environOf(values);
  const fields: JsonObject = {
    name: runnerName(values),
    periodicity: values.periodicity,
    activated: values.activated && !values.hasActivated ? null : values.activated,
    ...(environ.value === undefined ? {} : { environ: environ.value }),
    tags: values.tags === '' ? null : tagsOf(values.tags),
    ...Object.fromEntries(TEXTS.map((key) => [key, values[key] === '' ? null : values[key]])),
    ...Object.fromEntries(NUMBERS.map((key) => [key, numberOf(values[key])])),
  };
  return { fields, problems: environ.problems };
}

/** The fields of a new cron, with its uid. */
export function newFieldsOf(values: CronValues): ReturnType<typeof fieldsOf> {
  const { fields, problems } = fieldsOf(values);
  return { fields: { uid: values.uid === '' ? null : values.uid, ...fields }, problems };
}

function runnerName({ runner, otherRunner, function: functionName }: CronValues): string {
  if (runner === FAMILY) return `${PREFIX}${functionName}`;
  return runner === OTHER ? otherRunner : runner;
}

function environOf({ environ: input, ofSettings }: CronValues): {
  readonly value?: Json;
  readonly problems: readonly Problem[];
} {
  const isBlank = input.trim() === '';
  // An object that is stored stays one.
  if (ofSettings && !(isBlank && Object.keys(ofSettings).length === 0))
    return { value: ofSettings, problems: [] };
  if (isBlank) return { value: null, problems: [] };
  const { problems, ...parsed } = attempt(() => parseJson(input) as Json);
  return { ...parsed, problems: prefixProblems('environ', problems) };
}

/** A number, or the text for the operation to validate. */
function numberOf(input: string): Json {
  if (input === '') return null;
  return /^-?\d+(?:\.\d+)?$/.test(input) ? Number(input) : input;
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
