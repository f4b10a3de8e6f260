/** Invariants of NOTRUN records: the recorded reason is true. */
import type { Job } from '../../lib/core/domain/job.ts';
import { isForced } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { MAX_CLOCK_SKEW } from './process.ts';
import { nextOccurrence, type Schedule } from './reference-schedule.ts';
import { EVEN_OFF_PREFIX } from './simulated-run.ts';
import { GRACE, MAX_START_DELAY } from './start-invariants.ts';
import { formatTime } from './trace.ts';
import { hasWaited, isArmedBy, type TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

/** A NOTRUN record and the oracle's knowledge when it was written. */
export interface NotRun {
  readonly record: RunRecord;
  readonly jobBefore: Job | undefined;
  readonly cron: TrackedCron;
  readonly crontab: TrackedParameter<IntendedCrontab>;
  /** The schedule of the version in force. */
  readonly schedule: Schedule | undefined;
  readonly now: number;
}

/** The number of missed occurrences that `missed: all` catches up at most. */
const MAX_CATCH_UP = 100;
/** The number of forced runs that a cron accepts within the grace. */
const MAX_RECENT_FORCED = 16;
/** With fewer runs in progress or waiting than these, one more may start if they may overlap. */
const FEWEST_CROWDED = 3;

export function checkReason(notRun: NotRun): InvariantCheck[] {
  switch (notRun.record.reason) {
    case 'missed':
      return checkMissed(notRun);
    case 'late':
      return [checkLate(notRun)];
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

/** An occurrence that may still start is not missed, unless later ones take its place. Within the grace none is. */
function checkMissed(notRun: NotRun): InvariantCheck[] {
  const { record, cron, schedule } = notRun;
  const { plannedAt, endedAt } = record;
  const delay = endedAt - plannedAt;
  const message = () => `${formatTime(plannedAt)} is recorded as missed at ${formatTime(endedAt)}`;
  const checks = [checkInvariant('no occurrence within the grace is missed', delay <= GRACE, message)];
  const version = cron.parameter.inForce;
  if (isForced(record) || !version || !schedule || !isSynchronised(notRun)) return checks;
  const maxDelay = version.missed === 'skip' ? GRACE : version.maxLateness * 1000;
  const successors = version.missed === 'all' ? MAX_CATCH_UP : 1;
  const isSuperseded = hasOccurrences(schedule, plannedAt, endedAt + MINUTE, successors);
  // What waits is one range: it ends when a later time joins it behind one that has ended.
  const isOutpaced = hasWaited(cron, plannedAt) && cron.recordedTimes.hasAfter(plannedAt);
  const isViolated = delay <= maxDelay && !isSuperseded && !isOutpaced;
  return [...checks, checkInvariant('an occurrence recorded as missed could not run', isViolated, message)];
}

/** What waited for its turn is dropped only after `maxLateness`. */
function checkLate({ record, cron, now }: NotRun): InvariantCheck {
  const { plannedAt, endedAt } = record;
  const isLate = recentIntents(cron.parameter, now).some(
    ({ maxLateness }) => endedAt - plannedAt > maxLateness * 1000,
  );
  const isViolated = !isLate || !hasWaited(cron, plannedAt);
  const message = `${formatTime(plannedAt)} is recorded as late at ${formatTime(endedAt)}`;
  return checkInvariant('an occurrence recorded as late waited longer than maxLateness', isViolated, message);
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

/** It overlapped if something ran or waited since its planned time or earlier; for a forced run, if something runs. */
function checkOverlapped({ record, jobBefore, cron, now }: NotRun): InvariantCheck {
  const { plannedAt, endedAt } = record;
  const invariant = 'an occurrence recorded as overlapping did overlap';
  const time = formatTime(plannedAt);
  const isRefused = isForced(record) && (jobBefore?.recentForced.length ?? 0) >= MAX_RECENT_FORCED;
  if (isRefused) return checkInvariant(invariant, false, '');
  const { leases = [], waiting, waitingForced = [] } = jobBefore ?? {};
  const isBusy = leases.some(({ expiresAt }) => expiresAt > endedAt) || waiting || waitingForced.length > 0;
  const wasBusy =
    isForced(record) || (cron.busySince !== undefined && cron.busySince <= plannedAt + MAX_CLOCK_SKEW);
  if (!isBusy || !wasBusy)
    return checkInvariant(invariant, true, `${time} did not run, although no other run was in progress`);
  const isForbidden = recentIntents(cron.parameter, now).some(({ overlap }) => overlap !== 'allow');
  const isCrowded = leases.length + (waiting ? 1 : 0) >= FEWEST_CROWDED;
  return checkInvariant(
    invariant,
    !isForbidden && !isCrowded,
    `${time} did not run, although overlap is "allow"`,
  );
}

function checkOff({ record, cron: { parameter }, crontab, now }: NotRun): InvariantCheck {
  const intents = [...recentIntents(parameter, now), ...recentIntents(crontab, now)];
  return checkInvariant(
    'an occurrence recorded as off was deactivated',
    record.forced?.startsWith(EVEN_OFF_PREFIX) || intents.every(({ activated }) => activated),
    `${formatTime(record.plannedAt)} did not run, although cron and crontab were active, or it was to run nevertheless`,
  );
}

/** The job was armed by another timing than that of the version in force, or an edit may still be on its way. */
function checkEdited(notRun: NotRun): InvariantCheck {
  const message = `${formatTime(notRun.record.plannedAt)} did not run, although nothing was edited`;
  return checkInvariant('an occurrence recorded as edited was edited', isSynchronised(notRun), message);
}

/** Whether no process can act on an earlier version, and the job is armed by the version in force. */
function isSynchronised({ cron: { parameter }, crontab, schedule, jobBefore, now }: NotRun): boolean {
  const isSettled =
    parameter.isSettledFor(MAX_START_DELAY, now) && crontab.isSettledFor(MAX_START_DELAY, now);
  return isSettled && isArmedBy(jobBefore, schedule);
}

/** The intents that are in force, or were so recently that a slow process may still act on them. */
function recentIntents<Intent>({ versions }: TrackedParameter<Intent>, now: number): Intent[] {
  return versions
    .filter(({ replacedAt = now }) => replacedAt > now - MAX_START_DELAY)
    .map(({ intent }) => intent);
}
