/** The list of all sites with their health. */
import { html } from 'hono/html';
import type { SiteSummary } from '../../../app/operations/crontab-view.ts';
import { type Html, NOTHING } from './html.ts';
import { listPath, type Show } from './list-query.ts';
import { cronPath, SITES_PATH, sitePath } from './paths.ts';
import { offView, timeView, type Viewpoint } from './time-view.ts';

const HEADINGS = ['Site', 'Active', 'Failing', 'Late', 'Running', 'Rejected', 'Next run'];

/** `viewOf` gives the view of a site in that zone. */
export function sitesPage(
  sites: readonly SiteSummary[],
  viewOf: (timezone: string) => Viewpoint,
  mayCreate: boolean,
): Html {
  return html`<div class="title"><h1>Sites</h1></div>
<section class="card sites-list" id="site-list" data-live aria-label="Sites"><table role="table"><caption class="hidden">Sites</caption>
<thead role="rowgroup"><tr role="row">${HEADINGS.map((text) => html`<th role="columnheader" scope="col">${text}</th>`)}</tr></thead>
<tbody role="rowgroup">${sites.map((site) => siteRow(site, viewOf(site.settings.timezone)))}</tbody></table></section>
${
  mayCreate
    ? html`<section class="card narrow"><h2>Another site</h2><form class="inline" method="get" action="${SITES_PATH}"><label for="site">Name</label>
<input id="site" name="new" required maxlength="16" pattern="[a-z0-9\\-]+" autocomplete="off" spellcheck="false" aria-describedby="site-hint"> <button>Add its first cron</button></form>
<p class="hint" id="site-hint">Lower-case letters, digits and “-”. Adding the first cron creates the site.</p></section>`
    : NOTHING
}`;
}

function siteRow({ site, settings, counts, off }: SiteSummary, view: Viewpoint): Html {
  const { crons, active, running, failing, late, rejected, next } = counts;
  const some = (count: number, label: string, show: Show, kind: string) =>
    html`<td role="cell" class="${count === 0 ? 'is-zero' : ''}"><span class="label">${label} </span>${count === 0 ? html`<span class="none">0</span>` : html`<a class="badge is-${kind}" href="${listPath(site, { show })}">${count}<span class="hidden"> ${label}</span></a>`}</td>`;
  return html`<tr role="row" class="row">
<th role="rowheader" scope="row" class="name"><a href="${sitePath(site)}">${site}</a>${settings.activated ? NOTHING : html` <span class="badge is-off">Off</span>${off ? html` <span class="faint">since ${offView(off, view)}</span>` : NOTHING}`}${settings.readOnly ? html` <span class="tag">read only</span>` : NOTHING}</th>
<td role="cell" class="active">${active} of ${crons}<span class="label"> active</span></td>
${some(failing, 'failing', 'failing', 'failing')}${some(late, 'late', 'late', 'late')}${some(running, 'running', 'running', 'running')}${some(rejected, 'rejected', 'rejected', 'broken')}
<td role="cell" class="next">${next ? html`<a href="${cronPath(site, next.uid)}">${next.uid}</a> ${timeView(next.plannedAt, view)}` : html`<span class="none">no run is planned</span>`}</td></tr>`;
}
