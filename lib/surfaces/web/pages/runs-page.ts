/** The list of runs of one site or of all: what failed, what did not run, and what is in progress. */

import { html } from 'hono/html';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import { type RunItem, searchedUntil } from '../../../app/operations/read-runs.ts';
import { MAX_TAG } from '../../../core/domain/tags.ts';
import { statusBadge } from './badges.ts';
import { optionItems } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { crumbs } from './layout.ts';
import { cronPath, runPath } from './paths.ts';
import { ORIGINS, PERIODS, RUN_SHOWS, type RunsQuery, runsPath, sinceOf } from './runs-query.ts';
import { clockView, lateText, relativeView, shownMessages, type Viewpoint } from './time-view.ts';
import { userText } from './user-text.ts';

export interface RunsList {
  readonly query: RunsQuery;
  /** Those in progress first. */
  readonly runs: readonly RunItem[];
  /** The cursor for the next page; absent if the period was searched to its beginning. */
  readonly next?: string | undefined;
  /** Of the runs of each site. */
  readonly views: ReadonlyMap<string, Viewpoint>;
  /** Of the other times. */
  readonly view: Viewpoint;
}

export function runsPage(list: RunsList): Html {
  const { query, runs } = list;
  const { site } = query;
  return html`${site === undefined ? NOTHING : crumbs(site, 'runs')}
<div class="title"><div><h1>Runs</h1><p class="faint">${site === undefined ? 'of all sites' : html`of ${site}`}, newest first</p></div></div>
${filters(query)}
<section class="card runs-list" id="runs" data-live aria-label="Runs">
${
  runs.length === 0
    ? html`<div class="empty">${emptyText(list)}</div>`
    : html`<table role="table"><caption class="hidden">Runs</caption>
<thead role="rowgroup"><tr role="row">${['State', 'Cron', 'Planned', 'Took', 'What happened'].map((text) => html`<th role="columnheader" scope="col">${text}</th>`)}</tr></thead>
<tbody role="rowgroup">${runs.map((run) => runRow(run, list))}</tbody></table>`
}
${reach(list)}</section>`;
}

function filters(query: RunsQuery): Html {
  const { show, period, origin, uid, runner, tag } = query;
  return html`<form class="filters" method="get" action="${runsPath({ site: query.site })}" role="search" data-filter>
<select name="show" aria-label="Show">${optionItems(RUN_SHOWS, show)}</select>
<select name="period" aria-label="Period">${optionItems(PERIODS, period)}</select>
<select name="origin" aria-label="Planned or by hand">${optionItems(ORIGINS, origin)}</select>
<input name="uid" class="grow" aria-label="Cron" value="${uid}" placeholder="uid of a cron" maxlength="36" autocomplete="off" spellcheck="false">
<input name="runner" class="grow" aria-label="Runner" value="${runner}" placeholder="runner" maxlength="100" autocomplete="off" spellcheck="false">
<input name="tag" class="grow" aria-label="Tag" value="${tag}" placeholder="tag" maxlength="${MAX_TAG}" autocomplete="off" spellcheck="false">
<button class="no-js">Apply</button></form>`;
}

function runRow(run: RunItem, { query, views, view: ofAll }: RunsList): Html {
  const { site, uid, runner, plannedAt, status, forced, requestedBy } = run;
  const view = views.get(site) ?? ofAll;
  const page = runPath(site, uid, run.id);
  const where = query.site === undefined ? `${site} · ` : '';
  const who = forced
    ? html` <span class="tag">${requestedBy === undefined ? 'by hand' : html`by ${userText(requestedBy)}`}</span>`
    : NOTHING;
  return html`<tr role="row" class="row is-${status}">
<td role="cell" class="state"><a href="${page}">${statusBadge(status)}</a></td>
<th role="rowheader" scope="row" class="name"><a href="${cronPath(site, uid)}" title="${uid}">${uid}</a> <span class="sub">${where}${runner}</span></th>
<td role="cell" class="planned-at"><a href="${page}">${clockView(plannedAt, view)}</a>${who}</td>
<td role="cell" class="took">${took(run, view.now)}</td>
<td role="cell" class="what">${what(run, view)}</td></tr>`;
}

function took({ startedAt, date, status }: RunItem, now: number): Html {
  if (startedAt === undefined) return html`<span class="none">–</span>`;
  if (status === 'RUNNING') return html`for ${formatDuration(now - startedAt)}`;
  return html`${formatDuration((date ?? startedAt) - startedAt)}`;
}

function what(run: RunItem, view: Viewpoint): Html {
  const { date, covers } = run;
  const [message] = shownMessages(run, view);
  const many =
    covers && covers.count > 1
      ? html` <span class="faint">${covers.count}${covers.isMore ? ' or more' : NOTHING} planned times since ${clockText(covers.from, view)}</span>`
      : NOTHING;
  const late = lateText(run);
  const ended = date === undefined ? NOTHING : html`<span class="faint">${relativeView(date, view)}</span> `;
  return html`<span class="line">${ended}${message === undefined ? NOTHING : html`<span class="message" dir="auto" title="${message}">${message}</span>`}${many}${late === undefined ? NOTHING : html` <span class="faint">${late}</span>`}</span>`;
}

function emptyText({ query, next }: RunsList): Html {
  const { site, show, period, uid, runner, tag, origin } = query;
  if (next !== undefined) return html`<p>Nothing matches so far.</p>`;
  if (show === 'running') return html`<p>Nothing runs at the moment.</p>`;
  const isNarrow = uid !== '' || runner !== '' || tag !== '' || origin !== 'any';
  if (show === 'attention' && !isNarrow) {
    return html`<p>Nothing needs attention: every run was OK (${PERIODS[period]}).</p><p><a href="${runsPath({ site, show: 'all', period })}">Show all runs</a></p>`;
  }
  const ofCron =
    site !== undefined && uid !== ''
      ? html`<p><a href="${cronPath(site, uid, 'why')}">Why?</a></p>`
      : NOTHING;
  return html`<p>No such run (${PERIODS[period]}).</p>${ofCron}<p><a href="${runsPath({ site, show: 'all', period: 'all' })}">Show all runs that are kept</a></p>`;
}

/** How far the search went, and the way to the rest. */
function reach({ query, runs, next, view }: RunsList): Html {
  const { cursor, show } = query;
  const since = sinceOf(query, view.now);
  const first =
    cursor === undefined
      ? NOTHING
      : html`<a href="${runsPath({ ...query, cursor: undefined })}" rel="first">Newest</a>`;
  if (next === undefined && show === 'running') {
    return cursor === undefined ? NOTHING : html`<nav class="pager" aria-label="Pages">${first}</nav>`;
  }
  if (next === undefined) {
    const back = since === undefined ? 'to the oldest record' : html`back to ${clockText(since, view)}`;
    return html`<nav class="pager" aria-label="Pages">${first}<span>Searched ${back}</span></nav>`;
  }
  const link = html`<a href="${runsPath({ ...query, cursor: next })}" rel="next">${runs.length === 0 ? 'Search on' : 'Older'}</a>`;
  const time = searchedUntil(next);
  const text = time === undefined ? 'More runs are in progress' : `Searched back to ${clockText(time, view)}`;
  return html`<nav class="pager" aria-label="Pages">${first}<span>${text}</span>${link}</nav>`;
}
