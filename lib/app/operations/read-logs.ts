/** Reads the logs of a cron page by page, and the latest logs of several crons. */
import pMap from 'p-map';
import { type Log, logOf } from '../../core/domain/log.ts';
import type { CronView } from './cron-view.ts';
import { type ReadPorts, readCron } from './read.ts';

export interface LogPage {
  /** Newest first. */
  readonly logs: readonly Log[];
  /** The number of all logs, at most the cron's `logsLimit`. */
  readonly total: number;
  /** The offset of the next page, counted from 0; absent on the last page. */
  readonly nextOffset?: number;
}

export const LOGS_PAGE = 10;

/** Reads `count` logs from `offset`. Throws NotFoundError. */
export async function readLogs(
  ports: ReadPorts,
  site: string,
  uid: string,
  { offset = 0, count = LOGS_PAGE }: { readonly offset?: number; readonly count?: number } = {},
): Promise<LogPage> {
  const { logs: all } = await readCron(ports, site, uid);
  const end = offset + count;
  return {
    logs: all.slice(offset, end),
    total: all.length,
    ...(end < all.length ? { nextOffset: end } : {}),
  };
}

const CONCURRENCY = 10;

/** The latest logs of each of these crons, by uid: one query for each that has run. */
export async function readAllLogs(
  { store }: Pick<ReadPorts, 'store'>,
  crons: readonly CronView[],
): Promise<ReadonlyMap<string, readonly Log[]>> {
  const logs = new Map<string, readonly Log[]>();
  const haveRun = crons.filter(({ job }) => job.last !== undefined);
  const read = async ({ site, uid, definition }: CronView) => {
    const { records } = await store.records(site, uid, { limit: definition?.logsLimit ?? 1 });
    logs.set(uid, records.map(logOf));
  };
  await pMap(haveRun, read, { concurrency: CONCURRENCY });
  return logs;
}
