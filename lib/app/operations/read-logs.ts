/** Reads the logs of a cron page by page, and the latest logs of several crons. */
import pMap from 'p-map';
import { type Log, logOf } from '../../core/domain/log.ts';
import { indexOf, type PageRequest } from './page.ts';
import { type ReadPorts, readCron } from './read.ts';

export interface LogPage {
  /** Newest first. */
  readonly logs: readonly Log[];
  /** The number of all logs, at most the cron's `logsLimit`. */
  readonly total: number;
  /** For the next page; absent on the last one. */
  readonly cursor?: string;
}

export const LOGS_PAGE = 10;

/** Reads `count` logs after those of the page before. Throws NotFoundError. */
export async function readLogs(
  ports: ReadPorts,
  site: string,
  uid: string,
  { cursor, count = LOGS_PAGE }: PageRequest = {},
): Promise<LogPage> {
  const { logs: all } = await readCron(ports, site, uid);
  const start = indexOf(cursor);
  const end = start + count;
  return {
    logs: all.slice(start, end),
    total: all.length,
    ...(end < all.length && { cursor: String(end) }),
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
