/**
 * How the end of an occurrence is announced: as an event, and as a log line with a code that metric filters count by. Lines
 * that a run writes itself are execute.ts.
 */

import type { Event } from '../domain/event.ts';
import { iso } from '../domain/iso.ts';
import type { Lease } from '../domain/job.ts';
import { overrunLeases } from '../domain/lease.ts';
import { dumpLog, logOf } from '../domain/log.ts';
import { GRACE_MS, isForced, type Occurrence } from '../domain/occurrence.ts';
import { cronInForce } from '../domain/projection.ts';
import type { ReasonCode, RecordOwner, RunRecord } from '../domain/run-record.ts';
import type { Logger } from '../ports/logger.ts';
import type { CronState } from '../ports/store.ts';

const CODES: Readonly<Partial<Record<ReasonCode, string>>> = {
  missed: 'run-missed',
  late: 'run-missed',
  overlap: 'run-skipped',
  off: 'not-run',
  edited: 'not-run',
  refused: 'run-refused',
  died: 'lease-expired',
};

/** A run is about to start, or an occurrence was decided that does not run. */
export function startedEvent(
  { site, uid, runner }: RecordOwner,
  occurrence: Occurrence & { readonly runId: string },
): Event {
  const { plannedAt, runId } = occurrence;
  return {
    type: 'StartedCronJob',
    detail: { site, uid, name: runner, plannedAt: iso(plannedAt), forced: isForced(occurrence), runId },
  };
}

/** An occurrence has ended. */
export function finishedEvent(record: RunRecord): Event {
  const { site, uid, runner, plannedAt } = record;
  const detail = { site, uid, name: runner, plannedAt: iso(plannedAt), log: dumpLog(logOf(record)) };
  return { type: 'FinishedCronJob', detail };
}

/** A line for each run that died and each occurrence that never ran. `count` is the number of planned times that it covers. */
export function reportEnded(logger: Logger, records: readonly RunRecord[]): void {
  for (const { plannedAt, status, reason, messages, covers, runId } of records) {
    const text = `${status}: ${messages.join(' ')}`;
    const count = covers?.count ?? 1;
    const run = runId === undefined ? {} : { runId };
    const fields = { code: reason && CODES[reason], plannedAt: iso(plannedAt), status, count, ...run };
    if (status === 'FAILURE') logger.error(text, fields);
    else logger.warn(text, fields);
  }
}

/** A line if a planned time starts later than its grace. A requested run is never late. */
export function reportLate(logger: Logger, lease: Lease): void {
  const lateness = lease.claimedAt - lease.plannedAt;
  if (isForced(lease) || lateness <= GRACE_MS) return;
  const seconds = Math.round(lateness / 1000);
  logger.warn(`The run starts ${seconds} s after its time`, {
    code: 'run-late',
    plannedAt: iso(lease.plannedAt),
    seconds,
  });
}

/** A line for each run of the cron that goes on past its timeout. */
export function reportOverrun(logger: Logger, { cron, job }: CronState, now: number): void {
  const current = cronInForce(cron);
  if (!current || !job) return;
  for (const { plannedAt, runId, claimedAt } of overrunLeases(job, current, now)) {
    const seconds = Math.round((now - claimedAt) / 1000);
    const text = `A run goes on after ${seconds} s, past its timeout of ${current.timeout} s`;
    logger.warn(text, { code: 'run-overran', plannedAt: iso(plannedAt), runId, seconds });
  }
}
