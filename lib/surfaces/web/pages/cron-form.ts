/** The form for a new cron or an edit, with its problems and a preview of the schedule. */
import { html, raw } from 'hono/html';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import type { CronPreview } from '../../../app/operations/preview-cron.ts';
import { CRON_DEFAULTS, type JsonObject } from '../../../core/domain/cron.ts';
import { CRON_FIELDS } from '../../../core/domain/cron-fields.ts';
import { MAX_DESCRIPTION } from '../../../core/domain/cron-schema.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { MAX_TAGS } from '../../../core/domain/tags.ts';
import type { CronValues } from './cron-values.ts';
import { countingFields, environField } from './environ-field.ts';
import { changesLine, changesView, cronChanges } from './form-changes.ts';
import { choiceOptions, formField, problemSummary, timezoneField, warningTexts } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath, newSitePath, sitePath } from './paths.ts';
import { previewView } from './preview-view.ts';
import { runnerChoice } from './runner-choice.ts';
import { type SiteSecrets, secretList } from './secret-field.ts';
import type { RunnerDescription } from './setting-values.ts';
import type { Viewpoint } from './time-view.ts';

export interface FormDraft {
  readonly site: string;
  /** Absent for a new cron. */
  readonly uid?: string;
  readonly values: CronValues;
  readonly problems: readonly Problem[];
  /** Warnings about the policies. */
  readonly warnings: { readonly maxLateness?: readonly string[]; readonly environ?: readonly string[] };
  /** Whether these are the values of a submitted form, not of the stored version. */
  readonly isSent: boolean;
  readonly runners: readonly RunnerDescription[];
  readonly secrets: SiteSecrets;
  /** The time zone of the crontab, for crons that have none. */
  readonly timezone: string;
  /** The fields of the stored version, with which the form is compared; absent for a new cron. */
  readonly stored?: JsonObject;
  /** The version on which the edit is based. */
  readonly tag?: string | undefined;
  /** Absent without a valid periodicity. */
  readonly preview?: CronPreview | undefined;
  readonly view: Viewpoint;
  readonly readOnly: boolean;
  /** Whether saving creates the site. Default: false. */
  readonly newSite?: boolean;
}

const NICKNAMES = [
  '* * * * *',
  '*/5 * * * *',
  '@hourly',
  '@daily',
  '@weekly',
  '@monthly',
  '@yearly',
  '0 9 * * 1-5',
  '0 3 * * *',
];

export function cronForm(form: FormDraft): Html {
  const { site, values, problems, tag, uid, readOnly, newSite, stored } = form;
  const newCron = newSite ? newSitePath(site) : sitePath(site, 'new');
  const action = uid === undefined ? newCron : cronPath(site, uid, 'edit');
  const back = uid === undefined ? sitePath(site) : cronPath(site, uid);
  const changes = stored && cronChanges(stored, values);
  return html`${problemSummary(problems, [...countingFields(form), ...CRON_FIELDS], form.isSent)}
<form class="cron-form" method="post" action="${action}" data-preview="${sitePath(site, 'preview')}"${stored ? html` data-stored="${JSON.stringify(stored)}"` : NOTHING} novalidate>
${tag === undefined ? NOTHING : html`<input type="hidden" name="tag" value="${tag}">`}${values.hasActivated ? html`<input type="hidden" name="hasActivated" value="on">` : NOTHING}
<section class="card when"><h2>When</h2><div class="schedule"><div>${scheduleFields(form)}
<button name="do" value="preview" class="quiet no-js">Show the next runs</button></div>
<div id="preview" class="preview" role="status">${previewView(form.preview, form.view)}</div></div></section>
<div class="columns">
<section class="card"><h2>What</h2>${uid === undefined ? uidField(form) : html`<input type="hidden" name="uid" value="${uid}">`}${runnerChoice(form)}${environField(form)}</section>
<div><section class="card"><h2>How</h2>${policyFields(form)}${powerSwitch(values)}</section>
<section class="card"><h2>Notes</h2>${descriptionField(form)}${tagsField(form)}</section>${
    changes
      ? html`
<section class="card${form.isSent ? NOTHING : ' js-only'}" id="changes" aria-labelledby="changes-title"><h2 id="changes-title">What saving changes</h2>${changesView(changes)}</section>`
      : NOTHING
  }</div></div>
<section class="card save"><p class="actions"><button class="primary" name="do" value="save"${readOnly ? raw(' disabled') : NOTHING}>${uid === undefined ? 'Add the cron' : 'Save'}</button>${changes ? html` <button name="do" value="review" formaction="${action}#changes" class="no-js">Review</button>` : NOTHING} <a class="button" href="${back}">Cancel</a></p>
${changes ? changesLine(changes) : NOTHING}${readOnly ? html`<p class="hint">The crontab is read-only, so the form cannot be saved.</p>` : NOTHING}</section>${secretList(form.secrets)}</form>`;
}

