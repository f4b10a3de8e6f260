/** The form for a new cron or an edit, as it was typed, with what is wrong at its fields and what it would mean. */
import { html, raw } from 'hono/html';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import type { Preview } from '../../../app/operations/preview.ts';
import { CRON_DEFAULTS } from '../../../core/domain/cron.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import type { RunnerDescription } from '../../../core/ports/runner-catalogue.ts';
import type { CronValues } from './cron-values.ts';
import { formField, problemSummary } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { previewView } from './preview-view.ts';
import { runnerChoice } from './runner-choice.ts';
import type { Viewpoint } from './time-view.ts';

export interface FormDraft {
  readonly site: string;
  /** Absent for a new cron. */
  readonly uid?: string;
  readonly values: CronValues;
  readonly problems: readonly Problem[];
  /** Whether the values were just sent; else they are those of a version that stands. */
  readonly isSent: boolean;
  readonly runners: readonly RunnerDescription[];
  /** The crontab's, for crons that have none. */
  readonly timezone: string;
  /** The version that the edit is made from. */
  readonly tag?: string | undefined;
  /** Absent when there is nothing to be previewed yet. */
  readonly preview?: Preview | undefined;
  readonly view: Viewpoint;
  readonly readOnly: boolean;
  readonly action: string;
  readonly previewPath: string;
  readonly back: string;
}

const FIELDS = [
  'uid',
  'name',
  'periodicity',
  'timezone',
  'environ',
  'user',
  'overlap',
  'missed',
  'maxLateness',
  'timeout',
  'logsLimit',
  'activated',
];

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
  const { values, problems, tag, action, back, uid, readOnly } = form;
  return html`${problemSummary(problems, FIELDS, form.isSent)}
<form class="cron-form" method="post" action="${action}" data-preview="${form.previewPath}" novalidate>
${tag === undefined ? NOTHING : html`<input type="hidden" name="tag" value="${tag}">`}${values.saysActivated ? html`<input type="hidden" name="saysActivated" value="on">` : NOTHING}
<div class="columns"><div>
${uid === undefined ? html`<section class="card at-1">${uidField(form)}</section>` : NOTHING}
<section class="card at-2"><h2>What</h2>${runnerChoice(form.runners, values, problems)}${environField(form)}</section>
<section class="card at-4"><h2>How</h2>${policyFields(form)}</section>
</div><div><div class="beside">
<section class="card at-3"><h2>When</h2>${scheduleFields(form)}
<div id="preview" class="preview" role="status">${previewView(form.preview, form.view)}</div>
<button name="do" value="preview" class="quiet nojs">Show the next runs</button></section>
<section class="card at-5">
<label class="check"><input type="checkbox" name="activated" id="activated" value="on"${values.activated ? raw(' checked') : NOTHING}> Switched on</label>
<p class="hint">Off: it keeps its settings and logs, and never runs.</p>
<p class="actions"><button class="primary" name="do" value="save"${readOnly ? raw(' disabled') : NOTHING}>${uid === undefined ? 'Add the cron' : 'Save'}</button> <a class="button" href="${back}">Cancel</a></p>
${readOnly ? html`<p class="hint">The crontab is read only: nothing can be saved.</p>` : NOTHING}</section>
</div></div></div></form>`;
}

function uidField({ values, problems }: FormDraft): Html {
  return formField({
    name: 'uid',
    label: 'Uid',
    hint: 'What this cron is called: letters, digits, “_” and “-”. Left empty, it gets one.',
    problems,
    input: (tied) =>
      html`<input ${tied} value="${values.uid}" maxlength="36" autocomplete="off" spellcheck="false" placeholder="nightly-report">`,
  });
}

function environField({ values, problems }: FormDraft): Html {
  return formField({
    name: 'environ',
    label: 'Environ',
    hint: html`JSON for the runner. A secret is a reference: <code>{"$secret": "name"}</code>.`,
    problems,
    input: (tied) => html`<textarea ${tied} rows="8" spellcheck="false" autocomplete="off" placeholder="{}">
${values.environ}</textarea>`,
  });
}

function scheduleFields({ values, problems, timezone }: FormDraft): Html {
  const periodicity = formField({
    name: 'periodicity',
    label: 'Periodicity',
    hint: html`Minute, hour, day, month, weekday; or <code>@daily</code> and the like.`,
    problems,
    input: (tied) =>
      html`<input ${tied} class="code" value="${values.periodicity}" list="nicknames" autocomplete="off" spellcheck="false" placeholder="0 3 * * *"><datalist id="nicknames">${NICKNAMES.map((one) => html`<option value="${one}"></option>`)}</datalist>`,
  });
  const zone = formField({
    name: 'timezone',
    label: 'Time zone',
    hint: `Left empty, the crontab’s counts: ${timezone}.`,
    problems,
    input: (tied) =>
      html`<input ${tied} value="${values.timezone}" list="zones" autocomplete="off" spellcheck="false" placeholder="${timezone}"><datalist id="zones">${Intl.supportedValuesOf('timeZone').map((one) => html`<option value="${one}"></option>`)}</datalist>`,
  });
  return html`${periodicity}${zone}<input type="hidden" name="crontabTimezone" value="${timezone}">`;
}

function policyFields({ values, problems }: FormDraft): Html {
  const choice = (name: 'overlap' | 'missed', label: string, options: Readonly<Record<string, string>>) =>
    formField({
      name,
      label,
      problems,
      input: (tied) =>
        html`<select ${tied}>${choiceOptions(options, values[name], CRON_DEFAULTS[name])}</select>`,
    });
  const time = (name: 'maxLateness' | 'timeout', label: string, hint: string) =>
    formField({
      name,
      label,
      hint,
      problems,
      input: (tied) =>
        html`<input ${tied} value="${values[name]}" autocomplete="off" placeholder="${formatDuration(CRON_DEFAULTS[name] * 1000)}">`,
    });
  return html`<div class="pairs">${choice('overlap', 'While the last run goes on', {
    skip: 'skip the new one',
    buffer: 'run one right after',
    allow: 'let them overlap',
  })}${choice('missed', 'When times were missed', {
    once: 'run the latest now',
    all: 'run each, oldest first',
    skip: 'run none',
  })}${time('timeout', 'Time limit', 'Such as 90s or 5m; at most 870s.')}${time('maxLateness', 'Latest start', 'Older times never run. Such as 2h or 1d.')}${formField(
    {
      name: 'logsLimit',
      label: 'Logs kept',
      hint: '1 to 25.',
      problems,
      input: (tied) =>
        html`<input ${tied} value="${values.logsLimit}" inputmode="numeric" autocomplete="off" placeholder="${CRON_DEFAULTS.logsLimit}">`,
    },
  )}${formField({
    name: 'user',
    label: 'User',
    hint: 'Whom the runner acts as, if it wants to.',
    problems,
    input: (tied) => html`<input ${tied} value="${values.user}" autocomplete="off" spellcheck="false">`,
  })}</div>`;
}

/** The empty one stands for the default; a value that is none of them is kept, to be seen. */
function choiceOptions(options: Readonly<Record<string, string>>, chosen: string, usual: string): Html {
  const strange = chosen !== '' && !Object.hasOwn(options, chosen);
  return html`<option value="">${options[usual]} (default)</option>${Object.entries(options).map(
    ([value, text]) =>
      html`<option value="${value}"${value === chosen ? raw(' selected') : NOTHING}>${text}</option>`,
  )}${strange ? html`<option value="${chosen}" selected>${chosen}</option>` : NOTHING}`;
}
