/**
 * Invariants of the start of a run: not twice, no forbidden overlap, the version in force, a planned time, not too
 * late.
 */
import { MINUTE } from './durations.ts';
import { DEFAULT_CRONTAB, type IntendedCron, type IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import { MAX_CLOCK_SKEW } from './process.ts';
import { isOccurrence } from './reference-schedule.ts';
import { EVEN_OFF_PREFIX, type SimulatedRun } from './simulated-run.ts';
import { formatTime } from './trace.ts';
import { hasWaited, type TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

/** The start of a run and the oracle's knowledge at that time. */
export interface RunStart {
  readonly run: SimulatedRun;
  /** The version that runs. */
  readonly version: IntendedCron;
  readonly versionOf: (versionId: number) => IntendedCron | undefined;
  readonly cron: TrackedCron;
  readonly crontab: TrackedParameter<IntendedCrontab>;
  readonly now: number;
  /** Whether the clock was set back before this time. */
  readonly comesAgain: boolean;
}

/** An upper bound of the time from reading a cron to starting its run, with every call slow. */
export const MAX_START_DELAY = 8 * MINUTE;
export const GRACE = 5 * MINUTE;

const AT_MOST_ONCE = 'an occurrence runs at most once';

export function checkStart(start: RunStart): InvariantCheck[] {
  const { run, cron } = start;
  const checks = [checkOverlap(start), ...checkVersion(start), checkLateFlag(start)];
  if (run.isForced) {
    const hasRun = cron.executedForced.has(run.runId);
    return [...checks, checkInvariant(AT_MOST_ONCE, hasRun, () => `${run.runId} has run before`)];
  }
  const time = () => formatTime(run.plannedAt);
  return [
    ...checks,
    checkInvariant(AT_MOST_ONCE, cron.executed.has(run.plannedAt), () => `${time()} has run before`),
    checkInvariant('only planned occurrences run', !wasPlanned(start), () => `${time()} was never planned`),
    checkInvariant(
      'an occurrence that has a record does not run',
      cron.recordedTimes.covers(run.plannedAt),
      () => `${time()} has a record`,
    ),
    ...checkLateness(start),
  ];
}

/** Of two overlapping runs, the version of the later claim decides whether they may overlap. */
function checkOverlap({ run, version, versionOf, cron: { running, claims } }: RunStart): InvariantCheck {
  const claimOrder = running.size === 0 ? [] : [...claims.keys()];
  const forbidsOverlap = (one: IntendedCron | undefined) => one !== undefined && one.overlap !== 'allow';
  const overlapping = [...running.values()].filter(({ runId, versionId }) => {
    const isEarlier = claimOrder.indexOf(runId) <= claimOrder.indexOf(run.runId);
    return forbidsOverlap(isEarlier ? version : versionOf(versionId));
  });
  const others = () => overlapping.map(({ plannedAt }) => formatTime(plannedAt)).join(', ');
  return checkInvariant(
    'runs overlap only if the policy allows it',
    overlapping.length > 0,
    () => `overlap is not "allow", but the run of ${others()} is in progress`,
  );
}

function checkVersion({ run, version, cron: { parameter }, crontab, now }: RunStart): InvariantCheck[] {
  const isSettled =
    parameter.isSettledFor(MAX_START_DELAY, now) && crontab.isSettledFor(MAX_START_DELAY, now);
  const expectedId = parameter.inForce?.environ.versionId;
  const isOn =
    run.runId.startsWith(EVEN_OFF_PREFIX) ||
    (version.activated && (!isSettled || (crontab.inForce ?? DEFAULT_CRONTAB).activated));
  const actual = `version ${run.versionId} runs`;
  const checks = [checkInvariant('a deactivated cron does not run', !isOn, actual)];
  if (!isSettled) return checks;
  return [
    ...checks,
    checkInvariant(
      'the version in force runs',
      expectedId !== run.versionId,
      `${actual}, version ${expectedId ?? 'none'} is in force`,
    ),
  ];
}

/** Whether the time is planned by a version and a time zone that were in force then or still being replaced. */
function wasPlanned({ run: { plannedAt }, cron: { parameter }, crontab }: RunStart): boolean {
  const crontabZones = new Set([
    DEFAULT_CRONTAB.timezone,
    ...crontab.versions.map(({ intent }) => intent.timezone),
  ]);
  return parameter.versions.some(({ intent, writtenAt, replacedAt = Number.POSITIVE_INFINITY }) => {
    const { periodicity, timezone } = intent;
    if (plannedAt < writtenAt - MAX_CLOCK_SKEW || plannedAt > replacedAt + MAX_START_DELAY) return false;
    const zones = timezone === undefined ? [...crontabZones] : [timezone];
    return zones.some((zone) => isOccurrence({ periodicity, timezone: zone }, plannedAt));
  });
}

/** Milliseconds from the planned time to the claim, at which lateness is decided. */
function latenessOf(run: SimulatedRun, claims: TrackedCron['claims']): number | undefined {
  const lease = claims.get(run.runId);
  return lease && lease.claimedAt - run.plannedAt;
}

function checkLateness(start: RunStart): InvariantCheck[] {
  const { run, version, cron, now, comesAgain } = start;
  const { claims, lastRun } = cron;
  const { maxLateness, missed, overlap } = version;
  const lateness = latenessOf(run, claims) ?? now - MAX_START_DELAY - run.plannedAt;
  const message = `it runs ${lateness / 1000} s late`;
  const checks = [checkInvariant('no run is later than maxLateness', lateness > maxLateness * 1000, message)];
  if (missed === 'skip' && !hasWaited(cron, run.plannedAt))
    checks.push(
      checkInvariant(
        'with missed: skip only what waited runs later than the grace',
        lateness > GRACE,
        message,
      ),
    );
  if (lastRun?.versionId !== run.versionId) return checks;
  if (overlap !== 'allow') {
    const isOutOfOrder = run.plannedAt < lastRun.plannedAt && !comesAgain;
    const order = () => `${formatTime(lastRun.plannedAt)} ran before ${formatTime(run.plannedAt)}`;
    checks.push(checkInvariant('occurrences run in order', isOutOfOrder, order));
  }
  return checks;
}

function checkLateFlag({ run, cron: { claims } }: RunStart): InvariantCheck {
  const lateness = run.isForced ? 0 : (latenessOf(run, claims) ?? 0);
  const isUnambiguous = Math.abs(lateness - GRACE) > MAX_CLOCK_SKEW;
  const isViolated = isUnambiguous && run.isLate !== lateness > GRACE;
  const message = `late: ${run.isLate}, ${lateness / 1000} s late`;
  return checkInvariant('the runner is informed correctly whether it is late', isViolated, message);
}
