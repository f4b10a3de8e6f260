/** The crons of a site as a table, with search, order, pages, and the actions on several of them. */
import { html, raw } from 'hono/html';
import type { CrontabView } from '../../../app/operations/crontab-view.ts';
import { cronRow } from './cron-row.ts';
import { optionItems } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { stepLink } from './layout.ts';
import {
  type Listed,
  type ListQuery,
  list,
  listPath,
  MAX_SELECTED,
  nextSort,
  SHOWS,
  SORTS,
  type SortKey,
} from './list-query.ts';
import type { Overview } from './overview-page.ts';
import { sitePath } from './paths.ts';
import type { Rights } from './rights.ts';
import { noteField } from './switch-form.ts';

type CronList = Pick<Overview, 'crontab' | 'query' | 'view' | 'rights'>;

export function cronList(shown: CronList): Html {
  const { crontab, query } = shown;
  return html`${filters(crontab, query)}${table(shown, list(crontab.crons, query))}`;
}

function filters({ site, crons }: CrontabView, { q, tag, show, sort }: ListQuery): Html {
  const own = crons.flatMap(({ definition }) => definition?.tags ?? []);
  const tags = [...new Set(tag === '' ? own : [...own, tag])].sort().map((one) => [one, one]);
  return html`<form class="filters" method="get" action="${sitePath(site)}" role="search" data-filter>
<input type="search" name="q" class="grow" dir="auto" aria-label="Search crons" value="${q}" placeholder="Search by uid, runner, schedule, description or tag" autocomplete="off">
${tags.length === 0 ? NOTHING : html`<select name="tag" aria-label="Tag">${optionItems({ '': 'any tag', ...Object.fromEntries(tags) }, tag)}</select>`}
<select name="show" aria-label="Show">${optionItems(SHOWS, show)}</select>
<select name="sort" aria-label="Sort">${optionItems(SORTS, sort)}</select>
<button class="no-js">Apply</button></form>`;
}

/** The first button of the form is disabled: Enter in the note or on a box sends nothing. */
function table({ crontab: { site, crons }, query, view, rights }: CronList, listed: Listed): Html {
  const found = listed.found.length;
  const count =
    found === crons.length ? `${found} cron${found === 1 ? '' : 's'}` : `${found} of ${crons.length} crons`;
  const isPart = found > listed.crons.length;
  return html`<form class="list card" method="post" action="${sitePath(site, 'do')}" data-run>
<input type="hidden" name="back" value="${listPath(site, { ...query, page: listed.page })}">${rights.operates ? html`<button disabled hidden></button>` : NOTHING}
<div class="bulk">${rights.operates ? html`<label class="pickall js-only"><input type="checkbox" data-pick-all><span class="hidden">Select all crons of this page</span></label>` : NOTHING}
<span id="found">${count}</span>
${rights.operates && isPart ? html`<label class="all"><input type="checkbox" name="all" id="all" value="yes"> ${found > MAX_SELECTED ? `The first ${MAX_SELECTED} of ${found}` : `All ${found}`} that match, not only this page</label>` : NOTHING}
${rights.operates ? html`<fieldset class="with" data-selected><legend class="hidden">Selected crons</legend><span class="faint" aria-hidden="true">Selected crons:</span> ${bulkButtons(rights)}</fieldset>` : NOTHING}</div>
<table role="table"><caption class="hidden">Crons of ${site}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col"><span class="hidden">Select</span></th>
${heading(site, query, 'State', 'health')}${heading(site, query, 'Cron', 'uid')}<th role="columnheader" scope="col">Schedule</th>
${heading(site, query, 'Next run', 'next')}${heading(site, query, 'Last run', 'last')}
<th role="columnheader" scope="col">Last runs</th><th role="columnheader" scope="col"><span class="hidden">Actions</span></th></tr></thead>
<tbody role="rowgroup" id="rows">${listed.crons.map((cron) => cronRow(cron, view, rights))}${
    found === 0
      ? html`<tr role="row"><td role="cell" colspan="8" class="empty">No cron matches. <a href="${sitePath(site)}">Show all</a></td></tr>`
      : NOTHING
  }</tbody></table>
${pager(site, query, listed)}</form>`;
}

function bulkButtons({ readOnly, edits }: Rights): Html {
  const disabled = readOnly ? raw(' disabled') : NOTHING;
  const off = html`<button class="quiet" name="do" value="off"${disabled}>Switch off</button>`;
  return html`<button class="quiet" name="do" value="run">Run now</button>
<button class="quiet" name="do" value="on"${disabled}>Switch on</button>
${readOnly ? off : html`<details class="menu" id="bulk-switch"><summary class="button quiet">Switch off</summary><div>${noteField('bulk-note')}${off}</div></details>`}
${edits ? html`<button class="quiet danger" name="do" value="delete"${disabled}>Delete</button>` : NOTHING}`;
}

function heading(site: string, query: ListQuery, text: string, key: SortKey): Html {
  const { sort } = query;
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
  const sorted = direction === undefined ? NOTHING : html` aria-sort="${direction}"`;
  return html`<th role="columnheader" scope="col"${sorted}><a href="${listPath(site, { ...query, sort: nextSort(sort, key), page: 1 })}">${text}</a></th>`;
}

function pager(site: string, query: ListQuery, { page, pages }: Listed): Html {
  if (pages === 1) return NOTHING;
  const to = (other: number) =>
    other < 1 || other > pages ? undefined : listPath(site, { ...query, page: other });
  return html`<nav class="pager" aria-label="Pages">${stepLink(to(page - 1), 'Previous', 'prev')}<span>Page ${page} of ${pages}</span>${stepLink(to(page + 1), 'Next', 'next')}</nav>`;
}
