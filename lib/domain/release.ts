/** The end of a run, as a change of its job. */
import { type Job, type Lease, logId, withLogs } from './job.ts';
import { keptMessages, type Log, type Status, type WhyNot } from './log.ts';

/** How a run ended. */
export interface Outcome {
  readonly status: Status;
  /** Present when the status is NOTRUN. */
  readonly why?: WhyNot;
  readonly messages: readonly string[];
}

/** The record of a run that has ended, at `now` in epoch milliseconds. */
export function endOf(lease: Lease, { messages, ...how }: Outcome, now: number): Log {
  const { at, started, runId } = lease;
  return { id: logId(lease), at, date: now, started, ...how, messages: keptMessages(messages), runId };
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
