/**
 * A job: what the system knows about the execution of one cron. What is armed, what waits, what runs, and the logs.
 *
 * It is one record that is only ever replaced whole, by a process that has read its latest revision. So arming the
 * next time, claiming a run and logging why one did not happen are one step that happens or does not.
 */
import type { CronFields } from './cron.ts';
import { iso, type Log } from './log.ts';

/** One time at which a cron should run: planned, or forced by a user and then with the run's id. */
export interface Occurrence {
  /** Epoch milliseconds. */
  readonly plannedAt: number;
  /** The run id of a forced run. */
  readonly forced?: string;
}

/** What wakes the run handler. */
export interface Delivery extends Occurrence {
  readonly site: string;
  readonly uid: string;
}

/** The right to run, until it expires: after that its process is taken for dead. */
export interface Lease extends Occurrence {
  readonly runId: string;
  readonly startedAt: number;
  readonly expiresAt: number;
}

export interface Job {
  readonly site: string;
  readonly uid: string;
  /** Grows by one with every write; 0 means that it is not stored yet. */
  readonly revision: number;
  /** The planned time that has a timer, and the timing it was computed from. */
  readonly armed?: { readonly plannedAt: number; readonly timing: string };
  /** Occurrences that wait for their turn, oldest first. */
  readonly pending: readonly Occurrence[];
  readonly leases: readonly Lease[];
  /** Forced runs of the last minutes, so that a repeated delivery is known for one also when its log has gone. */
  readonly recentForced?: readonly Occurrence[];
  /** Newest first, at most the cron's `logsLimit`. */
  readonly logs: readonly Log[];
}

/** How late a start may be and still count as on time: a timer's precision plus the retries of its delivery. */
export const GRACE_MS = 5 * 60_000;

/** A delivery may come early by clocks that differ, but not by more. */
export const MAX_EARLY_MS = 60_000;

/**
 * Whether what waits has to wait on: until no run is in progress, or, where runs may overlap, until none is that makes
 * up for a missed time.
 */
export function mustWait({ leases }: Pick<Job, 'leases'>, { overlap }: Pick<CronFields, 'overlap'>): boolean {
  return overlap === 'allow' ? leases.some(isCatchUp) : leases.length > 0;
}

function isCatchUp({ plannedAt, startedAt, forced }: Lease): boolean {
  return forced === undefined && startedAt - plannedAt > GRACE_MS;
}

/** A job that knows nothing yet. */
export function newJob(site: string, uid: string): Job {
  return { site, uid, revision: 0, pending: [], leases: [], logs: [] };
}

/** The id of the log of an occurrence: one for each planned time, one for each forced run. */
export function logId({ plannedAt, forced }: Occurrence): string {
  const seconds = String(Math.floor(plannedAt / 1000));
  return forced === undefined ? seconds : `${seconds}-${forced}`;
}

/** The job with more logs, trimmed to `limit`. A log that exists under the same id is replaced. */
export function withLogs(job: Job, logs: readonly Log[], limit: number): Job {
  if (logs.length === 0) return job;
  const ids = new Set(logs.map((log) => log.id));
  const fresh = logs.toSorted(newestFirst);
  // The fresh ones are kept in any case: when the clock was set back, all others may have later dates.
  const kept = [...fresh, ...job.logs.filter((log) => !ids.has(log.id))].slice(0, limit);
  return { ...job, logs: kept.sort(newestFirst) };
}

function newestFirst(one: Log, other: Log): number {
  return other.date - one.date || other.plannedAt - one.plannedAt;
}

/** The job with no more logs than `limit`, which may have been lowered; the same job when there are not. */
export function withLogLimit(job: Job, limit: number): Job {
  return job.logs.length > limit ? { ...job, logs: job.logs.slice(0, limit) } : job;
}

/** A job and the records that came with its last change, which may already be trimmed from it. */
export interface JobChange {
  readonly job: Job;
  readonly logs: readonly Log[];
}

/** Ends expired leases: each becomes a FAILURE that says that its process died. The same job when there is none. */
export function expireLeases(job: Job, now: number, limit: number): JobChange {
  const expired = job.leases.filter((lease) => lease.expiresAt <= now);
  if (expired.length === 0) return { job, logs: [] };
  const logs = expired.map((lease) => diedLog(lease, now));
  const leases = job.leases.filter((lease) => lease.expiresAt > now);
  return { job: withLogs({ ...job, leases }, logs, limit), logs };
}

function diedLog(lease: Lease, now: number): Log {
  const until = iso(lease.expiresAt);
  return {
    id: logId(lease),
    plannedAt: lease.plannedAt,
    date: now,
    startedAt: lease.startedAt,
    status: 'FAILURE',
    reason: 'died',
    messages: [`The process of the run died before ${until}; the run was not retried.`],
    runId: lease.runId,
  };
}

/**
 * When the sweep should check this job if nothing has happened by then, in epoch milliseconds: its timer is overdue, a
 * lease has expired, or an occurrence waits and nothing runs. Nothing if the job needs no check.
 */
export function nextCheckTime(job: Job): number | undefined {
  const times = job.leases.map((lease) => lease.expiresAt);
  if (job.armed) times.push(job.armed.plannedAt + GRACE_MS);
  const [waiting] = job.pending;
  if (waiting && job.leases.length === 0) times.push(waiting.plannedAt);
  return times.length === 0 ? undefined : Math.min(...times);
}
