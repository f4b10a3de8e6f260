/** Reads run records of many crons. */
import { NotFoundError } from '../../core/domain/errors.ts';
import { type Log, logOf } from '../../core/domain/log.ts';
import type { RecordSummary } from '../../core/domain/record-summary.ts';
import type { ReadPorts } from './read.ts';

/** A log of any cron, with the beginning of its first message. */
export interface SiteLog extends Log {
  readonly site: string;
  readonly uid: string;
}

export interface RunPage {
  /** The last ended first. */
  readonly runs: readonly SiteLog[];
  /** For the next page; absent on the last one. */
  readonly cursor?: string;
}

export interface RunPageRequest {
  readonly count?: number | undefined;
  readonly cursor?: string | undefined;
}

const RUNS_PAGE = 20;

/** The runs of a site, and what did not run. One query. Throws InvalidError for a cursor of another list. */
export async function readRuns(
  { store }: Pick<ReadPorts, 'store'>,
  site: string,
  { count = RUNS_PAGE, cursor }: RunPageRequest,
): Promise<RunPage> {
  const page = await store.activity(site, { limit: count, ...(cursor !== undefined && { cursor }) });
  return { ...(page.cursor !== undefined && { cursor: page.cursor }), runs: page.records.map(siteLog) };
}

/** One log of a cron, however many are newer. Throws NotFoundError when it has none with that id. */
export async function readLog(
  { store }: Pick<ReadPorts, 'store'>,
  site: string,
  uid: string,
  id: string,
): Promise<Log> {
  const record = await store.readRecord(site, uid, id);
  if (!record) throw new NotFoundError(`The cron "${uid}" of "${site}" has no log "${id}".`);
  return logOf(record);
}

function siteLog({ message, ...record }: RecordSummary): SiteLog {
  const { site, uid } = record;
  return { site, uid, ...logOf({ ...record, messages: message === undefined ? [] : [message] }) };
}
