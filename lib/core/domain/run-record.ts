/**
 * Run records: what became of one occurrence, or of a range of planned times that did not run for one reason. Writing
 * them is store.ts; the collective.cron name for the same thing, Log, is log.ts.
 */
import type { Occurrence } from './occurrence.ts';
import { truncateBytes } from './truncate-bytes.ts';

/** How it ended: no message, messages, an exception, or nothing ran at all. */
export const STATUSES = ['OK', 'WARN', 'FAILURE', 'NOTRUN'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Why an occurrence did not run, or why its run did not end by itself. NOTRUN: `missed` (found after the grace), `late`
 * (waited longer than `maxLateness`), `overlap` (the last run was in progress), `off` (cron or crontab was off), `edited`
 * (an edit or a removal replaced it), `refused` (no such runner, or it rejects the environ). FAILURE: `died` (the process of the run
 * ended), `timeout` (the run exceeded its timeout), `stopped` (a user stopped it).
 */
export const REASONS = [
  'missed',
  'late',
  'overlap',
  'off',
  'edited',
  'refused',
  'died',
  'timeout',
  'stopped',
] as const;
export type ReasonCode = (typeof REASONS)[number];

/** All times are epoch milliseconds. */
export interface RunRecord extends Occurrence {
  readonly site: string;
  readonly uid: string;
  /** The name of the runner; empty if it is not known any more. */
  readonly runner: string;
  readonly status: Status;
  /** Present if the status is NOTRUN, or if the run did not end by itself. */
  readonly reason?: ReasonCode;
  /** What the runner returned, the message of the exception, or the reason in words. At most 8 KB. */
  readonly messages: readonly string[];
  /** When its delivery was first handled; absent if nothing ran. */
  readonly deliveredAt?: number;
  /** When its lease was taken; absent if nothing ran. */
  readonly claimedAt?: number;
  /** When the runner started; absent if nothing ran, or if its process died. */
  readonly startedAt?: number;
  /** When it was decided: the end of the run, or the time at which it was found that nothing runs. */
  readonly endedAt: number;
  /** Finds the output of the run; absent if nothing ran. */
  readonly runId?: string;
  /** How often the runner was started for this occurrence; absent if nothing ran. */
  readonly attempts?: number;
  readonly requestedBy?: string;
  /** The version of the parameter that ran; absent if nothing ran. */
  readonly definitionVersion?: number;
  /** The version of the code that ran; absent if nothing ran or if it is not known. */
  readonly codeVersion?: string;
  /** Present if the record covers several planned times, of which `plannedAt` is the last. */
  readonly covers?: CoveredTimes;
  /** The record outlives the retention until then: it is one of the cron's newest `logsLimit`. */
  readonly keepUntil?: number;
  /** The runner ended only after its timeout; only on a laptop. */
  readonly wentOn?: true;
}

export interface CoveredTimes {
  /** The first planned time. */
  readonly from: number;
  /** How many there are; a lower bound if `isMore`. */
  readonly count: number;
  /** There are more than `count`: they were not counted. */
  readonly isMore?: true;
}

/** Whose record it is, and the name of its runner. */
export type RecordOwner = Pick<RunRecord, 'site' | 'uid' | 'runner'>;

/** The bytes that the messages of a record may have in UTF-8, all together. */
export const MAX_MESSAGE_BYTES = 8 * 1024;

const MAX_MESSAGES = 20;

/** Unique within the cron: the planned time in epoch seconds, with the run id behind it if a user requested the run. */
export function recordId({ plannedAt, forced }: Occurrence): string {
  const seconds = String(Math.floor(plannedAt / 1000));
  return forced === undefined ? seconds : `${seconds}-${forced}`;
}

/** At most 20 messages of 8 KB in all, cut at a character. The last one says how many were left out. */
export function truncateMessages(messages: readonly string[]): string[] {
  const kept: string[] = [];
  let bytesLeft = MAX_MESSAGE_BYTES - 100;
  for (const message of messages.slice(0, MAX_MESSAGES)) {
    const { text, bytes } = truncateBytes(message, bytesLeft);
    if (text === '' && message !== '') break;
    kept.push(text);
    bytesLeft -= bytes;
  }
  const left = messages.length - kept.length;
  return left > 0 ? [...kept, `… and ${left} more messages: see the output of the run`] : kept;
}
