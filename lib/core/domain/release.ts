/** The end of a run, as a change of its job. */
import { type Job, type Lease, logId, withLogs } from './job.ts';
import { type Log, type ReasonCode, type Status, truncateMessages } from './log.ts';

/** How a run ended. */
export interface RunResult {
  readonly status: Status;
  /** Present when the status is NOTRUN. */
  readonly reason?: ReasonCode;
  readonly messages: readonly string[];
}

/** The record of a run that has ended, at `now` in epoch milliseconds. */
export function runLog(lease: Lease, { messages, ...how }: RunResult, now: number): Log {
  const { plannedAt, startedAt, runId } = lease;
  return {
    id: logId(lease),
    plannedAt,
    date: now,
    startedAt,
    ...how,
    messages: truncateMessages(messages),
    runId,
  };
}

/**
 * The job with the run's log and without its lease; nothing when the lease is gone, because it expired and the run was
 * recorded as dead.
 */
export function release(job: Job, runId: string, log: Log, limit: number): Job | undefined {
  const leases = job.leases.filter((held) => held.runId !== runId);
  if (leases.length === job.leases.length) return undefined;
  return withLogs({ ...job, leases }, [log], limit);
}
