/** What becomes of planned times that are older than the grace: the policies `maxLateness` and `missed`. */
import type { Cron } from './cron.ts';
import { iso } from './iso.ts';
import { notRunRecords, type Reason } from './not-run.ts';
import { GRACE_MS } from './occurrence.ts';
import type { RecordOwner, RunRecord } from './run-record.ts';
import type { DueTimes } from './timing.ts';

/** How many missed times `missed: all` catches up with. */
export const MAX_CATCH_UP = 100;

/** Due times, oldest first, and the records of those that do not run. */
export interface CatchUp {
  /** Missed times that run all the same. */
  readonly missed: readonly number[];
  /** Times within the grace: each is decided by itself. */
  readonly onTime: readonly number[];
  readonly records: readonly RunRecord[];
}

/** Applies `maxLateness` and `missed` to the due times that are older than the grace. */
export function catchUp(cron: Cron, owner: RecordOwner, due: DueTimes, now: number): CatchUp {
  const onTime = due.times.filter((time) => now - time <= GRACE_MS);
  const older = due.times.slice(0, due.times.length - onTime.length);
  const recent = older.filter((time) => !isTooLate(cron, time, now));
  const missed = caughtUp(cron, recent, onTime);
  const tooLate = older.slice(0, older.length - recent.length);
  const dropped = recent.slice(0, recent.length - missed.length);
  const tooLateText = `Missed: found later than maxLateness (${cron.maxLateness} s).`;
  const records = [
    ...notRunRecords(owner, { ...due, times: tooLate }, { code: 'missed', text: tooLateText }, now),
    ...notRunRecords(
      owner,
      tooLate.length > 0 ? { times: dropped } : { ...due, times: dropped },
      missedReason(cron, missed, onTime),
      now,
    ),
  ];
  return { missed, onTime, records };
}

/** Whether a planned time is older than `maxLateness`; one within the grace never is. */
export function isTooLate({ maxLateness }: Cron, time: number, now: number): boolean {
  return now - time > Math.max(maxLateness * 1000, GRACE_MS);
}

/** The latest of these times: as many as `missed` wants. Under `once` a time within the grace is that one. */
function caughtUp({ missed }: Cron, times: readonly number[], onTime: readonly number[]): readonly number[] {
  switch (missed) {
    case 'skip':
      return [];
    case 'once':
      return onTime.length > 0 ? [] : times.slice(-1);
    case 'all':
      return times.slice(-MAX_CATCH_UP);
  }
}

function missedReason({ missed }: Cron, run: readonly number[], onTime: readonly number[]): Reason {
  const text = `Missed: could not start within ${GRACE_MS / 60_000} minutes; missed is "${missed}"`;
  const latest = onTime[0] ?? run[0];
  switch (missed) {
    case 'skip':
      return { code: 'missed', text: `${text}.` };
    case 'once':
      return {
        code: 'missed',
        text: `${text}, so only the latest one runs${latest === undefined ? '' : `: ${iso(latest)}`}.`,
      };
    case 'all':
      return { code: 'missed', text: `${text}, which catches up with the latest ${MAX_CATCH_UP}.` };
  }
}
