/** The paths of pages. */
import { iso } from '../../../core/domain/iso.ts';

/** The list of all sites. */
export const SITES_PATH = '/sites';

/** `do` is for actions on several crons, or on the crontab itself. */
type SitePage = 'do' | 'history' | 'new' | 'preview' | 'runs' | 'settings' | 'timeline';
type CronPage = 'do' | 'edit' | 'history' | 'why';

export function sitePath(site: string, page?: SitePage): string {
  return withPage(`${SITES_PATH}/${encodeURIComponent(site)}`, page);
}

/** The form for the first cron of a site. */
export function newSitePath(site: string): string {
  return `${sitePath(site, 'new')}?newSite=true`;
}

export function cronPath(site: string, uid: string, page?: CronPage): string {
  return withPage(`${sitePath(site)}/crons/${encodeURIComponent(uid)}`, page);
}

/** The run with that id: the id of its run record. */
export function runPath(site: string, uid: string, id: string): string {
  return `${cronPath(site, uid)}/runs/${encodeURIComponent(id)}`;
}

/** Why the cron ran, did not run or will run at that time, in epoch milliseconds. */
export function whyPath(site: string, uid: string, time: number): string {
  return `${cronPath(site, uid, 'why')}?time=${encodeURIComponent(iso(time))}`;
}

function withPage(path: string, page: string | undefined): string {
  return page === undefined ? path : `${path}/${page}`;
}
