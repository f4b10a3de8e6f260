/** What becomes of planned times that are due: the policy for missed ones, and the records of those that never run. */
import type { Cron } from './cron.ts';
import { GRACE_MS, logId, type Occurrence } from './job.ts';
import { iso, type Log, type ReasonCode } from './log.ts';

/** At most so many missed times are made up for under `missed: all`. */
export const MAX_CATCH_UP = 100;

/** Why something does not run: the kind for programs, the words for users. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** Due times, sorted into those that shall run, oldest first, and the records of the others. */
export interface CatchUp {
  readonly run: readonly number[];
  readonly notRun: readonly Log[];
}

/** Applies `maxLateness` and `missed` to due times, oldest first, of which the last may be on time. */
export function applyMissedPolicy(cron: Cron, times: readonly number[], now: number): CatchUp {
  const tooOld = times.filter((time) => isTooOld(cron, time, now));
  const young = times.slice(tooOld.length);
  const run = timesToRun(cron, young, now);
  const left = young.filter((time) => !run.includes(time));
  return {
    run,
    notRun: [
      ...notRunLogOfTimes(
        tooOld,
        missedReason(`Missed: found too late. Nothing older than maxLateness (${cron.maxLateness} s) runs.`),
        now,
      ),
      ...notRunLogOfTimes(left, missedReason(missedText(cron, run)), now),
    ],
  };
}

/**
 * Whether a planned time that waited may not run any more. A buffered one waited for the run in progress, which is
 * nothing that it missed; any other was missed, and an edit may since want nothing missed to run.
 */
export function mayNotRunAnymore(cron: Cron, time: number, now: number): boolean {
  return isTooOld(cron, time, now) || (wantsNoneMissed(cron) && now - time > GRACE_MS);
}

/** Why such a time does not run. */
export function tooLateReason(cron: Cron): Reason {
  if (wantsNoneMissed(cron)) return missedReason(missedText(cron, []));
  return missedReason(`Missed: it waited until it was older than maxLateness (${cron.maxLateness} s).`);
}

function wantsNoneMissed({ missed, overlap }: Cron): boolean {
  return missed === 'skip' && overlap !== 'buffer';
}

function isTooOld(cron: Cron, time: number, now: number): boolean {
  return now - time > cron.maxLateness * 1000;
}

function timesToRun(cron: Cron, times: readonly number[], now: number): number[] {
  if (cron.missed === 'all') return times.slice(-MAX_CATCH_UP);
  const latest = times.slice(-1);
  return cron.missed === 'once' ? latest : latest.filter((time) => now - time <= GRACE_MS);
}

/** The reason of what was found too late. */
export function missedReason(text: string): Reason {
  return { code: 'missed', text };
}

function missedText(cron: Cron, run: readonly number[]): string {
  switch (cron.missed) {
    case 'skip':
      return `Missed: could not start within ${GRACE_MS / 60_000} minutes; missed is "skip".`;
    case 'once':
      return `Missed: could not start on time; missed is "once", so only the latest runs: ${run.map(iso)}.`;
    case 'all':
      return `Missed: could not start on time; missed is "all", which makes up for the latest ${MAX_CATCH_UP}.`;
  }
}

/** One record for planned times, oldest first, that do not run for the same reason; none for no times. */
function notRunLogOfTimes(times: readonly number[], reason: Reason, now: number): Log[] {
  const [from] = times;
  const plannedAt = times.at(-1);
  if (from === undefined || plannedAt === undefined) return [];
  const log = notRunLog({ plannedAt }, reason, now);
  return times.length === 1 ? [log] : [{ ...log, covers: { from, count: times.length } }];
}

/** The record of one occurrence that does not run. */
export function notRunLog(occurrence: Occurrence, reason: Reason, now: number): Log {
  return {
    id: logId(occurrence),
    plannedAt: occurrence.plannedAt,
    date: now,
    status: 'NOTRUN',
    reason: reason.code,
    messages: [reason.text],
    ...(occurrence.forced === undefined ? {} : { runId: occurrence.forced }),
  };
}

/** The records of occurrences, oldest first, that do not run: one for all planned ones, one for each forced one. */
export function notRunLogs(occurrences: readonly Occurrence[], reason: Reason, now: number): Log[] {
  const planned = occurrences.filter(({ forced }) => forced === undefined).map(({ plannedAt }) => plannedAt);
  const forced = occurrences.filter((occurrence) => occurrence.forced !== undefined);
  return [...notRunLogOfTimes(planned, reason, now), ...forced.map((one) => notRunLog(one, reason, now))];
}
