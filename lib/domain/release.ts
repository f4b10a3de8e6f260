/** The end of a run, as a change of its job. */
import { type Job, logId, withLogs } from './job.ts';
import { keptMessages, type Log, type Status } from './log.ts';

/** How a run ended. */
export interface Outcome {
  readonly status: Status;
  readonly messages: readonly string[];
}

/**
 * The job with the run's log and without its lease; nothing when the lease is gone, because it expired and the run was
 * recorded as dead, or the cron was removed.
 */
export function release(
  job: Job,
  runId: string,
  outcome: Outcome,
  now: number,
  limit: number,
): { readonly job: Job; readonly log: Log } | undefined {
  const lease = job.leases.find((held) => held.runId === runId);
  if (!lease) return undefined;
  const log: Log = {
    id: logId(lease),
    at: lease.at,
    date: now,
    started: lease.started,
    status: outcome.status,
    messages: keptMessages(outcome.messages),
    runId,
  };
  const leases = job.leases.filter((held) => held !== lease);
  return { job: withLogs({ ...job, leases }, [log], limit), log };
}
