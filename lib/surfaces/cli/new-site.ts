/** A site is made by its first cron: so that a slip makes none, a new one has to be wanted. */

import { siteNames } from '../../app/operations/read.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { DEFAULT_SITE, SITE } from '../../core/domain/names.ts';
import { siteNotFound } from '../../core/domain/not-found.ts';
import type { Target } from '../../core/ports/target.ts';

export interface NewSiteOptions {
  readonly newSite?: true;
}

/**
 * Throws NotFoundError for a site that is not there, unless a new one is wanted. The default one always is there. A name that
 * no site can have is left to whoever works with it.
 */
export async function refuseNewSite(
  { ports, name }: Pick<Target, 'ports' | 'name'>,
  site: string,
  newSite: true | undefined,
): Promise<void> {
  if (newSite || site === DEFAULT_SITE || !SITE.test(site)) return;
  const sites = await siteNames(ports);
  if (sites.includes(site)) return;
  throw new NotFoundError(`${siteNotFound(site, sites, name).message} To make a new one, add --new-site.`);
}
