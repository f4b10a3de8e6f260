/** Reads sites, crontabs and crons from the table. */
import pMap from 'p-map';
import { CRON_DEFAULTS } from '../../core/domain/cron.ts';
import { logOf } from '../../core/domain/log.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import { cronNotFound, siteNotFound } from '../../core/domain/not-found.ts';
import { settingsInForce } from '../../core/domain/projection.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { SiteState } from '../../core/ports/store.ts';
import { type CronDetail, cronView } from './cron-view.ts';
import { type CrontabView, crontabView, type SiteSummary } from './crontab-view.ts';

export type ReadPorts = Pick<OperationPorts, 'store' | 'clock' | 'sees'>;

export interface ReadOptions {
  /**
   * Uids that need a consistent read, such as a cron that was just saved: the query of the site is eventually consistent.
   * Each costs a read, so pass few.
   */
  readonly fresh?: readonly string[];
}

const AT_ONCE = 5;

/** The most that `logsLimit` may be. */
const MAX_LOGS = 25;

/** The names of all sites that the caller may see, sorted. One query. */
export async function siteNames({
  store,
  sees = () => true,
}: Pick<ReadPorts, 'store' | 'sees'>): Promise<string[]> {
  const names = await store.sites();
  return (names.length === 0 ? [DEFAULT_SITE] : names).filter(sees);
}

/** Throws NotFoundError, with the nearest name, for a site without parameters; the default site always exists. */
export async function requireSite(ports: Pick<ReadPorts, 'store' | 'sees'>, site: string): Promise<void> {
  if (site === DEFAULT_SITE) return;
  const sites = await siteNames(ports);
  if (!sites.includes(site)) throw siteNotFound(site, sites);
}

/** All sites with their settings and counts, without their crons, sorted. One query a site. */
export async function listSites(ports: ReadPorts): Promise<SiteSummary[]> {
  const names = await siteNames(ports);
  return pMap(
    names,
    async (site) => {
      const { crons: _, ...summary } = crontabView(site, await ports.store.readSite(site), ports.clock.now());
      return summary;
    },
    { concurrency: AT_ONCE },
  );
}

/**
 * A site with all its crons. One query, and one read for each of `fresh`. Throws NotFoundError when the site has no
 * parameters; the default site always exists.
 */
export async function readCrontab(
  ports: ReadPorts,
  site: string,
  { fresh = [] }: ReadOptions = {},
): Promise<CrontabView> {
  const [state, ...latest] = await Promise.all([
    ports.store.readSite(site),
    ...fresh.map(async (uid) => ({ uid, ...(await ports.store.read(site, uid)) })),
  ]);
  const overlaid = overlay(state, latest);
  if (!overlaid.crontab && overlaid.crons.length === 0 && site !== DEFAULT_SITE) {
    throw siteNotFound(site, await siteNames(ports));
  }
  return crontabView(site, overlaid, ports.clock.now());
}

/** The latest state of one cron, with its logs. One read and one query. Throws NotFoundError. */
export async function readCron(ports: ReadPorts, site: string, uid: string): Promise<CronDetail> {
  const [state, { records }] = await Promise.all([
    ports.store.read(site, uid),
    ports.store.records(site, uid, { limit: MAX_LOGS }),
  ]);
  const settings = settingsInForce(state.crontab);
  const view = cronView({ site, uid }, state, ports.clock.now());
  if (!view) throw cronNotFound({ site, uid });
  const limit = view.definition?.logsLimit ?? CRON_DEFAULTS.logsLimit;
  return { ...view, logs: records.slice(0, limit).map(logOf), settings };
}

function overlay(state: SiteState, latest: readonly ({ uid: string } & Partial<SiteState>)[]): SiteState {
  if (latest.length === 0) return state;
  const rows = new Map(state.crons.map((row) => [row.uid, row]));
  for (const { crontab: _, ...row } of latest) rows.set(row.uid, row);
  const crontab = latest[0]?.crontab ?? state.crontab;
  const crons = [...rows.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
  return { ...(crontab && { crontab }), crons };
}
