/** The records of occurrences that do not run. */
import type { Occurrence } from './occurrence.ts';
import type { ReasonCode, RecordOwner, RunRecord } from './run-record.ts';
import type { DueTimes } from './timing.ts';

/** Why something does not run: a code for programs, a text for users. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** One record for consecutive planned times, oldest first, that do not run for the same reason; none for no times. */
export function notRunRecords(owner: RecordOwner, due: DueTimes, reason: Reason, now: number): RunRecord[] {
  const { times, uncountedFrom } = due;
  const [first, plannedAt] = [times[0], times.at(-1)];
  if (first === undefined || plannedAt === undefined) return [];
  const record = notRunRecord(owner, { plannedAt }, reason, now);
  const from = uncountedFrom ?? first;
  if (from === plannedAt) return [record];
  const isMore = uncountedFrom === undefined ? undefined : true;
  return [{ ...record, covers: { from, count: times.length, isMore } }];
}

/** The record of one occurrence that does not run. */
export function notRunRecord(
  owner: RecordOwner,
  occurrence: Occurrence & { readonly requestedBy?: string },
  { code, text }: Reason,
  now: number,
): RunRecord {
  const { plannedAt, forced, requestedBy } = occurrence;
  return {
    ...owner,
    plannedAt,
    forced,
    runId: forced,
    requestedBy,
    status: 'NOTRUN',
    reason: code,
    messages: [text],
    endedAt: now,
  };
}
