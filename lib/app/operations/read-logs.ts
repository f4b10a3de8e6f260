/** Reads the logs of a cron page by page. */
import type { Log } from '../../core/domain/log.ts';
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
