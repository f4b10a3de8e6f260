/** The settings of a crontab: its switch, its lock and its time zone. */
import { html, raw } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import { formField, problemSummary } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { settingsPath, sitePath } from './paths.ts';

export interface SettingsForm {
  readonly site: string;
  readonly activated: boolean;
  readonly readOnly: boolean;
  /** As it was typed. */
  readonly timezone: string;
  readonly tag?: string | undefined;
  readonly problems: readonly Problem[];
  /** Whether it was just sent; else it stands so. */
  readonly isSent: boolean;
}

export function settingsPage({
  site,
  activated,
  readOnly,
  timezone,
  tag,
  problems,
  isSent,
}: SettingsForm): Html {
  const check = (name: string, label: string, checked: boolean, hint: string) =>
    html`<div class="field"><label class="check"><input type="checkbox" name="${name}" id="${name}" value="on" aria-describedby="${name}-hint"${checked ? raw(' checked') : NOTHING}> ${label}</label><p class="hint" id="${name}-hint">${hint}</p></div>`;
  return html`<nav class="crumbs" aria-label="Where you are"><a href="${sitePath(site)}">${site}</a> <span aria-hidden="true">/</span> settings</nav>
<div class="title"><h1>Settings of ${site}</h1></div>${problemSummary(problems, ['activated', 'readOnly', 'timezone'], isSent)}
<form class="card narrow" method="post" action="${settingsPath(site)}" novalidate>${tag === undefined ? NOTHING : html`<input type="hidden" name="tag" value="${tag}">`}
${check('activated', 'Switched on', activated, 'Off: no cron of this site runs. On again: they run from then on.')}
${check('readOnly', 'Read only', readOnly, 'Nothing can be changed through the dashboard, the API or the command line; the console still can.')}
${formField({
  name: 'timezone',
  label: 'Time zone',
  hint: 'For crons that have none of their own. Left empty, it is UTC.',
  problems,
  input: (tied) =>
    html`<input ${tied} value="${timezone}" list="zones" autocomplete="off" spellcheck="false" placeholder="UTC"><datalist id="zones">${Intl.supportedValuesOf('timeZone').map((one) => html`<option value="${one}"></option>`)}</datalist>`,
})}
<p class="actions"><button class="primary">Save</button> <a class="button" href="${sitePath(site)}">Cancel</a></p></form>`;
}
