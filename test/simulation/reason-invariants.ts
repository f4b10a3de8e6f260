/** Invariants of NOTRUN records: the recorded reason is true. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { nextOccurrence, type Schedule } from './reference-schedule.ts';
import { GRACE, MAX_START_DELAY } from './start-invariants.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

/** A NOTRUN record and the oracle's knowledge when it was written. */
export interface NotRun {
  readonly record: Log;
  readonly jobBefore: Job | undefined;
  readonly cron: TrackedCron;
  readonly crontab: TrackedParameter<IntendedCrontab>;
  /** The schedule of the version in force. */
  readonly schedule: Schedule | undefined;
  readonly now: number;
}

/** The number of missed occurrences that `missed: all` catches up at most. */
const MAX_CATCH_UP = 100;

export function checkReason(notRun: NotRun): InvariantCheck[] {
  switch (notRun.record.reason) {
    case 'missed':
      return checkMissed(notRun);
    case 'overlap':
      return [checkOverlapped(notRun)];
    case 'off':
      return [checkOff(notRun)];
    case 'edited':
      return [checkEdited(notRun)];
    default:
      return [
        checkInvariant('a NOTRUN record has a known reason', true, `unknown reason: ${notRun.record.reason}`),
      ];
  }
}

/** An occurrence that may still start is not missed, unless later ones take its place. */
function checkMissed(notRun: NotRun): InvariantCheck[] {
  const invariant = 'an occurrence recorded as missed could not run';
  const { record, cron, schedule } = notRun;
  const { plannedAt, date, id } = record;
  const message = () => `${formatTime(plannedAt)} is recorded as missed at ${formatTime(date)}`;
  if (id.includes('-')) return [checkInvariant(invariant, date - plannedAt <= GRACE, message)];
  const version = cron.parameter.inForce;
  if (!version || !schedule || !isSettled(notRun)) return [];
  const maxDelay = Math.min(
    version.maxLateness * 1000,
    version.missed === 'skip' ? GRACE : Number.POSITIVE_INFINITY,
  );
  const successors = version.missed === 'all' ? MAX_CATCH_UP : 1;
  const isSuperseded = hasOccurrences(schedule, plannedAt, date + MINUTE, successors);
  return [checkInvariant(invariant, date - plannedAt <= maxDelay && !isSuperseded, message)];
}

/** Whether at least `count` occurrences are planned after `after` and up to `until`. */
function hasOccurrences(schedule: Schedule, after: number, until: number, count: number): boolean {
  let time: number | undefined = after;
  for (let n = 0; n < count; n++) {
    time = nextOccurrence(schedule, time);
    if (time === undefined || time > until) return false;
  }
  return true;
}

function checkOverlapped({ record, jobBefore, cron: { parameter }, now }: NotRun): InvariantCheck {
  const invariant = 'an occurrence recorded as overlapping did overlap';
  const time = formatTime(record.plannedAt);
  if (!jobBefore?.leases.some(({ expiresAt }) => expiresAt > record.date))
    return checkInvariant(invariant, true, `${time} did not run, although no other run was in progress`);
  const isForbidden = recentIntents(parameter, now).some(({ overlap }) => overlap !== 'allow');
  return checkInvariant(invariant, !isForbidden, `${time} did not run, although overlap is "allow"`);
}

function checkOff({ record, cron: { parameter }, crontab, now }: NotRun): InvariantCheck {
  const intents = [...recentIntents(parameter, now), ...recentIntents(crontab, now)];
  return checkInvariant(
    'an occurrence recorded as off was deactivated',
    intents.every(({ activated }) => activated),
    `${formatTime(record.plannedAt)} did not run, although cron and crontab were active`,
  );
}

function checkEdited(notRun: NotRun): InvariantCheck {
  const message = `${formatTime(notRun.record.plannedAt)} did not run, although nothing was edited`;
  return checkInvariant('an occurrence recorded as edited was edited', isSettled(notRun), message);
}

function isSettled({ cron: { parameter }, crontab, now }: NotRun): boolean {
  return parameter.isSettledFor(MAX_START_DELAY, now) && crontab.isSettledFor(MAX_START_DELAY, now);
}

/** The intents that are in force, or were so recently that a slow process may still act on them. */
function recentIntents<Intent>({ versions }: TrackedParameter<Intent>, now: number): Intent[] {
  return versions
    .filter(({ replacedAt = now }) => replacedAt > now - MAX_START_DELAY)
    .map(({ intent }) => intent);
}
