/** The form for the settings of a crontab: its switch, its lock and its time zone. */
import { html, raw } from 'hono/html';
import { CRONTAB_FIELDS, type CrontabSettings } from '../../../core/domain/crontab-settings.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { tabLink } from './cron-header.ts';
import { changesLine, changesView, settingsChanges } from './form-changes.ts';
import { problemSummary, timezoneField } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { sitePath } from './paths.ts';

export interface SettingsForm {
  readonly site: string;
  /** The time zone is as it was typed. */
  readonly values: CrontabSettings;
  /** The settings in force, with which the form is compared. */
  readonly stored: CrontabSettings;
  readonly tag?: string | undefined;
  readonly problems: readonly Problem[];
  /** Whether these are the values of a submitted form, not of the stored version. */
  readonly isSent: boolean;
}

export function settingsPage({ site, values, stored, tag, problems, isSent }: SettingsForm): Html {
  const { activated, readOnly, timezone } = values;
  const changes = settingsChanges({ ...stored }, { ...values });
  const check = (name: string, label: string, checked: boolean, hint: string) =>
    html`<div class="field"><label class="check"><input type="checkbox" name="${name}" id="${name}" value="on" aria-describedby="${name}-hint"${checked ? raw(' checked') : NOTHING}> ${label}</label><p class="hint" id="${name}-hint">${hint}</p></div>`;
  return html`${settingsHeader(site, 'settings')}${problemSummary(problems, CRONTAB_FIELDS, isSent)}
<form class="card narrow" method="post" action="${sitePath(site, 'settings')}" data-stored="${JSON.stringify(stored)}" novalidate>${tag === undefined ? NOTHING : html`<input type="hidden" name="tag" value="${tag}">`}
${check('activated', 'Switched on', activated, 'Off: no cron of this site runs.')}
${check('readOnly', 'Read only', readOnly, 'The dashboard, the API and the command line refuse changes. Parameters can still be edited directly.')}
${timezoneField(timezone, 'UTC', { hint: 'The time zone of crons that have none. An empty field means UTC.', problems })}
<section class="js-only" aria-labelledby="changes-title"><h2 id="changes-title">What saving changes</h2>${changesView(changes)}</section>
<div class="actions"><button class="primary">Save</button> <a class="button" href="${sitePath(site)}">Cancel</a>${changesLine(changes)}</div></form>`;
}

/** The top of the pages of a crontab's settings. */
export function settingsHeader(site: string, tab: 'settings' | 'history'): Html {
  return html`${crumbs(site, 'settings')}
<div class="title"><h1>Settings of ${site}</h1></div>
<nav class="tabs" aria-label="About the settings">${tabLink(sitePath(site, 'settings'), 'Settings', tab === 'settings')}${tabLink(sitePath(site, 'history'), 'History', tab === 'history')}</nav>`;
}
