/** The banners at the top of a page: read-only and switched-off crontabs, and versions that are not in force. */
import { html } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import type { CrontabView } from '../../../app/operations/crontab-view.ts';
import { describePeriodicity } from '../../../app/operations/describe-periodicity.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath, sitePath } from './paths.ts';
import { problemList } from './problems-view.ts';
import type { Rights } from './rights.ts';

const MAX_LISTED = 5;

type SiteState = Pick<CrontabView, 'site' | 'settings' | 'parameter'>;

export function siteBanners({ site, settings, parameter }: SiteState, rights: Rights): Html {
  return html`${stateBanner(site, settings, rights)}${
    parameter?.problems
      ? html`<section class="banner is-refused"><h2>The latest settings of this crontab are not in force</h2>
${problemList(parameter.problems)}
<p>The last valid version is in force.${rights.edits ? html` <a href="${sitePath(site, 'settings')}">Fix the settings</a>` : NOTHING}</p></section>`
      : NOTHING
  }`;
}

/** Lists the crons whose latest version was rejected, with links to fix them. */
export function rejectedBanner(crons: readonly CronView[], { edits }: Rights): Html {
  const rejected = crons.filter(({ parameter }) => parameter.problems !== undefined);
  if (rejected.length === 0) return NOTHING;
  const left = rejected.length - MAX_LISTED;
  const items = html`<ul class="plain">${rejected.slice(0, MAX_LISTED).map((cron) => rejectedItem(cron, edits))}</ul>
${left > 0 ? html`<p>… and ${left} more: <a href="?show=rejected">show them all</a></p>` : NOTHING}`;
  return html`<section class="banner is-refused" id="rejected-edits">${
    rejected.length === 1
      ? html`<h2>An edit was rejected</h2>${items}`
      : html`<details><summary><h2>${rejected.length} edits were rejected</h2></summary>${items}</details>`
  }</section>`;
}

/** Lists the crons whose stored state cannot be read. */
export function unreadableBanner(crons: readonly CronView[]): Html {
  const problems = crons.flatMap(({ site, uid, unreadable }) =>
    unreadable ? { site, uid, unreadable } : [],
  );
  if (problems.length === 0) return NOTHING;
  const left = problems.length - MAX_LISTED;
  return html`<section class="banner is-refused" id="unreadable"><h2>${problems.length === 1 ? 'A cron' : `${problems.length} crons`} cannot be read and ${problems.length === 1 ? 'does' : 'do'} not run</h2>
<ul class="plain">${problems
    .slice(0, MAX_LISTED)
    .map(
      ({ site, uid, unreadable }) =>
        html`<li><a href="${cronPath(site, uid)}"><strong>${uid}</strong></a>${problemList([unreadable])}</li>`,
    )}</ul>${left > 0 ? html`<p>… and ${left} more</p>` : NOTHING}</section>`;
}

function rejectedItem(cron: CronView, edits: boolean): Html {
  const { site, uid, parameter } = cron;
  return html`<li><a href="${cronPath(site, uid)}"><strong>${uid}</strong></a> ${inForce(cron)}
${problemList(parameter.problems ?? [])}
${edits ? html`<a href="${cronPath(site, uid, 'edit')}">Fix it<span class="hidden"> (${uid})</span></a>` : NOTHING}</li>`;
}

/** The version that runs instead of a rejected one. */
export function inForce({ uid, definition, unreadable, parameter }: CronView): string {
  if (unreadable) return 'The last valid version cannot be read, so nothing runs.';
  if (!definition) return 'No version has been valid, so nothing runs.';
  return `Version ${parameter.version} is not in force. The last valid version runs: ${definition.name}, ${describePeriodicity(definition.periodicity, uid)} (${definition.periodicity}).`;
}

/** One banner, whether the crontab is read-only, switched off, or both. */
function stateBanner(
  site: string,
  { readOnly, activated }: CrontabView['settings'],
  { edits, operates }: Rights,
): Html {
  if (!readOnly && activated) return NOTHING;
  if (!readOnly) {
    return html`<section class="banner is-state"><form method="post" action="${sitePath(site, 'do')}"><p><strong>Switched off.</strong> No cron of this site runs until the crontab is switched on.</p>
${operates ? html`<button name="do" value="crontab-on">Switch the crontab on</button>` : NOTHING}</form></section>`;
  }
  const text = activated
    ? html`<strong>Read only.</strong> The dashboard cannot change anything. Runs continue.`
    : html`<strong>Switched off and read only.</strong> No cron of this site runs, and the dashboard cannot change anything.`;
  return html`<section class="banner is-state"><p>${text}${edits ? html` <a href="${sitePath(site, 'settings')}">Settings</a>` : NOTHING}</p></section>`;
}
