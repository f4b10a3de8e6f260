/** The form for the settings of a crontab: its switch, its lock and its time zone. */
import { html, raw } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import { tabLink } from './cron-header.ts';
import { problemSummary, timezoneField } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { sitePath } from './paths.ts';

export interface SettingsForm {
  readonly site: string;
  readonly activated: boolean;
  readonly readOnly: boolean;
  /** As it was typed. */
  readonly timezone: string;
  readonly tag?: string | undefined;
  readonly problems: readonly Problem[];
  /** Whether these are the values of a submitted form, not of the stored version. */
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
  return html`${settingsHeader(site, 'settings')}${problemSummary(problems, ['activated', 'readOnly', 'timezone'], isSent)}
<form class="card narrow" method="post" action="${sitePath(site, 'settings')}" novalidate>${tag === undefined ? NOTHING : html`<input type="hidden" name="tag" value="${tag}">`}
${check('activated', 'Switched on', activated, 'Off: no cron of this site runs.')}
${check('readOnly', 'Read only', readOnly, 'The dashboard, the API and the command line refuse changes. Parameters can still be edited directly.')}
${timezoneField(timezone, 'UTC', { hint: 'The time zone of crons that have none. An empty field means UTC.', problems })}
<p class="actions"><button class="primary">Save</button> <a class="button" href="${sitePath(site)}">Cancel</a></p></form>`;
}

/** The top of the pages of a crontab's settings. */
export function settingsHeader(site: string, tab: 'settings' | 'history'): Html {
  return html`${crumbs(site, 'settings')}
<div class="title"><h1>Settings of ${site}</h1></div>
<nav class="tabs" aria-label="About the settings">${tabLink(sitePath(site, 'settings'), 'Settings', tab === 'settings')}${tabLink(sitePath(site, 'history'), 'History', tab === 'history')}</nav>`;
}
