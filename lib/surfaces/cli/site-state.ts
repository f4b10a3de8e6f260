import { siteNotFound } from '../../core/domain/not-found.ts';
import type { SiteState, Store } from '../../core/ports/store.ts';

/** Where crontabs are: their store, and the place in words. */
export interface Where {
  readonly store: Pick<Store, 'readSite' | 'sites'>;
  readonly name: string;
}

/** The state of a site that exists, without the crons that are removed; throws NotFoundError that says which there are. */
export async function siteState({ store, name }: Where, site: string): Promise<SiteState> {
  const { crontab, crons } = await store.readSite(site);
  const present = crons.filter(({ cron }) => cron && !cron.removed);
  if (present.length > 0 || crontab) return { ...(crontab && { crontab }), crons: present };
  throw siteNotFound(site, await store.sites(), name);
}
