/** The choice between the inputs of the runner and JSON for the environ, and the JSON. The style hides what does not count. */
import { html, raw } from 'hono/html';
import type { Json } from '../../../core/domain/cron.ts';
import { attempt } from '../../../core/domain/errors.ts';
import { parseJson } from '../../../core/domain/json-text.ts';
import type { FormDraft } from './cron-form.ts';
import { formField, problemsAt, warningTexts } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { missingSecrets } from './secret-field.ts';

/** The fields of the chosen runner, such as `environ.url`; none if the JSON counts. */
export function countingFields({ runners, values }: FormDraft): string[] {
  const chosen = runners.find(({ name }) => name === values.runner);
  if (values.environAs === 'json') return [];
  return Object.keys(chosen?.environ ?? {}).map((setting) => `environ.${setting}`);
}

export function environField(form: FormDraft): Html {
  const { values, problems, warnings, secrets } = form;
  const json = attempt(() => parseJson(values.environ) as Json);
  const missing = 'value' in json ? missingSecrets(json.value, secrets) : [];
  const fields = countingFields(form);
  const choice = (as: typeof values.environAs, label: string) =>
    html`<label><input type="radio" name="environAs" value="${as}" id="environ-as-${as}"${values.environAs === as ? raw(' checked') : NOTHING}> ${label}</label>`;
  return html`<fieldset class="environ-as field"><legend>Environ</legend>
<p class="choices">${choice('fields', 'Fields of the runner')}${choice('json', 'JSON')}</p>
<p class="hint">Only the chosen one is saved.${warningTexts(warnings.environ)}</p></fieldset>
${formField({
  name: 'environ',
  label: 'Environ as JSON',
  hint: html`A secret is a reference: <code>{"$secret": "name"}</code>.${warningTexts(missing)}`,
  problems: problems.filter((problem) => !fields.some((field) => problemsAt([problem], field).length > 0)),
  input: (tied) => html`<textarea ${tied} rows="8" spellcheck="false" autocomplete="off" placeholder="{}">
${values.environ}</textarea>`,
})}`;
}
