/** Lists runs of one cron, of a site or of all sites: those that have ended, from their records, and those in progress. */
import pMap from 'p-map';
import { NotFoundError } from '../../core/domain/errors.ts';
import type { Lease } from '../../core/domain/job.ts';
import { type Log, logOf } from '../../core/domain/log.ts';
import { isForced } from '../../core/domain/occurrence.ts';
import { recordId, type Status } from '../../core/domain/run-record.ts';
import { type RecordSummary, recordSummary } from '../../core/domain/run-summary.ts';
import type { CronState, PageRequest } from '../../core/ports/store.ts';
import { descending, pageOf } from './page.ts';
import { type ReadPorts, siteNames } from './read.ts';
import { type RecordList, searchRecords } from './search-records.ts';

/** A run of any cron, or an occurrence that did not run, with the beginning of its first message. */
export interface RunItem extends Omit<Log, 'status' | 'date'> {
  readonly site: string;
  readonly uid: string;
  /** The name of its runner; empty if it is not known any more. */
  readonly runner: string;
  /** A user requested it. */
  readonly forced: boolean;
  readonly status: Status | 'RUNNING';
  /** When it ended; absent while it is in progress. */
  readonly date?: number;
}

export interface RunPage {
  /** Those in progress, by their planned times, newest first; then the last ended first, or those of one cron by planned time. */
  readonly runs: readonly RunItem[];
  /**
   * For the next page; absent on the last one. It is the time until which was searched, in epoch milliseconds; that of runs in
   * progress names the last one: see `searchedUntil`.
   */
  readonly cursor?: string;
}

/** Which runs are wanted. All conditions hold; an absent one does not count. */
export interface RunRequest {
  /**
   * `ATTENTION`: those in progress, and all that did not end OK. `RUNNING`: those in progress. Absent: all. Those in progress
   * are in any period without an end.
   */
  readonly status?: Status | 'ATTENTION' | 'RUNNING' | undefined;
  readonly uid?: string | undefined;
  readonly runner?: string | undefined;
  /** Those of crons that have this tag in their last accepted definition. */
  readonly tag?: string | undefined;
  readonly forced?: boolean | undefined;
  /** ISO 8601: those that ended at that time or later; for those of one cron at a site, their planned times. */
  readonly since?: string | undefined;
  /** ISO 8601: those that ended before that time. */
  readonly until?: string | undefined;
  readonly count?: number | undefined;
  readonly cursor?: string | undefined;
}

export const RUNS_PAGE = 20;
/** A time; with a site, a cron and the id of a run behind it, the last one in progress. */
export const RUNS_CURSOR = /^\d{1,16}(?:\.[\w.-]{1,200})?$/;
const AT_ONCE = 5;

/**
 * About `count` runs of a site, or without a site of all sites that the caller may see; those in progress come first. An index
 * answers for one cron of a site, for all runs of a site, and for what needs attention; anything else is searched, at most
 * 2,000 records at once. The runs in progress take one query a site, and for one cron of a site one read.
 */
export async function readRuns(
  ports: ReadPorts,
  site: string | undefined,
  request: RunRequest,
): Promise<RunPage> {
  const { status, count = RUNS_PAGE, cursor } = request;
  const isOfRunning = status === 'RUNNING';
  if (!isOfRunning && !beginsWithRunning(request)) return endedRuns(ports, site, request);
  const all = await runsInProgress(ports, site, request);
  const { items: runs, ...more } = pageOf(all, progressKey, { count, cursor });
  if (isOfRunning || more.cursor !== undefined) return { runs, ...more };
  const last = runs.at(-1);
  if (last && runs.length >= count) return { runs, cursor: progressKey(last) };
  const ended = await endedRuns(ports, site, { ...request, cursor: undefined, count: count - runs.length });
  return { ...ended, runs: [...runs, ...ended.runs] };
}

/** The time until which a page with that cursor was searched, in epoch milliseconds; undefined among the runs in progress. */
export function searchedUntil(cursor: string): number | undefined {
  return isOfProgress(cursor) ? undefined : Number(cursor);
}

function isOfProgress(cursor: string): boolean {
  return cursor.includes('.');
}

/** Whether the page is one of the first, which have the runs in progress. */
function beginsWithRunning({ status, until, cursor }: RunRequest): boolean {
  const hasRunning = status === undefined || status === 'ATTENTION';
  return hasRunning && until === undefined && (cursor === undefined || isOfProgress(cursor));
}

