/**
 * A job: the scheduling state of one cron. It says which occurrences are armed, waiting and running, and summarizes the last runs.
 *
 * A job is one item that is only ever replaced as a whole, by a writer that has seen its latest token. Whether an
 * occurrence may start is decided by the job alone: run records may be deleted or expire at any time.
 */

import type { CronFields } from './cron.ts';
import { GRACE_MS, isForced, type Occurrence } from './occurrence.ts';
import { EMPTY_SUMMARY, type RunSummary } from './run-summary.ts';

/** The right to run one occurrence. It expires a minute after the process that holds it is certainly dead. */
export interface Lease extends Occurrence {
  /** Names the run for users; the id of the request for a forced run. */
  readonly runId: string;
  /** Random for each execution, and known to it alone: two executions of one request never share it. */
  readonly holder: string;
  readonly deliveredAt: number;
  readonly claimedAt: number;
  readonly expiresAt: number;
  /** The version of the parameter that the execution read. */
  readonly definitionVersion: number;
  readonly codeVersion?: string;
  readonly requestedBy?: string;
  /** Its runner may wait for a place where it can run, for as long as the grace. */
  readonly mayWait?: true;
  /** It was to run although the cron or its crontab is switched off. */
  readonly evenOff?: true;
  /** The user who stops the run; absent if it goes on. */
  readonly stop?: string;
}

export interface RequestedRun extends Occurrence {
  readonly forced: string;
  readonly requestedBy?: string;
  /** It runs although the cron or its crontab is switched off. */
  readonly evenOff?: true;
}

/** Consecutive planned times by the timing of the job, both ends included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface Job {
  readonly site: string;
  readonly uid: string;
  /** The compare token: random for each write. Absent if the job was never stored. */
  readonly token?: string;
  /** The cron is gone since then. A closed job is kept until its last lease has expired for a day, then forgotten. */
  readonly closedAt?: number;
  /** The planned time that has a timer. */
  readonly armedAt?: number;
  /** What `armedAt` and `waiting` were computed from: see timing.ts. */
  readonly timing?: string;
  /** Planned times that wait for their turn. */
  readonly waiting?: TimeRange;
  /** Requested runs that wait for their turn, oldest first. */
  readonly waitingForced: readonly RequestedRun[];
  readonly leases: readonly Lease[];
  /** Since when something runs or waits without a break; absent if nothing does. */
  readonly busySince?: number;
  /** Every planned time up to this one was decided, and is never decided again, whatever clocks say. */
  readonly decidedUntil?: number;
  /** Requested runs of the last minutes, so that a repeated delivery is recognized. */
  readonly recentForced: readonly RequestedRun[];
  /** The last delivery by a sweep, and how many there were since the last claim. */
  readonly redelivery?: { readonly at: number; readonly count: number };
  readonly summary: RunSummary;
}

/** So many requests of one cron are remembered, and accepted, within the grace. */
export const MAX_RECENT_FORCED = 16;

/** The requests of the last minutes. */
export function recentRequests(
  { recentForced }: Pick<Job, 'recentForced'>,
  now: number,
): readonly RequestedRun[] {
  return recentForced.filter(({ plannedAt }) => now - plannedAt <= GRACE_MS);
}

/** How long a closed job is kept after its last lease has expired, in milliseconds. */
export const CLOSED_JOB_MS = 86_400_000;

/** A job without any history. */
export function newJob(site: string, uid: string): Job {
  return { site, uid, waitingForced: [], leases: [], recentForced: [], summary: EMPTY_SUMMARY };
}

/** Whether anything waits for its turn. */
export function hasWaiting({ waiting, waitingForced }: Pick<Job, 'waiting' | 'waitingForced'>): boolean {
  return waiting !== undefined || waitingForced.length > 0;
}

/** What waits longest. */
export function firstWaiting({
  waiting,
  waitingForced,
}: Pick<Job, 'waiting' | 'waitingForced'>): Occurrence | undefined {
  const [forced] = waitingForced;
  if (!waiting) return forced;
  return forced && forced.plannedAt < waiting.from ? forced : { plannedAt: waiting.from };
}

/**
 * Whether a run may start beside these, if they may overlap: at most five, fewer if users requested some. The names of those
 * users take room, and a job stays below 4 KB.
 */
export function hasRoom(leases: readonly Occurrence[]): boolean {
  return leases.reduce((taken, lease) => taken + (isForced(lease) ? 3 : 2), 0) <= 8;
}

/**
 * Whether what waits has to go on waiting: while a run is in progress or, if runs may overlap, while one catches up with
 * a missed time or there is no room for another one.
 */
export function mustWait({ leases }: Pick<Job, 'leases'>, { overlap }: Pick<CronFields, 'overlap'>): boolean {
  return overlap === 'allow' ? leases.some(isCatchUp) || !hasRoom(leases) : leases.length > 0;
}

function isCatchUp(lease: Lease): boolean {
  return !isForced(lease) && lease.claimedAt - lease.plannedAt > GRACE_MS;
}

/** The job with `busySince` as its leases and what waits demand. */
export function withBusySince(job: Job, now: number): Job {
  const isBusy = job.leases.length > 0 || hasWaiting(job);
  if (isBusy === (job.busySince !== undefined)) return job;
  return { ...job, busySince: isBusy ? now : undefined };
}

/**
 * When something is overdue if it has not happened by then, in epoch milliseconds: the start of the armed occurrence, the
 * end of a lease, or the start of what waits while nothing runs. Nothing if nothing is expected.
 */
export function overdueTime(job: Job): number | undefined {
  const times = job.leases.map(({ expiresAt }) => expiresAt);
  if (job.armedAt !== undefined) times.push(job.armedAt + GRACE_MS);
  const waiting = firstWaiting(job);
  if (waiting && job.leases.length === 0) times.push(waiting.plannedAt + GRACE_MS);
  return times.length === 0 ? undefined : Math.min(...times);
}
