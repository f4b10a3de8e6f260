/** Adds suggestions to errors about a site or cron that does not exist. */

import { wholeCrontab, wholeSiteNames } from '../../app/door/whole-lists.ts';
import type { Client } from '../../client/client.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { cronNotFound, siteNotFound } from '../../core/domain/not-found.ts';

/** Does the work. A NotFoundError about the site or the uid gets suggestions, which are looked up only then. */
export async function withSuggestions<Result>(
  client: Pick<Client, 'call' | 'name'>,
  site: string,
  uid: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw await explained(client, site, uid, error);
  }
}

async function explained(
  { call, name }: Pick<Client, 'call' | 'name'>,
  site: string,
  uid: string | undefined,
  error: NotFoundError,
): Promise<NotFoundError> {
  const sites = await wholeSiteNames(call);
  if (!sites.includes(site)) return siteNotFound(site, sites, name);
  const uids = (await wholeCrontab(call, site)).crons.map((cron) => cron.uid);
  if (uid === undefined || uids.includes(uid)) return error;
  return cronNotFound({ site, uid }, uids, name);
}
