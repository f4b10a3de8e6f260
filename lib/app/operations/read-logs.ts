/** The logs of a cron, a page at a time. */
import type { Log } from '../../core/domain/log.ts';
import { type ReadPorts, readCron } from './read.ts';

export interface LogPage {
  /** Newest first. */
  readonly logs: readonly Log[];
  /** How many there are in all; never more than the cron's `logsLimit`. */
  readonly total: number;
  /** From which one on, counted from 0, to read the next page; absent on the last page. */
  readonly nextOffset?: number;
}

export const LOGS_PAGE = 10;

/** So many logs from `offset` on. Throws NotFoundError. */
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
