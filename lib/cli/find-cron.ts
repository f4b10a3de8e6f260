import { NotFoundError } from '../domain/errors.ts';
import type { State } from '../ports/store.ts';
import type { Target } from './target.ts';

/** The state of a cron that exists; throws NotFoundError that says which there are. */
export async function findCron({ store, name }: Target, site: string, uid: string): Promise<State> {
  const state = await store.read(site, uid);
  if (state.cron && !state.cron.removed) return state;
  const { crons } = await store.readSite(site);
  const uids = crons.filter(({ cron }) => cron && !cron.removed).map((row) => row.uid);
  const there = uids.length === 0 ? `The site has no crons.` : `The site has: ${uids.join(', ')}.`;
  throw new NotFoundError(`There is no cron "${uid}" on the site "${site}" in ${name}. ${there}`);
}