function powerSwitch({ activated }: CronValues): Html {
  return html`<label class="check"><input type="checkbox" name="activated" id="activated" value="on"${activated ? raw(' checked') : NOTHING}> Switched on</label>
<p class="hint">Off: the cron keeps its definition and logs, and does not run.</p>`;
}

interface TextField {
  readonly name: 'uid' | 'periodicity' | 'tags' | 'user' | 'maxLateness' | 'timeout' | 'logsLimit';
  readonly label: string;
  readonly hint: Html | string;
  /** Further attributes of the input. */
  readonly attributes?: Html;
}

function textField({ values, problems }: FormDraft, { attributes, ...field }: TextField): Html {
  return formField({
    ...field,
    problems,
    input: (tied) =>
      html`<input ${tied} value="${values[field.name]}" autocomplete="off" spellcheck="false" ${attributes}>`,
  });
}

function uidField(form: FormDraft): Html {
  return textField(form, {
    name: 'uid',
    label: 'Uid',
    hint: 'The name of the cron: letters, digits, “_” and “-”. An empty field generates one.',
    attributes: html`maxlength="36" placeholder="nightly-report"`,
  });
}

function descriptionField({ values, problems }: FormDraft): Html {
  return formField({
    name: 'description',
    label: 'Description',
    hint: `What people should know about it, in at most ${MAX_DESCRIPTION} characters.`,
    problems,
    input: (tied) => html`<textarea ${tied} rows="2" dir="auto" autocomplete="off">
${values.description}</textarea>`,
  });
}

function tagsField(form: FormDraft): Html {
  return textField(form, {
    name: 'tags',
    label: 'Tags',
    hint: `Words such as “backup” or “shop-eu”, separated by spaces; at most ${MAX_TAGS}.`,
  });
}

function scheduleFields(form: FormDraft): Html {
  const { values, problems, timezone } = form;
  return html`${textField(form, {
    name: 'periodicity',
    label: 'Periodicity',
    hint: html`Minute, hour, day, month, weekday; or a nickname such as <code>@daily</code>.`,
    attributes: html`class="code" list="nicknames" placeholder="0 3 * * *"`,
  })}${timezoneField(values.timezone, timezone, {
    hint: `An empty field means the time zone of the crontab: ${timezone}.`,
    problems,
  })}<datalist id="nicknames">${NICKNAMES.map((nickname) => html`<option value="${nickname}"></option>`)}</datalist>`;
}

function policyFields(form: FormDraft): Html {
  const { values, problems, warnings } = form;
  const choice = (name: 'overlap' | 'missed', label: string, options: Readonly<Record<string, string>>) =>
    formField({
      name,
      label,
      problems,
      input: (tied) =>
        html`<select ${tied}>${choiceOptions(options, values[name], `${options[CRON_DEFAULTS[name]]} (default)`)}</select>`,
    });
  const duration = (name: 'maxLateness' | 'timeout', label: string, hint: Html | string) => {
    const attributes = html`placeholder="${formatDuration(CRON_DEFAULTS[name] * 1000)}"`;
    return textField(form, { name, label, hint, attributes });
  };
  return html`<div class="pairs">${choice('overlap', 'While the previous run continues', {
    skip: 'skip the new one',
    buffer: 'run one right after',
    allow: 'let them overlap',
  })}${choice('missed', 'When times were missed', {
    once: 'run the latest now',
    all: 'run each, oldest first',
    skip: 'run none',
  })}${duration('timeout', 'Time limit', 'Such as 90s or 5m; at most 870s.')}${duration('maxLateness', 'Latest start', html`A run that would start later is skipped. Such as 2h or 1d.${warningTexts(warnings.maxLateness)}`)}${textField(
    form,
    {
      name: 'logsLimit',
      label: 'Logs kept',
      hint: '1 to 25.',
      attributes: html`inputmode="numeric" placeholder="${CRON_DEFAULTS.logsLimit}"`,
    },
  )}${textField(form, { name: 'user', label: 'User', hint: 'The user as which the runner acts, if it supports users.' })}</div>`;
}
