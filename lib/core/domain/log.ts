/** A run record under the name and in the shape that collective.cron gives it. */
import { iso } from './iso.ts';
import { type CoveredTimes, type ReasonCode, type RunRecord, recordId, type Status } from './run-record.ts';
import type { RunSummary } from './run-summary.ts';

/** All times are epoch milliseconds. */
export interface Log {
  /** Unique within the cron: epoch seconds of the planned time; `<epoch seconds>-<run id>` for a requested run. */
  readonly id: string;
  /** The planned time; for a requested run the time of the request. */
  readonly plannedAt: number;
  /** When it was recorded: the end of the run. */
  readonly date: number;
  /** When the run started; absent if nothing ran. */
  readonly startedAt?: number;
  readonly status: Status;
  /** Present if nothing ran, or if the run did not end by itself. */
  readonly reason?: ReasonCode;
  /** What the runner returned, the exception's message, or the reason in words. */
  readonly messages: readonly string[];
  /** Finds the output of the run; absent if nothing ran. */
  readonly runId?: string;
  /** Who requested the run; absent if it was planned, or if the caller is unknown. */
  readonly requestedBy?: string;
  /** Present if the log covers several planned times, of which `plannedAt` is the last. */
  readonly covers?: CoveredTimes;
}

/** A log's JSON: the same with ISO 8601 times, for users, events and the API. */
export interface LogDump extends Omit<Log, 'plannedAt' | 'date' | 'startedAt' | 'covers'> {
  readonly plannedAt: string;
  readonly date: string;
  readonly startedAt?: string;
  readonly covers?: Omit<CoveredTimes, 'from'> & { readonly from: string };
}

export function logOf(record: Omit<RunRecord, 'keepUntil'>): Log {
  const { plannedAt, endedAt: date, claimedAt, startedAt = claimedAt } = record;
  const { status, reason, messages, runId, requestedBy, covers } = record;
  const id = recordId(record);
  return { id, plannedAt, date, startedAt, status, reason, messages, runId, requestedBy, covers };
}

/** The newest log, as far as the summary remembers it: with the beginning of its first message. */
export function lastLog({ last }: RunSummary): Log | undefined {
  if (!last) return undefined;
  const { plannedAt, claimedAt: startedAt, endedAt: date, status, reason, message, runId, forced } = last;
  const id = recordId({ plannedAt, forced: forced && runId });
  const messages = message === undefined ? [] : [message];
  return { id, plannedAt, date, startedAt, status, reason, messages, runId };
}

export function dumpLog({ covers, plannedAt, date, startedAt, ...rest }: Log): LogDump {
  return {
    ...rest,
    plannedAt: exact(plannedAt),
    date: new Date(date).toISOString(),
    startedAt: startedAt === undefined ? undefined : new Date(startedAt).toISOString(),
    covers: covers && { ...covers, from: exact(covers.from) },
  };
}

/** The shortest ISO 8601 text that loses nothing. */
function exact(time: number): string {
  return time % 1000 === 0 ? iso(time) : new Date(time).toISOString();
}
