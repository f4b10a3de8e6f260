/** The banners at the top of a page: read-only and switched-off crontabs, and versions that are not in force. */
import { html } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import type { CrontabView } from '../../../app/operations/crontab-view.ts';
import { describePeriodicity } from '../../../app/operations/describe-periodicity.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath, sitePath } from './paths.ts';
import { problemList } from './problems-view.ts';

const MAX_LISTED = 5;

type SiteState = Pick<CrontabView, 'site' | 'settings' | 'parameter'>;

export function siteBanners({ site, settings, parameter }: SiteState): Html {
  return html`${settings.readOnly ? readOnly(site) : NOTHING}${settings.activated ? NOTHING : switchedOff(site, settings.readOnly)}${
    parameter?.problems
      ? html`<section class="banner is-refused"><h2>The latest settings of this crontab are not in force</h2>
${problemList(parameter.problems)}
<p>The last valid version is in force. <a href="${sitePath(site, 'settings')}">Fix the settings</a></p></section>`
      : NOTHING
  }`;
}

/** Lists the crons whose latest version was rejected, with links to fix them. */
export function rejectedBanner(crons: readonly CronView[]): Html {
  const rejected = crons.filter(({ parameter }) => parameter.problems !== undefined);
  if (rejected.length === 0) return html``;
  const left = rejected.length - MAX_LISTED;
  return html`<section class="banner is-refused" id="rejected-edits"><h2>${rejected.length === 1 ? 'An edit was' : `${rejected.length} edits were`} rejected</h2>
<ul class="plain">${rejected.slice(0, MAX_LISTED).map(rejectedItem)}</ul>
${left > 0 ? html`<p>… and ${left} more: <a href="?show=rejected">show them all</a></p>` : NOTHING}</section>`;
}

function rejectedItem(cron: CronView): Html {
  const { site, uid, parameter } = cron;
  return html`<li><a href="${cronPath(site, uid)}"><strong>${uid}</strong></a> ${inForce(cron)}
${problemList(parameter.problems ?? [])}
<a href="${cronPath(site, uid, 'edit')}">Fix it<span class="hidden"> (${uid})</span></a></li>`;
}

/** The version that runs instead of a rejected one. */
export function inForce({ uid, definition, parameter }: CronView): string {
  if (!definition) return 'No version has been valid, so nothing runs.';
  return `Version ${parameter.version} is not in force. The last valid version runs: ${definition.name}, ${describePeriodicity(definition.periodicity, uid)} (${definition.periodicity}).`;
}

function readOnly(site: string): Html {
  return html`<section class="banner is-state"><p><strong>Read only.</strong> The dashboard cannot change anything. Runs continue. <a href="${sitePath(site, 'settings')}">Settings</a></p></section>`;
}

function switchedOff(site: string, locked: boolean): Html {
  return html`<section class="banner is-state"><form method="post" action="${sitePath(site, 'do')}"><p><strong>Switched off.</strong> No cron of this site runs until the crontab is switched on.</p>
${locked ? NOTHING : html`<button name="do" value="crontab-on">Switch the crontab on</button>`}</form></section>`;
}
