/** The addresses of pages. */

/** All sites. */
export const SITES_PATH = '/sites';

type CronPage = 'edit' | 'history' | 'do';

export function sitePath(site: string): string {
  return `/sites/${encodeURIComponent(site)}`;
}

/** For actions on several crons, or on the crontab itself. */
export function siteActionPath(site: string): string {
  return `${sitePath(site)}/do`;
}

export function settingsPath(site: string): string {
  return `${sitePath(site)}/settings`;
}

export function newCronPath(site: string): string {
  return `${sitePath(site)}/new`;
}

export function previewPath(site: string): string {
  return `${sitePath(site)}/preview`;
}

export function cronPath(site: string, uid: string, page?: CronPage): string {
  const path = `${sitePath(site)}/crons/${encodeURIComponent(uid)}`;
  return page === undefined ? path : `${path}/${page}`;
}

/** The lines that the run of this log wrote. */
export function linesPath(site: string, uid: string, logId: string): string {
  return `${cronPath(site, uid)}/lines/${encodeURIComponent(logId)}`;
}
