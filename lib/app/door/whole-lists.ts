/** Lists whose pages are read one after the other. */
import type { CronView } from '../operations/cron-view.ts';
import type { CrontabView } from '../operations/crontab-view.ts';
import type { Call } from './call.ts';

/** The crontab with all its crons. `fresh` are uids that need a consistent read. Throws NotFoundError. */
export async function wholeCrontab(
  call: Call,
  site: string,
  fresh?: readonly string[],
): Promise<CrontabView> {
  const place = { site, ...(fresh && { fresh }) };
  let { crontab, items, cursor } = await call('listCrons', place, {});
  const crons: CronView[] = [...items];
  while (cursor !== undefined) {
    ({ items, cursor } = await call('listCrons', place, { cursor }));
    crons.push(...items);
  }
  return { ...crontab, crons };
}

/** All sites with their settings and counts, sorted. */
export async function wholeSites(call: Call): Promise<Omit<CrontabView, 'crons'>[]> {
  let { items, cursor } = await call('listSites', {}, {});
  const sites = [...items];
  while (cursor !== undefined) {
    ({ items, cursor } = await call('listSites', {}, { cursor }));
    sites.push(...items);
  }
  return sites;
}
