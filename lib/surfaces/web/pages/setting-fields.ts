/** The inputs for the settings of a runner, made from their description. */
import { html, raw } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import { isSecretReference } from '../../../core/domain/secret-reference.ts';
import { choiceOptions, formField } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import {
  type EnvironField,
  inputNames,
  type RunnerDescription,
  type SettingTexts,
  takesSecret,
  typesOf,
} from './setting-values.ts';

interface SettingsOptions {
  readonly texts: SettingTexts;
  /** The problems of these inputs; undefined if they do not count: their runner is not chosen, or the JSON counts. */
  readonly problems: readonly Problem[] | undefined;
}

export function settingFields(runner: RunnerDescription, options: SettingsOptions): Html {
  const fields = Object.entries(runner.environ ?? {});
  if (fields.length === 0) return html`<p class="faint">It accepts no settings.</p>`;
  return html`<div class="settings">${fields.map(([setting, field]) => settingField(runner.name, setting, field, options))}</div>`;
}

function settingField(
  runner: string,
  setting: string,
  field: EnvironField,
  { texts, problems }: SettingsOptions,
): Html {
  const { required, meaning, example } = field;
  const types = typesOf(field);
  const names = inputNames(runner, setting);
  const secret = texts[names.secret] ?? '';
  return formField({
    // The problems link to the inputs of the chosen runner.
    name: problems ? `environ.${setting}` : names.value,
    sentAs: names.value,
    label: html`<code>${setting}</code> <span class="faint">${types.join(' or ')}${required ? ', required' : ''}</span>`,
    hint: html`${meaning} <code class="example">${JSON.stringify(example)}</code>`,
    problems: problems ?? [],
    input: (tied) =>
      html`${settingInput(field, texts[names.value] ?? '', html`${tied}${required ? raw(' aria-required="true"') : NOTHING}`)}${
        takesSecret(field) ? secretInput(names.secret, setting, secret, example) : NOTHING
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
  const shared = html`${tied} class="code" autocomplete="off" spellcheck="false" placeholder="${placeholder}"`;
  const isLong = types.includes('object') || types.includes('list') || /\n/.test(text + placeholder);
  if (isLong)
    return html`<textarea ${shared} rows="${Math.min(8, Math.max(2, text.split('\n').length))}">
${text}</textarea>`;
  return html`<input ${shared} value="${text}"${types.join() === 'number' ? raw(' inputmode="decimal"') : NOTHING}>`;
}

/** The name of a secret. Its value is never read. */
function secretInput(name: string, setting: string, secret: string, example: EnvironField['example']): Html {
  const placeholder = isSecretReference(example) ? example.$secret : 'my-secret';
  return html`<details class="secret"${secret === '' ? NOTHING : raw(' open')}><summary>Use a secret<span class="hidden"> for ${setting}</span></summary>
<input name="${name}" value="${secret}" class="code" aria-label="${`Name of the secret for ${setting}`}" autocomplete="off" spellcheck="false" placeholder="${placeholder}"> <span class="faint">The secret of this name replaces the text.</span></details>`;
}
