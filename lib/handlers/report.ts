/**
 * The lines of what healed or did not happen. Each has a code: the deployment counts them by it (lib/constructs), and a
 * person searches by it. What a run itself says is execute.ts.
 */
import { GRACE, type Lease } from '../domain/job.ts';
import { iso, type Log, type WhyNot } from '../domain/log.ts';
import type { Logger } from '../ports/logger.ts';

const CODES: Readonly<Record<WhyNot, string>> = {
  missed: 'run-missed',
  overlap: 'run-skipped',
  off: 'not-run',
  edited: 'not-run',
  refused: 'run-refused',
  died: 'lease-expired',
};

/** A line for each record of runs that died or never began. `count` is for how many planned times it stands. */
export function reportEnded(log: Logger, records: readonly Log[]): void {
  for (const { at, status, why, messages, covers, runId } of records) {
    const text = `${status}: ${messages.join(' ')}`;
    const count = covers?.count ?? 1;
    const fields = { at: iso(at), status, count, ...(runId === undefined ? {} : { runId }) };
    // What ran to its end has told how by itself.
    const code = why && CODES[why];
    if (status === 'FAILURE') log.error(text, { ...fields, code });
    else log.warn(text, { ...fields, code });
  }
}

/** A line when a planned time starts later than its grace. Whoever asks for a run now is never late. */
export function reportLate(log: Logger, { at, started, forced }: Lease): void {
  const seconds = Math.round((started - at) / 1000);
  if (forced !== undefined || started - at <= GRACE) return;
  log.warn(`It starts ${seconds} s after its time`, { at: iso(at), code: 'run-late', seconds });
}
