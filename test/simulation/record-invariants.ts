/** Invariants of run records. */
import { isForced } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { checkSecret } from './secret-invariant.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';

type RecordedCron = Pick<TrackedCron, 'running' | 'executed' | 'recordedTimes' | 'stopped'>;

/** For a record that was written. */
export function checkRecord(
  record: RunRecord,
  { running, executed, recordedTimes, stopped }: RecordedCron,
): InvariantCheck[] {
  const { plannedAt, runId, status, messages, covers, reason } = record;
  const text = messages.join(' ');
  const checks = [checkSecret('a run record', record)];
  if (!isForced(record)) {
    const earlier = recordedTimes.overlapping(record);
    const message = () => `${formatTime(plannedAt)}: ${text} Earlier: ${earlier?.messages.join(' ')}`;
    checks.push(checkInvariant('an occurrence ends once', earlier !== undefined, message));
  }
  if (status === 'NOTRUN') {
    const isOfOneTime = runId === undefined && !covers;
    checks.push(
      checkInvariant(
        'a NOTRUN record has a reason',
        text === '' || reason === undefined,
        formatTime(plannedAt),
      ),
      checkInvariant(
        'an occurrence that ran has no NOTRUN record',
        isOfOneTime && executed.has(plannedAt),
        `${formatTime(plannedAt)}: ${text}`,
      ),
    );
  }
  if (reason === 'stopped') {
    const isStopped = stopped.has(runId ?? '') && text === 'stopped by user';
    checks.push(checkInvariant('a run is stopped only by a user', !isStopped, `${runId}: ${text}`));
  }
  if (runId !== undefined) {
    const message = `${runId} of ${formatTime(plannedAt)} is still running: ${text}`;
    checks.push(checkInvariant('a run is recorded only after its end', running.has(runId), message));
  }
  return checks;
}
