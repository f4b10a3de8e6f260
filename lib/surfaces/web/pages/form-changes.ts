/** What saving a form would change: each field that differs, as it is stored and as it is in the form. */
import { html } from 'hono/html';
import { hideClearSecrets } from '../../../core/domain/clear-secrets.ts';
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import {
  CRON_FIELDS,
  diffFields,
  type FieldDifference,
  mergeFields,
} from '../../../core/domain/cron-fields.ts';
import { CRONTAB_DEFAULTS, CRONTAB_FIELDS } from '../../../core/domain/crontab-settings.ts';
import { parseJsonObject } from '../../../core/domain/json-object.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { HttpError } from '../http-error.ts';
import { type CronValues, fieldsOf } from './cron-values.ts';
import type { Form } from './form-data.ts';
import { type Html, NOTHING } from './html.ts';
import { problemItem } from './problems-view.ts';

export interface FormChanges {
  readonly changes: readonly FieldDifference[];
  /** Why a field of the form has no value yet. */
  readonly problems: readonly Problem[];
}

/** The names of the fields in the line beside the button. */
const NAMED = 3;

/** What saving the form of a cron would change in these fields. */
export function cronChanges(stored: JsonObject, values: CronValues): FormChanges {
  const { fields, problems } = fieldsOf(values);
  return { changes: diffFields(stored, mergeFields(stored, fields), CRON_FIELDS), problems };
}

/** What saving the form of a crontab's settings would change. */
export function settingsChanges(stored: JsonObject, sent: JsonObject): FormChanges {
  const after = { ...sent, timezone: sent.timezone || CRONTAB_DEFAULTS.timezone };
  return { changes: diffFields(stored, after, CRONTAB_FIELDS), problems: [] };
}

/** The stored fields that the script sends with the form, as the page had them: the answer needs no read. */
export function sentStored(form: Form): JsonObject {
  const stored = parseJsonObject(form.one('stored'));
  if (!stored) throw new HttpError(400, 'The form was sent without the stored fields.');
  return stored;
}

/** All that the script replaces while the user types. */
export function changesAnswer(changes: FormChanges): Html {
  return html`${changesView(changes)}${changesLine(changes)}`;
}

/** Values that look like secrets are hidden. */
export function changesView({ changes, problems }: FormChanges): Html {
  const none =
    problems.length === 0
      ? html`<p class="none">The form has the stored values: saving it changes nothing.</p>`
      : NOTHING;
  return html`<div id="changes-list">${changes.length === 0 ? none : html`<ul class="changes">${changes.map(changeItem)}</ul>`}${problems.length === 0 ? NOTHING : html`<ul class="wrong">${problems.map(problemItem)}</ul>`}</div>`;
}

/** In one line, which assistive technology announces. The element always exists. */
export function changesLine({ changes, problems }: FormChanges): Html {
  return html`<p class="changes-line js-only" id="changes-line" role="status">${lineText(changes, problems)}</p>`;
}

function lineText(changes: readonly FieldDifference[], problems: readonly Problem[]): string {
  if (changes.length === 0) return problems.length === 0 ? 'No changes yet' : 'Not valid yet';
  const names = changes.slice(0, NAMED).map(({ field }) => field);
  const others = changes.length - names.length;
  const count = changes.length === 1 ? 'One change' : `${changes.length} changes`;
  return `${count}: ${names.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}

function changeItem({ field, before, after }: FieldDifference): Html {
  const unset = html`<span class="none">not set</span>`;
  const from = before === undefined ? unset : html`<del dir="auto">${valueText(field, before)}</del>`;
  const to = after === undefined ? unset : html`<ins dir="auto">${valueText(field, after)}</ins>`;
  return html`<li><code>${field}</code> ${from} → ${to}</li>`;
}

function valueText(field: string, value: Json): string {
  const shown = field.startsWith('environ.') ? hideClearSecrets(value, field) : value;
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}
