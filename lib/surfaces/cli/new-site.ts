/** Guards against typos in `--site`: because the first cron creates a site, a new one needs `--new-site`. */

import { wholeSiteNames } from '../../app/door/whole-lists.ts';
import type { Client } from '../../client/client.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { DEFAULT_SITE, SITE } from '../../core/domain/names.ts';
import { siteNotFound } from '../../core/domain/not-found.ts';

export interface NewSiteOptions {
  readonly newSite?: true;
}

/**
 * Throws NotFoundError for a site that does not exist, unless `newSite` is set. The default site always exists. The
 * operations report a name that is not valid.
 */
export async function refuseNewSite(
  { call, name }: Pick<Client, 'call' | 'name'>,
  site: string,
  newSite: true | undefined,
): Promise<void> {
  if (newSite || site === DEFAULT_SITE || !SITE.test(site)) return;
  const sites = await wholeSiteNames(call);
  if (sites.includes(site)) return;
  throw new NotFoundError(`${siteNotFound(site, sites, name).message} To create it, add --new-site.`);
}
