/**
 * The lines of what healed or did not happen. Each has a code: the deployment counts them by it (lib/deploy/constructs), and a
 * person searches by it. What a run itself says is execute.ts.
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

/** A line for each record of runs that died or never began. `count` is for how many planned times it stands. */
export function reportEnded(logger: Logger, records: readonly Log[]): void {
  for (const { plannedAt, status, reason, messages, covers, runId } of records) {
    const text = `${status}: ${messages.join(' ')}`;
    const count = covers?.count ?? 1;
    const fields = { plannedAt: iso(plannedAt), status, count, ...(runId === undefined ? {} : { runId }) };
    // What ran to its end has told how by itself.
    const code = reason && CODES[reason];
    if (status === 'FAILURE') logger.error(text, { ...fields, code });
    else logger.warn(text, { ...fields, code });
  }
}

/** A line when a planned time starts later than its grace. Whoever asks for a run now is never late. */
export function reportLate(logger: Logger, { plannedAt, startedAt, forced }: Lease): void {
  const seconds = Math.round((startedAt - plannedAt) / 1000);
  if (forced !== undefined || startedAt - plannedAt <= GRACE_MS) return;
  logger.warn(`It starts ${seconds} s after its time`, {
    plannedAt: iso(plannedAt),
    code: 'run-late',
    seconds,
  });
}
