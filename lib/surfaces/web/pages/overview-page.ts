/** The overview of a site: its health, its timeline, and the list of its crons. */

import { html } from 'hono/html';
import type { Counts, CrontabView } from '../../../app/operations/crontab-view.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import { rejectedBanner, siteBanners, unreadableBanner } from './banners.ts';
import { cronList } from './cron-list.ts';
import { type Html, NOTHING } from './html.ts';
import { type ListQuery, listPath, type Show } from './list-query.ts';
import { cronPath, sitePath } from './paths.ts';
import type { Rights } from './rights.ts';
import { type WatchedRun, watchPanel } from './run-watch.ts';
import { switchForm } from './switch-form.ts';
import { offView, relativeView, type Viewpoint } from './time-view.ts';
import { timelinePlace } from './timeline-view.ts';

export interface Overview {
  readonly crontab: CrontabView;
  readonly query: ListQuery;
  readonly view: Viewpoint;
  readonly watched?: WatchedRun | undefined;
  readonly rights: Rights;
  /** The option of the command line that chooses the target. */
  readonly option: string | undefined;
}

export function overviewPage({ crontab, query, view, watched, rights, option }: Overview): Html {
  const { site, crons, counts } = crontab;
  return html`<div class="title" id="title" data-live><div><h1>${site}</h1>${switchState(crontab, view)}</div>
<div class="actions">${siteActions(crontab, rights)}</div></div>
<div id="banners" data-live>${siteBanners(crontab, rights)}${unreadableBanner(crons)}${rejectedBanner(crons, rights)}</div>
${watchPanel(watched, view)}
${crons.length === 0 ? NOTHING : html`${tiles(site, counts, view)}${timelinePlace(site)}`}
<div id="list" data-live>${crons.length === 0 ? emptySite(site, rights, option) : cronList({ crontab, query, view, rights })}</div>`;
}

function switchState({ settings, off }: CrontabView, view: Viewpoint): Html {
  const { activated, readOnly } = settings;
  return html`<p class="faint"><span class="switch is-${activated ? 'on' : 'off'}">${activated ? 'On' : 'Off'}</span>${off ? html` since ${offView(off, view)}` : NOTHING}${readOnly ? html` · read only` : NOTHING}<span class="times-in"> · times in ${view.timezone}</span></p>`;
}

function siteActions({ site, settings }: CrontabView, rights: Rights): Html {
  const { activated, readOnly } = settings;
  return html`${rights.operates ? switchForm({ action: sitePath(site, 'do'), prefix: 'crontab-', activated, readOnly }) : NOTHING}
${rights.edits ? html`<a class="button" href="${sitePath(site, 'settings')}">Settings</a>` : NOTHING}
${readOnly || !rights.edits ? NOTHING : html`<a class="button primary" href="${sitePath(site, 'new')}">Add a cron</a>`}`;
}

function tiles(site: string, counts: Counts, view: Viewpoint): Html {
  const tile = (show: Show, count: number, label: string, bad = false) =>
    html`<li><a class="tile${bad && count > 0 ? ' is-bad' : ''}" href="${listPath(site, { show })}"><strong>${count}</strong> ${label}</a></li>`;
  const { next } = counts;
  return html`<ul class="tiles" id="tiles" data-live aria-label="Health">
<li><a class="tile" href="${listPath(site, { show: 'on' })}"><strong>${counts.active}<span class="of">/${counts.crons}</span></strong> active</a></li>
${tile('running', counts.running, 'running')}${tile('failing', counts.failing, 'failing', true)}${tile('late', counts.late, 'late', true)}
<li>${
    next
      ? html`<a class="tile" href="${cronPath(site, next.uid)}"><strong>${relativeView(next.plannedAt, view)}</strong> next: ${next.uid}, ${clockText(next.plannedAt, view)}</a>`
      : html`<span class="tile"><strong class="none">–</strong> no run is planned</span>`
  }</li></ul>`;
}

/** Three ways to begin. */
function emptySite(site: string, { readOnly, edits }: Rights, option: string | undefined): Html {
  const door = (title: string, text: Html | string, runner?: string) =>
    html`<li><h3>${runner === undefined ? title : html`<a href="${sitePath(site, 'new')}?runner=${runner}">${title}</a>`}</h3><p>${text}</p></li>`;
  return html`<section class="card empty"><h2>No crons yet</h2><p>A cron runs a task on a schedule.</p>
${
  readOnly || !edits
    ? NOTHING
    : html`<ul class="doors">${door('Call a URL', 'Requests an address at its times, and checks the answer.', 'http')}
${door('Run a command or a function', html`Runs a program. On AWS it <a href="${sitePath(site, 'new')}?runner=lambda:">invokes a Lambda function</a>.`, 'command')}
${door('Import a crontab', html`Shows what an import would do: <code>crontab -l | npx cloudtab plan - --site ${site}${option === undefined ? NOTHING : ` ${option}`}</code>. Then use <code>apply</code> in place of <code>plan</code>.`)}</ul>
<p><a class="button primary" href="${sitePath(site, 'new')}">Add the first cron</a></p>`
}</section>`;
}
