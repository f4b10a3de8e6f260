/** Adds suggestions to errors about a site or cron that does not exist. */

import { readCrontab, siteNames } from '../../app/operations/read.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { cronNotFound, siteNotFound } from '../../core/domain/not-found.ts';
import type { ReadTarget } from '../../core/ports/target.ts';

/** Does the work. A NotFoundError about the site or the uid gets suggestions, which are looked up only then. */
export async function withSuggestions<Result>(
  target: ReadTarget,
  site: string,
  uid: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw await explained(target, site, uid, error);
  }
}

async function explained(
  { ports, name }: ReadTarget,
  site: string,
  uid: string | undefined,
  error: NotFoundError,
): Promise<NotFoundError> {
  const sites = await siteNames(ports);
  if (!sites.includes(site)) return siteNotFound(site, sites, name);
  const uids = (await readCrontab(ports, site)).crons.map((cron) => cron.uid);
  if (uid === undefined || uids.includes(uid)) return error;
  return cronNotFound({ site, uid }, uids, name);
}
