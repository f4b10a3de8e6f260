/** The end of a lease: by its run, or because its process died. */
import type { CronFields } from './cron.ts';
import { iso } from './iso.ts';
import { type Job, type Lease, withBusySince } from './job.ts';
import { GRACE_MS } from './occurrence.ts';
import {
  type ReasonCode,
  type RecordOwner,
  type RunRecord,
  recordId,
  type Status,
  truncateMessages,
} from './run-record.ts';
import { summarize } from './run-summary.ts';

/** How a run ended. */
export interface RunResult {
  readonly status: Status;
  /** Present if nothing ran, or if the run did not end by itself. */
  readonly reason?: ReasonCode;
  readonly messages: readonly string[];
  /** When the runner started; absent if it did not. */
  readonly startedAt?: number;
  /** The runner went on after its timeout, until now. */
  readonly wentOn?: true;
  /** Names the code that ran. Default: that of the lease. */
  readonly codeVersion?: string;
}

/** A job and the records that its last change implies: both are committed, or neither is. */
export interface JobChange {
  readonly job: Job;
  readonly records: readonly RunRecord[];
}

/** The record of a run that has ended, at `now` in epoch milliseconds. */
export function runRecord(owner: RecordOwner, lease: Lease, result: RunResult, now: number): RunRecord {
  const { plannedAt, forced, runId, deliveredAt, claimedAt, definitionVersion, requestedBy } = lease;
  const { status, reason, startedAt, wentOn, codeVersion = lease.codeVersion } = result;
  return {
    ...owner,
    plannedAt,
    forced,
    runId,
    status,
    reason,
    messages: truncateMessages(result.messages),
    deliveredAt,
    claimedAt,
    startedAt,
    attempts: startedAt === undefined ? undefined : 1,
    endedAt: now,
    definitionVersion,
    codeVersion,
    requestedBy,
    wentOn,
  };
}

/**
 * The job without the lease of that holder, and the record of its run. Nothing if the holder has no lease any more: it
 * expired, and the run was recorded as dead.
 */
export function release(job: Job, holder: string, record: RunRecord): JobChange | undefined {
  const leases = job.leases.filter((lease) => lease.holder !== holder);
  if (leases.length === job.leases.length) return undefined;
  return withRecords(withBusySince({ ...job, leases }, record.endedAt), [record]);
}

/**
 * The job with a note in the lease of that run that a user stops it: its process looks for it every few seconds. The same job
 * if a user stops it already; nothing if no such run is in progress. `id` is that of its run record.
 */
export function stopRun(job: Job, id: string, by: string, now: number): Job | undefined {
  const lease = job.leases.find((one) => recordId(one) === id && one.expiresAt > now);
  if (!lease || lease.stop !== undefined) return lease && job;
  return { ...job, leases: job.leases.map((one) => (one === lease ? { ...one, stop: by } : one)) };
}

/** A run that ends at its timeout needs some seconds to announce its start and to be recorded, and clocks differ; in milliseconds. */
const SETTLING_MS = 60_000;

/** The leases of runs that go on although the timeout of their cron has passed. */
export function overrunLeases(
  { leases }: Pick<Job, 'leases'>,
  { timeout }: Pick<CronFields, 'timeout'>,
  now: number,
): readonly Lease[] {
  return leases.filter(({ claimedAt, expiresAt, mayWait }) => {
    const wait = mayWait ? GRACE_MS : SETTLING_MS;
    return now > claimedAt + timeout * 1000 + wait && now < expiresAt;
  });
}

/** Ends the leases that have expired: each run becomes a FAILURE. The same job if there is none. */
export function expireLeases(job: Job, runner: string, now: number): JobChange {
  const expired = job.leases.filter((lease) => lease.expiresAt <= now);
  if (expired.length === 0) return { job, records: [] };
  const leases = job.leases.filter((lease) => lease.expiresAt > now);
  const owner = { site: job.site, uid: job.uid, runner };
  const records = expired.map((lease) => runRecord(owner, lease, diedResult(lease), now));
  return withRecords(withBusySince({ ...job, leases }, now), records);
}

function diedResult({ expiresAt }: Lease): RunResult {
  const text = `The process of the run died before ${iso(expiresAt)}; the run was not retried.`;
  return { status: 'FAILURE', reason: 'died', messages: [text] };
}

/** The job with these records in its summary, oldest first. */
export function withRecords(job: Job, records: readonly RunRecord[]): JobChange {
  return { job: records.length === 0 ? job : { ...job, summary: summarize(job.summary, records) }, records };
}
