/** The record of one execution, or of planned times that were due and did not happen. */
import { truncate } from './truncate.ts';

/** How it ended: no message, messages, an exception, or nothing run at all. */
export type Status = 'OK' | 'WARN' | 'FAILURE' | 'NOTRUN';

/**
 * What kept it from running, or from ending: `died`: its process did. `missed`: it was found too late; `overlap`: the last run still went on; `off`: cron or
 * crontab was switched off; `edited`: an edit came before it started; `refused`: the runner is not there, or does not
 * take the environ.
 */
export type ReasonCode = 'missed' | 'overlap' | 'off' | 'edited' | 'refused' | 'died';

/** All times are epoch milliseconds. */
export interface Log {
  /** Unique within the cron: epoch seconds of the planned time; `<epoch seconds>-<run id>` when forced. */
  readonly id: string;
  /** The planned time; for a forced run the time at which it was asked for. */
  readonly plannedAt: number;
  /** When this was recorded: the end of the run. */
  readonly date: number;
  /** When the runner started; absent when nothing ran. */
  readonly startedAt?: number;
  readonly status: Status;
  /** Present when nothing ran, or its process died: the kind of reason, for programs. `messages` has it in words. */
  readonly reason?: ReasonCode;
  /** What the runner returned, the exception's message, or why nothing ran. */
  readonly messages: readonly string[];
  /** Finds the run's lines in the log group; absent when nothing ran. */
  readonly runId?: string;
  /** Present when this record covers several planned times: the first of them and how many. */
  readonly covers?: { readonly from: number; readonly count: number };
}

/** A log's JSON: the same with ISO 8601 times, for people, events and the API. */
export interface LogDump {
  readonly id: string;
  readonly plannedAt: string;
  readonly date: string;
  readonly startedAt?: string;
  readonly status: Status;
  readonly reason?: ReasonCode;
  readonly messages: readonly string[];
  readonly runId?: string;
  readonly covers?: { readonly from: string; readonly count: number };
}

const MAX_MESSAGES = 20;
const MAX_CHARACTERS = 500;

/** ISO 8601 in UTC without milliseconds, the form in which every time is shown and sent. */
export function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Messages as they are kept: at most 20 of 500 characters each, saying so when some were cut. */
export function truncateMessages(messages: readonly string[]): string[] {
  const kept = messages.slice(0, MAX_MESSAGES).map((text) => truncate(text, MAX_CHARACTERS));
  const left = messages.length - kept.length;
  return left > 0 ? [...kept, `… and ${left} more messages: see the run's log lines`] : kept;
}

export function dumpLog({ covers, plannedAt, date, startedAt, ...rest }: Log): LogDump {
  return {
    ...rest,
    plannedAt: exact(plannedAt),
    date: new Date(date).toISOString(),
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt).toISOString() }),
    ...(covers === undefined ? {} : { covers: { from: exact(covers.from), count: covers.count } }),
  };
}

/** The shortest ISO 8601 text that loses nothing. */
function exact(time: number): string {
  return time % 1000 === 0 ? iso(time) : new Date(time).toISOString();
}
