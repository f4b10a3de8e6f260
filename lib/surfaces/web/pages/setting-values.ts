/** The inputs for the settings of a runner, and the environ that they mean, both ways. The operations validate it. */
import type { AnswerOf } from '../../../app/door/operations.ts';
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import { attempt } from '../../../core/domain/errors.ts';
import { parseJson } from '../../../core/domain/json-text.ts';
import { sameJson } from '../../../core/domain/same-json.ts';
import { isSecretReference } from '../../../core/domain/secret-reference.ts';

export type RunnerDescription = AnswerOf<'listRunners'>['items'][number];
export type EnvironField = NonNullable<RunnerDescription['environ']>[string];

/** The text of each input, by its name. */
export type SettingTexts = { readonly [name: string]: string };

/** The names of the inputs of a setting: for its value, and for the name of a secret that takes its place. */
export function inputNames(runner: string, setting: string) {
  return { value: `environ.${setting}@${runner}`, secret: `secret.${setting}@${runner}` };
}

/** Whether it has an input for the name of a secret. Elsewhere the reference is typed as JSON. */
export function takesSecret({ type, values }: EnvironField): boolean {
  return type === 'string' && !values;
}

export function typesOf({ type }: EnvironField): readonly string[] {
  return typeof type === 'string' ? [type] : type;
}

/** The text of each input of all runners, as it was sent. */
export function sentSettings(
  sent: (name: string) => string,
  runners: readonly RunnerDescription[],
): SettingTexts {
  const names = runners.flatMap(({ name, environ = {} }) =>
    Object.keys(environ).flatMap((setting) => Object.values(inputNames(name, setting))),
  );
  return Object.fromEntries(names.map((name) => [name, sent(name)]));
}

/** The text of each input of a runner; the inputs may be unable to hold all of the environ, see `fitsInputs`. */
export function settingTexts(
  { name: runner, environ = {} }: RunnerDescription,
  values: JsonObject,
): SettingTexts {
  const given = Object.keys(environ).filter((setting) => Object.hasOwn(values, setting));
  return Object.fromEntries(
    given.map((setting) => {
      const value = values[setting] as Json;
      const { value: input, secret } = inputNames(runner, setting);
      const isSecret = isSecretReference(value) && takesSecret(environ[setting] as EnvironField);
      return isSecret ? [secret, value.$secret] : [input, textOf(value)];
    }),
  );
}

/** Whether the inputs of the runner can hold that environ without loss. */
export function fitsInputs(runner: RunnerDescription, values: JsonObject): boolean {
  return sameJson(settingsOf(runner, settingTexts(runner, values)), values);
}

/** The environ of the inputs of a runner. An empty input is an absent setting; a secret replaces the value. */
export function settingsOf(
  { name: runner, environ = {} }: RunnerDescription,
  texts: SettingTexts,
): JsonObject {
  const entries = Object.entries(environ).flatMap(([setting, field]): [string, Json][] => {
    const names = inputNames(runner, setting);
    const secret = (texts[names.secret] ?? '').trim();
    if (secret !== '') return [[setting, { $secret: secret }]];
    // A browser ends the lines of a text area with \r\n.
    const text = (texts[names.value] ?? '').replaceAll(/\r\n?/g, '\n');
    return text === '' ? [] : [[setting, settingOf(text, typesOf(field))]];
  });
  return Object.fromEntries(entries);
}

/** A value of one of the types, or the text for the operation to validate. */
function settingOf(text: string, types: readonly string[]): Json {
  const value = parsed(text);
  if (value === undefined || value === null || typeof value === 'string') return text;
  if (isSecretReference(value) && types.includes('string')) return value;
  return types.includes(Array.isArray(value) ? 'list' : typeof value) ? value : text;
}

function parsed(text: string): Json | undefined {
  const result = attempt(() => parseJson(text) as Json);
  return 'value' in result ? result.value : undefined;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
