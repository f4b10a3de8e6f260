/** The errors for a site or a cron that does not exist, with a suggestion. */
import { NotFoundError } from './errors.ts';
import type { ParameterKey } from './names.ts';
import { didYouMean } from './nearest.ts';

/** `existing` are the sites that there are, if they are known; `target` is where they are, if there may be several. */
export function siteNotFound(site: string, existing?: readonly string[], target?: string): NotFoundError {
  const place = target === undefined ? '' : ` in ${target}`;
  return new NotFoundError(`site "${site}" not found${place}${suggestion(site, existing)}`);
}

/** `existing` are the uids of the site, if they are known; `target` is where the site is, if there may be several. */
export function cronNotFound(
  { site, uid }: Required<ParameterKey>,
  existing?: readonly string[],
  target?: string,
): NotFoundError {
  const place = target === undefined ? '' : ` of ${target}`;
  return new NotFoundError(`cron "${uid}" not found in site "${site}"${place}${suggestion(uid, existing)}`);
}

/** The end of the message: `; did you mean "backup-db"?` */
function suggestion(name: string, existing: readonly string[] | undefined): string {
  if (!existing) return '.';
  const text = didYouMean(name, existing);
  return `; ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
