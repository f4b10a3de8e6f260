/** Run records in short: what a job remembers of them, so that a list of crons needs none, and each in a list of runs. */
import { isForced } from './occurrence.ts';
import type { ReasonCode, RunRecord, Status } from './run-record.ts';
import { truncateBytes } from './truncate-bytes.ts';

export interface RunSummary {
  /** The statuses of the last 20 records, newest first, one letter each: see `statusesOf`. */
  readonly statuses: string;
  /** How many runs have ended, and how many of them failed; occurrences that did not run are not counted. */
  readonly runs: number;
  readonly failures: number;
  /** How many of the latest runs failed in a row. */
  readonly failuresInRow: number;
  /** The planned time of the first of these, in epoch milliseconds; absent if there is none. */
  readonly failingSince?: number;
  readonly last?: LastResult;
}

/** The newest record, in short. Times are epoch milliseconds. */
export interface LastResult {
  readonly plannedAt: number;
  readonly claimedAt?: number;
  readonly endedAt: number;
  readonly status: Status;
  readonly reason?: ReasonCode;
  /** The first message, at most 160 bytes. */
  readonly message?: string;
  readonly runId?: string;
  /** A user requested it. */
  readonly forced?: true;
}

/** A run record without its messages, but for the beginning of the first. */
export type RecordSummary = Omit<RunRecord, 'messages' | 'keepUntil'> & { readonly message?: string };

const MAX_STATUSES = 20;
/** The bytes of a message that summaries keep. */
const MAX_SUMMARY_MESSAGE_BYTES = 160;
const LETTERS: Readonly<Record<Status, string>> = { OK: 'O', WARN: 'W', FAILURE: 'F', NOTRUN: 'N' };
const STATUSES = Object.fromEntries(
  Object.entries(LETTERS).map(([status, letter]) => [letter, status as Status]),
);

export const EMPTY_SUMMARY: RunSummary = { statuses: '', runs: 0, failures: 0, failuresInRow: 0 };

/** The summary with these records, oldest first. */
export function summarize(summary: RunSummary, records: readonly RunRecord[]): RunSummary {
  return records.reduce(withRecord, summary);
}

/** The statuses of the last records, newest first. */
export function statusesOf({ statuses }: RunSummary): Status[] {
  return [...statuses].flatMap((letter) => STATUSES[letter] ?? []);
}

function withRecord(summary: RunSummary, record: RunRecord): RunSummary {
  const hasRun = record.status !== 'NOTRUN';
  const hasFailed = record.status === 'FAILURE';
  const { failuresInRow, failingSince, last: _last, ...counted } = summary;
  const streak = hasFailed
    ? { failuresInRow: failuresInRow + 1, failingSince: failingSince ?? record.plannedAt }
    : { failuresInRow: 0 };
  return {
    ...(hasRun ? streak : { failuresInRow, ...(failingSince !== undefined && { failingSince }) }),
    statuses: `${LETTERS[record.status]}${counted.statuses}`.slice(0, MAX_STATUSES),
    runs: counted.runs + (hasRun ? 1 : 0),
    failures: counted.failures + (hasFailed ? 1 : 0),
    last: lastResult(record),
  };
}

export function recordSummary({ messages, keepUntil: _, ...record }: RunRecord): RecordSummary {
  return { ...record, message: firstMessage(messages) };
}

/** The beginning of the first message; undefined if there is none. */
function firstMessage([first = '']: readonly string[]): string | undefined {
  return truncateBytes(first, MAX_SUMMARY_MESSAGE_BYTES).text || undefined;
}

function lastResult(record: RunRecord): LastResult {
  const { plannedAt, claimedAt, endedAt, status, reason, messages, runId } = record;
  const [message, forced] = [firstMessage(messages), isForced(record) ? true : undefined] as const;
  return { plannedAt, endedAt, status, claimedAt, reason, message, runId, forced };
}

/** The summary after records were deleted: `records` are the newest that are left, newest first. Counters stay. */
export function withoutDeleted(summary: RunSummary, records: readonly RunRecord[]): RunSummary {
  const [newest] = records;
  const statuses = records.slice(0, MAX_STATUSES).map(({ status }) => LETTERS[status]);
  const { last: _last, ...counters } = summary;
  return { ...counters, statuses: statuses.join(''), ...(newest && { last: lastResult(newest) }) };
}
