/** The overview of a site: its health, its next 24 hours, and the list of its crons. */
import { html, raw } from 'hono/html';
import type { Counts, CrontabView } from '../../../app/operations/crontab-view.ts';
import { rejectedBanner, siteBanners, unreadableBanner } from './banners.ts';
import { cronRow } from './cron-row.ts';
import { dayPlan } from './day-plan.ts';
import { dayStrip } from './day-strip.ts';
import { type Html, NOTHING } from './html.ts';
import {
  type Listed,
  type ListQuery,
  list,
  listPath,
  SHOWS,
  type Show,
  SORTS,
  type Sort,
} from './list-query.ts';
import { cronPath, sitePath } from './paths.ts';
import type { Rights } from './rights.ts';
import { type WatchedRun, watchPanel } from './run-watch.ts';
import { clockText, relativeView, type Viewpoint } from './time-view.ts';

export interface Overview {
  readonly crontab: CrontabView;
  readonly query: ListQuery;
  readonly view: Viewpoint;
  readonly watched?: WatchedRun | undefined;
  readonly rights: Rights;
}

export function overviewPage({ crontab, query, view, watched, rights }: Overview): Html {
  const { site, crons, counts } = crontab;
  const listed = list(crons, query);
  return html`<div class="title" id="title" data-live><div><h1>${site}</h1>${switchState(crontab)}</div>
<div class="actions">${siteActions(crontab, rights)}</div></div>
<div id="banners" data-live>${siteBanners(crontab, rights)}${unreadableBanner(crons)}${rejectedBanner(crons, rights)}</div>
${watchPanel(watched, view)}
${tiles(site, counts, view)}
${dayStrip(dayPlan(crons, view.now), view)}
${crons.length === 0 ? emptySite(site, rights) : html`${filters(site, query)}${table(crontab, query, listed, view, rights)}`}`;
}

function switchState({ settings }: CrontabView): Html {
  const { activated, readOnly, timezone } = settings;
  return html`<p class="faint"><span class="switch is-${activated ? 'on' : 'off'}">${activated ? 'On' : 'Off'}</span>${readOnly ? html` · read only` : NOTHING} · times in ${timezone}</p>`;
}

function siteActions({ site, settings }: CrontabView, rights: Rights): Html {
  const { activated, readOnly } = settings;
  const disabled = readOnly ? raw(' disabled') : NOTHING;
  return html`${rights.operates ? html`<form method="post" action="${sitePath(site, 'do')}"><button name="do" value="crontab-${activated ? 'off' : 'on'}"${disabled}>Switch ${activated ? 'off' : 'on'}</button></form>` : NOTHING}
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

function filters(site: string, { q, show, sort }: ListQuery): Html {
  const options = (words: Readonly<Record<string, string>>, chosen: string) =>
    Object.entries(words).map(
      ([key, text]) =>
        html`<option value="${key}"${key === chosen ? raw(' selected') : NOTHING}>${text}</option>`,
    );
  return html`<form class="filters" method="get" action="${sitePath(site)}" role="search" data-filter>
<input type="search" name="q" class="grow" aria-label="Search crons" value="${q}" placeholder="Search by uid, runner, user or schedule" autocomplete="off">
<select name="show" aria-label="Show">${options(SHOWS, show)}</select>
<select name="sort" aria-label="Sort">${options(SORTS, sort)}</select>
<button>Apply</button></form>`;
}

function table(
  { site, crons }: CrontabView,
  query: ListQuery,
  listed: Listed,
  view: Viewpoint,
  rights: Rights,
): Html {
  const count =
    listed.found === crons.length
      ? `${crons.length} cron${crons.length === 1 ? '' : 's'}`
      : `${listed.found} of ${crons.length} crons`;
  return html`<form class="list card" method="post" action="${sitePath(site, 'do')}" data-run>
<input type="hidden" name="back" value="${listPath(site, { ...query, page: listed.page })}">
<div class="bulk">${rights.operates ? html`<label class="pickall"><input type="checkbox" data-pick-all><span class="hidden">Select all listed crons</span></label>` : NOTHING}
<span id="found" data-live class="found">${count}</span>
${rights.operates ? html`<span class="with"><span class="faint">Selected crons:</span> ${bulkButtons(rights)}</span>` : NOTHING}</div>
<table role="table"><caption class="hidden">Crons of ${site}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col"><span class="hidden">Select</span></th>
${heading(site, query, 'State', 'health')}${heading(site, query, 'Cron', 'uid')}<th role="columnheader" scope="col">Schedule</th>
${heading(site, query, 'Next run', 'next')}${heading(site, query, 'Last run', 'last')}
<th role="columnheader" scope="col">Last runs</th><th role="columnheader" scope="col"><span class="hidden">Actions</span></th></tr></thead>
<tbody role="rowgroup" id="rows" data-live>${listed.crons.map((cron) => cronRow(cron, view, rights))}${
    listed.found === 0
      ? html`<tr role="row"><td role="cell" colspan="8" class="empty">No cron matches. <a href="${sitePath(site)}">Show all</a></td></tr>`
      : NOTHING
  }</tbody></table>
${pager(site, query, listed)}</form>`;
}

function bulkButtons({ readOnly, edits }: Rights): Html {
  const disabled = readOnly ? raw(' disabled') : NOTHING;
  return html`<button class="quiet" name="do" value="run">Run now</button>
<button class="quiet" name="do" value="on"${disabled}>Switch on</button>
<button class="quiet" name="do" value="off"${disabled}>Switch off</button>
${edits ? html`<button class="quiet danger" name="do" value="delete"${disabled}>Delete</button>` : NOTHING}`;
}

function heading(site: string, query: ListQuery, text: string, sort: Sort): Html {
  const sorted = query.sort === sort ? raw(' aria-sort="ascending"') : NOTHING;
  return html`<th role="columnheader" scope="col"${sorted}><a href="${listPath(site, { ...query, sort, page: 1 })}">${text}</a></th>`;
}

function pager(site: string, query: ListQuery, { page, pages }: Listed): Html {
  if (pages === 1) return html``;
  const link = (to: number, text: string, rel: string) =>
    to < 1 || to > pages
      ? html`<span class="none">${text}</span>`
      : html`<a href="${listPath(site, { ...query, page: to })}" rel="${rel}">${text}</a>`;
  return html`<nav class="pager" aria-label="Pages">${link(page - 1, 'Previous', 'prev')}<span>Page ${page} of ${pages}</span>${link(page + 1, 'Next', 'next')}</nav>`;
}

function emptySite(site: string, { readOnly, edits }: Rights): Html {
  return html`<section class="card empty"><h2>No crons yet</h2><p>A cron runs a task on a schedule.</p>
${readOnly || !edits ? NOTHING : html`<p><a class="button primary" href="${sitePath(site, 'new')}">Add the first cron</a></p>`}</section>`;
}
