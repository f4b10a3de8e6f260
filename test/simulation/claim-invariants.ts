/** Invariants of a claim and its consequences: the lease, the start and end of the run, and its record. */

import type { Job, Lease } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { Status } from '../../lib/core/domain/run-record.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCron } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { MAX_CLOCK_SKEW, type Process } from './process.ts';
import type { RunEnd, SimulatedRun } from './simulated-run.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';

/** No process lives longer, so no lease may last longer. */
export const MAX_LEASE = 15 * MINUTE;

const STATUS: Readonly<Record<RunEnd, Status>> = {
  'returned nothing': 'OK',
  'returned messages': 'WARN',
  failed: 'FAILURE',
  'was aborted': 'FAILURE',
  crashed: 'FAILURE',
};

export function checkLease({ runId, startedAt, expiresAt }: Lease): InvariantCheck {
  const duration = expiresAt - startedAt;
  return checkInvariant(
    'a lease lasts at most 15 minutes',
    duration > MAX_LEASE,
    `the lease of ${runId} lasts ${duration / 1000} s`,
  );
}

/** The status follows from the end of the run, or is FAILURE because its lease has expired. */
export function checkRecordedStatus(
  { status, runId = '', date }: Log,
  jobBefore: Job | undefined,
  end?: RunEnd,
): InvariantCheck {
  const expected = end === undefined ? 'FAILURE' : STATUS[end];
  const lease = jobBefore?.leases.find((candidate) => candidate.runId === runId);
  const hasExpired = lease !== undefined && lease.expiresAt <= date && status === 'FAILURE';
  return checkInvariant(
    'a record has the status of its run',
    status !== expected && !hasExpired,
    `${runId} ${end ?? 'never started'}, but its record has status ${status}`,
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

/** For a delivery that was handled without an error while its cron was settled. */
export function checkDelivery(
  { plannedAt, forced }: Delivery,
  { running, ends, recordedRunIds, parameter }: TrackedCron,
  job: Job | undefined,
): InvariantCheck {
  if (forced === undefined) {
    const isStillArmed = job?.armed !== undefined && job.armed.plannedAt <= plannedAt;
    const message = `it is still armed for ${formatTime(job?.armed?.plannedAt ?? 0)}`;
    return checkInvariant('a handled delivery advances its job', isStillArmed, message);
  }
  const isKnown = running.has(forced) || ends.has(forced) || recordedRunIds.has(forced);
  const isInJob = [...(job?.pending ?? []), ...(job?.leases ?? [])].some((one) => one.forced === forced);
  // The record may have been trimmed in favour of others of the same time.
  const isTrimmed =
    job?.logs.length === parameter.inForce?.logsLimit &&
    (job?.logs ?? []).every(({ date }) => date >= plannedAt);
  return checkInvariant(
    'a forced run runs, is pending or has a record',
    !isKnown && !isInJob && !isTrimmed,
    `${forced} left no trace`,
  );
}