/** The runs that have ended, as `readRuns` lists them behind those in progress. */
export async function endedRuns(
  ports: ReadPorts,
  site: string | undefined,
  request: RunRequest,
): Promise<RunPage> {
  const { uid, tag, since, until, count = RUNS_PAGE, cursor } = request;
  const isOfCron = site !== undefined && uid !== undefined;
  const tagged = tag === undefined ? undefined : await cronsWithTag(ports, site, tag);
  const { records, next } = await searchRecords({
    lists: await listsOf(ports, site, request),
    timeOf: ({ plannedAt, endedAt }) => (isOfCron ? plannedAt : endedAt),
    matches: (record) =>
      isWanted(ports, site, record, request) && (tagged?.has(`${record.site}/${record.uid}`) ?? true),
    since: timeOrNone(since),
    until: cursor === undefined ? timeOrNone(until) : Number.parseInt(cursor, 10),
    count,
  });
  return { runs: records.map(endedRun), ...(next !== undefined && { cursor: String(next) }) };
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

async function listsOf(
  ports: ReadPorts,
  site: string | undefined,
  { status, uid }: RunRequest,
): Promise<readonly RecordList[]> {
  const { store } = ports;
  if (site !== undefined && uid !== undefined) {
    const read = async (page: PageRequest) => {
      const { records, ...rest } = await store.records(site, uid, page);
      return { ...rest, records: records.map(recordSummary) };
    };
    return [{ read }];
  }
  if (status !== undefined && status !== 'OK') return [{ read: (page) => store.attention(page) }];
  const sites = site === undefined ? await siteNames(ports) : [site];
  return sites.map((name) => ({ read: (page) => store.activity(name, page) }));
}

function isWanted(
  { sees = () => true }: Pick<ReadPorts, 'sees'>,
  site: string | undefined,
  record: RecordSummary,
  request: RunRequest,
): boolean {
  const { status } = request;
  return (
    (site === undefined ? sees(record.site) : record.site === site) &&
    isAsked({ ...record, forced: isForced(record) }, request) &&
    (status === undefined || (status === 'ATTENTION' ? record.status !== 'OK' : record.status === status))
  );
}

function isAsked(
  run: Pick<RunItem, 'uid' | 'runner' | 'forced'>,
  { uid, runner, forced }: RunRequest,
): boolean {
  return (
    (uid === undefined || run.uid === uid) &&
    (runner === undefined || run.runner === runner) &&
    (forced === undefined || run.forced === forced)
  );
}

/** The crons that have the tag, each as `<site>/<uid>`. One query a site. */
async function cronsWithTag(
  ports: ReadPorts,
  site: string | undefined,
  tag: string,
): Promise<ReadonlySet<string>> {
  const found = await readCrons(ports, site, tag);
  return new Set(found.map((cron) => `${cron.site}/${cron.uid}`));
}

/** The crons of a site or of all, with the tag if one is given. One query a site. */
async function readCrons(ports: ReadPorts, site: string | undefined, tag: string | undefined) {
  const sites = site === undefined ? await siteNames(ports) : [site];
  const read = async (name: string) => {
    const { crons } = await ports.store.readSite(name);
    return crons.map((cron) => ({ site: name, ...cron }));
  };
  const crons = (await pMap(sites, read, { concurrency: AT_ONCE })).flat();
  return crons.filter(hasTag(tag));
}

/** Without a tag any cron matches. */
function hasTag(tag: string | undefined): (state: Pick<CronState, 'cron'>) => boolean {
  return ({ cron }) => tag === undefined || cron?.value?.tags?.includes(tag) === true;
}

async function runsInProgress(
  ports: ReadPorts,
  site: string | undefined,
  request: RunRequest,
): Promise<RunItem[]> {
  const { uid, tag } = request;
  const crons =
    site !== undefined && uid !== undefined
      ? [{ site, uid, ...(await ports.store.read(site, uid)) }].filter(hasTag(tag))
      : await readCrons(ports, site, tag);
  return crons
    .flatMap(runsOf)
    .filter((run) => isAsked(run, request))
    .sort((a, b) => (progressKey(a) < progressKey(b) ? -1 : 1));
}

/** Newest first. */
function progressKey({ plannedAt, site, uid, id }: RunItem): string {
  return [descending(plannedAt), site, uid, id].join('.');
}

function runsOf({ site, uid, cron, job }: CronState & { readonly site: string }): RunItem[] {
  const runner = cron?.value?.name ?? '';
  return (job?.leases ?? []).map((lease) => ({ site, uid, runner, ...runInProgress(lease) }));
}

/** A run in progress, as its lease describes it. */
export function runInProgress(lease: Lease): Omit<RunItem, 'site' | 'uid' | 'runner'> {
  const { plannedAt, claimedAt, runId, requestedBy } = lease;
  return {
    id: recordId(lease),
    plannedAt,
    startedAt: claimedAt,
    status: 'RUNNING',
    messages: [],
    runId,
    forced: isForced(lease),
    ...(requestedBy === undefined ? {} : { requestedBy }),
  };
}

function endedRun({ message, ...record }: RecordSummary): RunItem {
  const { site, uid, runner } = record;
  const log = logOf({ ...record, messages: message === undefined ? [] : [message] });
  return { site, uid, runner, forced: isForced(record), ...log };
}

function timeOrNone(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
