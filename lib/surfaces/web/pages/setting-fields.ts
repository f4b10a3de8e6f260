/** The inputs for the settings of a runner, made from their description. */
import { html, raw } from 'hono/html';
import type { Json } from '../../../core/domain/cron.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { isSecretReference } from '../../../core/domain/secret-reference.ts';
import { choiceOptions, formField, warningTexts } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { missingSecrets, type SiteSecrets, secretInput } from './secret-field.ts';
import {
  type EnvironField,
  inputNames,
  type RunnerDescription,
  type SettingTexts,
  settingsOf,
  takesSecret,
  typesOf,
} from './setting-values.ts';

/** The types of settings, in the words of a form. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  boolean: 'yes or no',
  list: 'list',
  object: 'object',
};

interface SettingsOptions {
  readonly texts: SettingTexts;
  readonly secrets: SiteSecrets;
  /** The problems of these inputs; undefined if they do not count: their runner is not chosen, or the JSON counts. */
  readonly problems: readonly Problem[] | undefined;
}

export function settingFields(runner: RunnerDescription, options: SettingsOptions): Html {
  const fields = Object.entries(runner.environ ?? {});
  if (fields.length === 0) return html`<p class="faint">It accepts no settings.</p>`;
  const values = settingsOf(runner, options.texts);
  return html`<div class="settings">${fields.map(([setting, field]) => settingField(runner.name, setting, field, values[setting], options))}</div>`;
}

function settingField(
  runner: string,
  setting: string,
  field: EnvironField,
  value: Json | undefined,
  { texts, problems, secrets }: SettingsOptions,
): Html {
  const { required, meaning, example } = field;
  const types = typesOf(field);
  const names = inputNames(runner, setting);
  const isPicked = takesSecret(field);
  const placeholder = isSecretReference(example) ? example.$secret : 'my-secret';
  const secret = { name: names.secret, value: texts[names.secret] ?? '', setting, placeholder };
  const missing = isPicked || value === undefined ? [] : missingSecrets(value, secrets);
  return formField({
    // The problems link to the inputs of the chosen runner.
    name: problems ? `environ.${setting}` : names.value,
    sentAs: names.value,
    label: html`<code>${setting}</code> <span class="faint">${types.map((type) => TYPE_WORDS[type]).join(', or ')}${required ? ', required' : ''}</span>`,
    hint: html`${meaning} <code class="example">${JSON.stringify(example)}</code>${warningTexts(missing)}`,
    problems: problems ?? [],
    input: (tied) =>
      html`${settingInput(field, texts[names.value] ?? '', html`${tied}${required ? raw(' aria-required="true"') : NOTHING}`)}${
        isPicked ? secretInput(secret, secrets) : NOTHING
      }`,
  });
}

function settingInput(field: EnvironField, text: string, tied: Html): Html {
  const { values, example } = field;
  const types = typesOf(field);
  const options = values ?? (types.join() === 'boolean' ? ['true', 'false'] : undefined);
  if (options) {
    const choices = Object.fromEntries(options.map((option) => [option, option]));
    return html`<select ${tied}>${choiceOptions(choices, text, 'not set')}</select>`;
  }
  const placeholder =
    typeof example === 'string' ? example : isSecretReference(example) ? '' : JSON.stringify(example);
  const shared = html`${tied} class="code" dir="auto" autocomplete="off" spellcheck="false" placeholder="${placeholder}"`;
  const isLong = types.includes('object') || types.includes('list') || /\n/.test(text + placeholder);
  if (isLong)
    return html`<textarea ${shared} rows="${Math.min(8, Math.max(2, text.split('\n').length))}">
${text}</textarea>`;
  return html`<input ${shared} value="${text}"${types.join() === 'number' ? raw(' inputmode="decimal"') : NOTHING}>`;
}
