/** The list of all sites with their health. */
import { html } from 'hono/html';
import type { CrontabView } from '../../../app/operations/crontab-view.ts';
import { type Html, NOTHING } from './html.ts';
import { SITES_PATH, sitePath } from './paths.ts';
import { relativeView } from './time-view.ts';

export type SiteSummary = Omit<CrontabView, 'crons'>;

export function sitesPage(sites: readonly SiteSummary[], now: number, mayCreate: boolean): Html {
  return html`<div class="title"><h1>Sites</h1></div>
<ul class="site-list" id="site-list" data-live>${sites.map((site) => siteItem(site, now))}</ul>
${
  mayCreate
    ? html`<section class="card narrow"><h2>Another site</h2><form class="inline" method="get" action="${SITES_PATH}"><label for="site">Name</label>
<input id="site" name="new" required maxlength="16" pattern="[a-z0-9\\-]+" autocomplete="off" spellcheck="false" aria-describedby="site-hint"> <button>Add its first cron</button></form>
<p class="hint" id="site-hint">Lower-case letters, digits and “-”. Adding the first cron creates the site.</p></section>`
    : NOTHING
}`;
}

function siteItem({ site, settings, counts }: SiteSummary, now: number): Html {
  const { crons, active, running, failing, late, rejected, next } = counts;
  const some = (count: number, word: string, kind: string) =>
    count === 0 ? NOTHING : html` <span class="badge is-${kind}">${count} ${word}</span>`;
  return html`<li class="card"><h2><a href="${sitePath(site)}">${site}</a></h2>
<p>${settings.activated ? NOTHING : html`<span class="badge is-off">Off</span> `}${settings.readOnly ? html`<span class="tag">read only</span> ` : NOTHING}${active} of ${crons} active${some(running, 'running', 'running')}${some(failing, 'failing', 'failing')}${some(late, 'late', 'late')}${some(rejected, 'rejected', 'broken')}</p>
<p class="faint">${next ? html`next: ${next.uid} ${relativeView(next.plannedAt, { now, timezone: settings.timezone })}` : 'no run is planned'}</p></li>`;
}
