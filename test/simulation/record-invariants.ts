/** Invariants of the run records in a job, and the occurrences that a record covers. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import type { IntendedCron } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { checkSecret } from './secret-invariant.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

type RunState = Pick<TrackedCron, 'running' | 'executed'>;

/** `records` are all records that the job has, `added` those that this write added. */
export function checkRecords(
  records: readonly Log[],
  added: readonly Log[],
  state: RunState,
): InvariantCheck[] {
  const isSorted = records.every(
    (record, index) => index === 0 || (records[index - 1]?.date ?? 0) >= record.date,
  );
  const hasDuplicates = new Set(records.map(({ id }) => id)).size !== records.length;
  const listCheck = checkInvariant(
    'run records are bounded, unique and newest first',
    hasDuplicates || !isSorted || records.length > 25,
    () => JSON.stringify(records),
  );
  return [listCheck, ...added.flatMap((record) => checkRecord(record, state))];
}

function checkRecord(record: Log, { running, executed }: RunState): InvariantCheck[] {
  const { plannedAt, runId, status, messages, covers: range } = record;
  const text = messages.join(' ');
  const checks = [checkSecret('a run record', record)];
  if (status === 'NOTRUN') {
    const isOfOneTime = runId === undefined && !range;
    checks.push(
      checkInvariant(
        'a NOTRUN record has a reason',
        text === '' || record.reason === undefined,
        formatTime(plannedAt),
      ),
      checkInvariant(
        'an occurrence that ran has no NOTRUN record',
        isOfOneTime && executed.has(plannedAt),
        `${formatTime(plannedAt)}: ${text}`,
      ),
    );
  }
  if (runId !== undefined) {
    const message = `${runId} of ${formatTime(plannedAt)} is still running: ${text}`;
    checks.push(checkInvariant('a run is recorded only after its end', running.has(runId), message));
  }
  return checks;
}

/** Whether the record is that of the planned time, or covers a range that includes it. */
export function coversTime({ plannedAt, id, covers: range }: Log, time: number): boolean {
  if (id.includes('-')) return false;
  return plannedAt === time || (range !== undefined && range.from <= time && time <= plannedAt);
}

/** Whether a record of that planned time and date would have been trimmed: the list is full of newer ones. */
export function isTrimmed(
  { versions }: TrackedParameter<IntendedCron>,
  { logs: records }: Job,
  plannedAt: number,
  date: number | undefined,
): boolean {
  if (!versions.some(({ intent }) => intent.logsLimit === records.length)) return false;
  const oldest = records.at(-1);
  if (!oldest || date === undefined) return false;
  return oldest.date > date || (oldest.date === date && oldest.plannedAt > plannedAt);
}
