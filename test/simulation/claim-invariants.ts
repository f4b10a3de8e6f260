/** Invariants of a claim and its consequences: the lease, the start and end of the run, and its record. */

import type { Job, Lease } from '../../lib/core/domain/job.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord, Status } from '../../lib/core/domain/run-record.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCron } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { MAX_CLOCK_SKEW, type Process } from './process.ts';
import type { RunEnd, SimulatedRun } from './simulated-run.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';

/** A process lives 15 minutes at most, and a lease outlives it by a minute. */
export const MAX_LEASE = 16 * MINUTE;

const STATUS: Readonly<Record<RunEnd, Status>> = {
  'returned nothing': 'OK',
  'returned messages': 'WARN',
  failed: 'FAILURE',
  'was aborted': 'FAILURE',
  crashed: 'FAILURE',
};

export function checkLease({ runId, claimedAt, expiresAt }: Lease): InvariantCheck {
  const duration = expiresAt - claimedAt;
  return checkInvariant(
    'a lease lasts at most 16 minutes',
    duration > MAX_LEASE,
    `the lease of ${runId} lasts ${duration / 1000} s`,
  );
}

/** The status follows from the end of the run, or is FAILURE because its lease has expired. */
export function checkRecordedStatus(
  { status, reason, runId = '', endedAt }: RunRecord,
  jobBefore: Job | undefined,
  end?: RunEnd,
): InvariantCheck {
  const expected = end === undefined ? 'FAILURE' : STATUS[end];
  const lease = jobBefore?.leases.find((candidate) => candidate.runId === runId);
  const hasExpired = lease !== undefined && lease.expiresAt <= endedAt && reason === 'died';
  return checkInvariant(
    'a record has the status of its run',
    reason === 'died' ? !hasExpired || status !== 'FAILURE' : status !== expected,
    `${runId} ${end ?? 'never started'}, but its record says ${status} ${reason ?? ''}`,
  );
}

/** A process that claimed a run and received the answer has started the run, unless it crashed. */
export function checkClaim(
  process: Process,
  runId: string,
  { running, ends, recordedRunIds }: TrackedCron,
): InvariantCheck {
  const hasStarted = running.has(runId) || ends.has(runId) || recordedRunIds.has(runId);
  const isViolated = !hasStarted && !process.calls.has('secrets.read');
  return checkInvariant('a claimed run is started', isViolated, `${runId} was claimed but never started`);
}

/** A run ends within its timeout, unless its process crashed. */
export function checkRunEnd(
  { startedAt, runId }: SimulatedRun,
  end: RunEnd,
  { timeout }: IntendedCron,
  now: number,
): InvariantCheck {
  const duration = now - startedAt;
  const isViolated = end !== 'crashed' && duration > timeout * 1000 + MAX_CLOCK_SKEW;
  const message = `${runId} lasted ${duration / 1000} s, timeout ${timeout} s`;
  return checkInvariant('a run ends within its timeout', isViolated, message);
}

/** For a delivery that was handled without an error while the table had been equal to the registry for long. */
export function checkDelivery(
  { plannedAt, forced }: Delivery,
  { running, ends, recordedRunIds }: TrackedCron,
  job: Job | undefined,
): InvariantCheck {
  if (forced === undefined) {
    const armedAt = job?.armedAt;
    const isStillArmed = armedAt !== undefined && armedAt <= plannedAt;
    const message = () => `it is still armed for ${formatTime(armedAt ?? 0)}`;
    return checkInvariant('a handled delivery advances its job', isStillArmed, message);
  }
  const isKnown = running.has(forced) || ends.has(forced) || recordedRunIds.has(forced);
  const isInJob = [...(job?.waitingForced ?? []), ...(job?.leases ?? [])].some(
    (one) => one.forced === forced,
  );
  return checkInvariant(
    'a forced run runs, waits or has a record',
    !isKnown && !isInJob,
    `${forced} left no trace`,
  );
}
