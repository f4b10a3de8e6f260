/** Which cron is active, what its timing is, and which planned times are due. */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import { parseExpression } from './expression.ts';
import type { Job } from './job.ts';
import { nextRun } from './next-run.ts';
import { byteLength } from './truncate-bytes.ts';

/** Whether the cron should have a timer. */
export function isActive(cron: Cron, settings: CrontabSettings): boolean {
  return cron.activated && settings.activated;
}

const MAX_TIMING_BYTES = 100;

/**
 * All that decides about planned times, as text of at most 100 bytes: `<periodicity>|<timezone>`, or a hash of it where
 * that is longer. A timer of another timing has to be replaced.
 */
export function timingOf(cron: Cron, settings: CrontabSettings): string {
  const timing = `${cron.periodicity}|${cron.timezone ?? settings.timezone}`;
  return byteLength(timing) <= MAX_TIMING_BYTES ? timing : `#${fnv1a(timing)}`;
}

/**
 * The next planned time of the cron after `after` that the job has not decided yet: a clock that was set back comes to
 * the same times again.
 */
export function nextUndecided(
  cron: Cron,
  { timezone }: CrontabSettings,
  { decidedUntil = Number.NEGATIVE_INFINITY }: Pick<Job, 'decidedUntil'>,
  after: number,
): number | undefined {
  return cron.next(Math.max(after, decidedUntil), timezone);
}

const NO_TIME = () => undefined;

/**
 * Returns the planned time that follows another one by the timing of the job. If the cron is gone or has another timing by
 * now, the text is parsed; if that is impossible, because it is a hash or this version rejects it, no time follows.
 */
export function followingTime(
  { uid, timing }: Pick<Job, 'uid' | 'timing'>,
  cron: Cron | undefined,
  settings: CrontabSettings,
): (time: number) => number | undefined {
  if (cron && timing === timingOf(cron, settings)) return (time) => cron.next(time, settings.timezone);
  if (timing === undefined) return NO_TIME;
  const [periodicity = '', timezone = ''] = timing.split('|');
  try {
    const expression = parseExpression(periodicity, uid);
    return (time) => nextRun(expression, timezone, time);
  } catch {
    return NO_TIME;
  }
}

/** Every planned time of the range that waits, oldest first. */
export function waitingTimes(
  { waiting }: Pick<Job, 'waiting'>,
  next: (time: number) => number | undefined,
): number[] {
  return waiting ? timesFrom(waiting.from, waiting.to, next).times : [];
}

/** Planned times that are due. */
export interface DueTimes {
  /** Oldest first. */
  readonly times: readonly number[];
  /** The first due time, if there are more than could be walked through: those before `times` were not counted. */
  readonly uncountedFrom?: number;
}

const MAX_DUE_TIMES = 1_000;

/**
 * The planned times from the armed one up to and with `until`, as they follow each other by `next`: about the latest 1,000
 * at most. None if nothing is armed.
 */
export function dueTimes(
  { armedAt }: Pick<Job, 'armedAt'>,
  until: number,
  next: (time: number) => number | undefined,
): DueTimes {
  if (armedAt === undefined || armedAt > until) return { times: [] };
  const first = armedAt;
  let { times, isComplete } = timesFrom(first, until, next);
  if (isComplete) return { times };
  // A periodicity repeats itself: as long a time before `until` holds about as many, unless it has pauses.
  let span = Math.max(...times) - first;
  let start = latestStart(span);
  while (start > until) {
    span *= 2;
    start = latestStart(span);
  }
  while (!isComplete) {
    ({ times, isComplete } = timesFrom(start, until, next));
    start = Math.max(...times.slice(0, MAX_DUE_TIMES / 2));
  }
  return { times, uncountedFrom: first };

  function latestStart(spanMs: number): number {
    const after = until - spanMs;
    return after <= first ? first : (next(after) ?? Number.POSITIVE_INFINITY);
  }
}

function timesFrom(start: number, until: number, next: (time: number) => number | undefined) {
  const times: number[] = [];
  let time: number | undefined = start;
  while (time !== undefined && time <= until) {
    if (times.length === MAX_DUE_TIMES) return { times, isComplete: false };
    times.push(time);
    time = next(time);
  }
  return { times, isComplete: true };
}

/** FNV-1a with 64 bits (draft-eastlake-fnv), in hexadecimal. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16);
}
