/** Reads the logs of a cron page by page, and the latest logs of several crons. */
import pMap from 'p-map';
import { type Log, logOf } from '../../core/domain/log.ts';
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

export interface LogsOfCron {
  readonly uid: string;
  /** Newest first. */
  readonly logs: readonly Log[];
}

/** The latest logs of these crons, at most so many of each: one query for each. */
export function readLogsOf(
  { store }: Pick<ReadPorts, 'store'>,
  site: string,
  { uids, count }: { readonly uids: readonly string[]; readonly count: number },
): Promise<LogsOfCron[]> {
  const read = async (uid: string) => {
    const { records } = await store.records(site, uid, { limit: count });
    return { uid, logs: records.map(logOf) };
  };
  return pMap(new Set(uids), read, { concurrency: CONCURRENCY });
}
