import { NotFoundError } from '../../core/domain/errors.ts';
import type { SiteState, Store } from '../../core/ports/store.ts';

/** Where crontabs are: their store, and the place in words. */
export interface Where {
  readonly store: Pick<Store, 'readSite' | 'sites' | 'records'>;
  readonly name: string;
}

/** The state of a site that exists, without the crons that are removed; throws NotFoundError that says which there are. */
export async function siteState({ store, name }: Where, site: string): Promise<SiteState> {
  const { crontab, crons } = await store.readSite(site);
  const present = crons.filter(({ cron }) => cron && !cron.removedAt);
  if (present.length > 0 || crontab) return { ...(crontab && { crontab }), crons: present };
  const sites = await store.sites();
  const there = sites.length === 0 ? 'It has no site yet.' : `It has: ${sites.join(', ')}.`;
  throw new NotFoundError(`There is no site "${site}" in ${name}. ${there} Choose one with --site.`);
}
