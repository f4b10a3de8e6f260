/**
 * The log lines about runs that died, were missed or are late. Each has a code: the deployment counts the lines by it
 * (lib/deploy/constructs), and users search by it. The lines of a run itself are in execute.ts.
 */
import { GRACE_MS, type Lease } from '../domain/job.ts';
import { iso, type Log, type ReasonCode } from '../domain/log.ts';
import type { Logger } from '../ports/logger.ts';

const CODES: Readonly<Record<ReasonCode, string>> = {
  missed: 'run-missed',
  overlap: 'run-skipped',
  off: 'not-run',
  edited: 'not-run',
  refused: 'run-refused',
  died: 'lease-expired',
};

/** A line for each record of a run that died or never began. `count` is the number of planned times that it covers. */
export function reportEnded(logger: Logger, records: readonly Log[]): void {
  for (const { plannedAt, status, reason, messages, covers, runId } of records) {
    const text = `${status}: ${messages.join(' ')}`;
    const count = covers?.count ?? 1;
    const fields = { plannedAt: iso(plannedAt), status, count, ...(runId === undefined ? {} : { runId }) };
    // A run that ended by itself has reported its result.
    const code = reason && CODES[reason];
    if (status === 'FAILURE') logger.error(text, { ...fields, code });
    else logger.warn(text, { ...fields, code });
  }
}

/** A line if a planned time starts later than its grace. A forced run is never late. */
export function reportLate(logger: Logger, { plannedAt, startedAt, forced }: Lease): void {
  const seconds = Math.round((startedAt - plannedAt) / 1000);
  if (forced !== undefined || startedAt - plannedAt <= GRACE_MS) return;
  logger.warn(`The run starts ${seconds} s after its time`, {
    plannedAt: iso(plannedAt),
    code: 'run-late',
    seconds,
  });
}
