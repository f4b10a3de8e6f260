/**
 * Invariants of a converged system: once there were neither faults nor edits for so long that one sweep has seen all
 * changes (one resync, where the event of an edit was lost), timers, table and jobs agree with the user's intent.
 */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { describeVersions, type Observed } from './acknowledged-changes.ts';
import { HOUR, MINUTE } from './durations.ts';
import type { IntendedCron } from './intent.ts';
import { checkInvariant } from './invariant-check.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { Oracle } from './oracle.ts';
import { MAX_CLOCK_SKEW } from './process.ts';
import { nextOccurrence } from './reference-schedule.ts';
import { formatJob, formatTime } from './trace.ts';
import { isInJob, type TrackedCron } from './tracked-cron.ts';
import { projectedVersion, type TrackedParameter } from './tracked-parameter.ts';
import { checkWhy } from './why-invariants.ts';

interface ObservedSystem extends Observed {
  /** Whether the clock has shown this time before it was set back. */
  readonly hasReached: (time: number) => boolean;
  readonly registry: MemoryRegistry;
}

/** The end of the last fault window, and the start of the last successful sweep and resync. */
export interface QuietPeriod {
  readonly faultFreeSince: number;
  readonly sweptAt: number;
  readonly resyncedAt: number;
}

/** A lost delivery is overdue after the grace of five minutes; calls and retries take time too. */
const SETTLE_TIME_AFTER_FAULTS = 6 * MINUTE;
/** An edit is synchronised at once; calls and retries take time too. */
const SETTLE_TIME_AFTER_EDIT = 90_000;
/** The longest pause between two deliveries of an overdue occurrence. */
const MAX_REDELIVERY_PAUSE = HOUR;
/** A waiting occurrence starts, or is too late, after the run before it has ended; calls and sweeps take time too. */
const MAX_WAITING_TIME = 30 * MINUTE;

/** `why` reads the whole history of a cron: it is asked about four times a day. */
const WHY_EVERY = 6 * HOUR;
const SWEEP_EVERY = 5 * MINUTE;

/** Checks every cron that must have converged; returns their number. */
export function checkConvergence(system: ObservedSystem, period: QuietPeriod): number {
  if (period.sweptAt < period.faultFreeSince + SETTLE_TIME_AFTER_FAULTS) return 0;
  const crons = [...system.oracle.crons.values()].filter((cron) => hasConverged(system.oracle, cron, period));
  for (const cron of crons) new CronCheck(system, cron).run(period);
  for (const [site, crontab] of system.oracle.crontabs) {
    if (isSynchronised(crontab, period)) checkProjection(system, { site }, crontab, period);
  }
  checkUnknownTimers(system);
  return crons.length;
}

function hasConverged(oracle: Oracle, cron: TrackedCron, period: QuietPeriod): boolean {
  const { key, parameter, isUnreadable, unreadableUntil } = cron;
  if (isUnreadable || unreadableUntil + SETTLE_TIME_AFTER_FAULTS > period.sweptAt) return false;
  const crontab = oracle.crontabs.get(key.site);
  return isSynchronised(parameter, period) && (!crontab || isSynchronised(crontab, period));
}

function isSynchronised(
  parameter: TrackedParameter<unknown>,
  { sweptAt, resyncedAt, faultFreeSince }: QuietPeriod,
): boolean {
  const isRepaired = resyncedAt > parameter.eventLostAt && resyncedAt >= faultFreeSince;
  if (
    parameter.eventLostAt > Number.NEGATIVE_INFINITY &&
    isRepaired &&
    resyncedAt + SETTLE_TIME_AFTER_EDIT < sweptAt
  ) {
    parameter.eventLostAt = Number.NEGATIVE_INFINITY;
  }
  return (
    parameter.eventLostAt === Number.NEGATIVE_INFINITY &&
    parameter.lastEditAt + SETTLE_TIME_AFTER_EDIT <= sweptAt
  );
}

class CronCheck {
  readonly #system: ObservedSystem;
  readonly #cron: TrackedCron;

  constructor(system: ObservedSystem, cron: TrackedCron) {
    this.#system = system;
    this.#cron = cron;
  }

  run(period: QuietPeriod): void {
    const { key, parameter } = this.#cron;
    checkProjection(this.#system, key, parameter, period);
    this.#checkTimers(period);
    this.#checkJob(period);
    this.#checkUnaccounted(period);
    if (period.sweptAt % WHY_EVERY < SWEEP_EVERY) this.#checkWhy();
  }

  #checkWhy(): void {
    const { oracle, registry, store, now, hasReached } = this.#system;
    // Versions of the future are known after the clock was set back.
    if (hasReached(now())) return;
    const crontab = oracle.crontab(this.#cron.key.site);
    oracle.assert(this.#cron.key, checkWhy({ cron: this.#cron, crontab, registry, store, now: now() }));
  }

  #checkTimers(period: QuietPeriod): void {
    const { sweptAt } = period;
    const { oracle, queue, store, now } = this.#system;
    const { key } = this.#cron;
    const timers = queue.timers(key).map(({ plannedAt }) => plannedAt);
    // A time that comes again after the clock was set back may have been decided.
    if (this.#system.hasReached(now())) return;
    // A timer that is about to fire has no successor yet.
    if (timers.some((plannedAt) => plannedAt <= now())) return;
    // A lost timer whose time came after the last sweep is left to the next sweep.
    const { armedAt } = store.row(key).job ?? {};
    if (armedAt !== undefined && armedAt <= now() && armedAt + SETTLE_TIME_AFTER_FAULTS > sweptAt) return;
    if (this.#isPaused(period)) return;
    const active = oracle.activeIntent(this.#cron);
    const next = active && nextOccurrence(oracle.scheduleOf(key.site, active), now());
    // A process whose clock is ahead may have armed the time after this one.
    if (next !== undefined && next <= now() + MAX_CLOCK_SKEW) return;
    const expected = next === undefined ? [] : [next];
    const isViolated = timers.length !== expected.length || timers[0] !== expected[0];
    const listed = (times: readonly number[]) =>
      times.length === 0 ? 'none' : times.map(formatTime).join(', ');
    this.#assert(
      'an active cron has exactly one future timer, an inactive cron none',
      isViolated,
      () => `timers: ${listed(timers)}, expected: ${listed(expected)}`,
    );
  }

  /** An occurrence is overdue since the fault window, and its next delivery is not due yet. */
  #isPaused({ faultFreeSince, sweptAt }: QuietPeriod): boolean {
    const { redelivery } = this.#system.store.row(this.#cron.key).job ?? {};
    if (!redelivery || redelivery.at > Math.max(faultFreeSince, this.#cron.unreadableUntil)) return false;
    return redelivery.at + MAX_REDELIVERY_PAUSE + SETTLE_TIME_AFTER_FAULTS > sweptAt;
  }

  #checkJob(period: QuietPeriod): void {
    const { key, parameter } = this.#cron;
    const { job } = this.#system.store.row(key);
    if (!job) return;
    const expired = job.leases.find(({ expiresAt }) => expiresAt + MAX_CLOCK_SKEW < period.sweptAt);
    const message = `the lease of ${expired?.runId} expired before the sweep`;
    this.#assert('the sweep ends expired leases', expired !== undefined, message);
    const intent = parameter.inForce;
    if (intent) {
      this.#checkWaiting(job, intent, period);
      return;
    }
    const isOpen = job.closedAt === undefined || job.armedAt !== undefined || hasWaiting(job);
    this.#assert('a removed cron has a closed job', isOpen, () => JSON.stringify(job));
  }

  #checkWaiting(job: Job, { maxLateness }: IntendedCron, period: QuietPeriod): void {
    const { waiting, leases } = job;
    const { sweptAt, faultFreeSince } = period;
    if (this.#isPaused(period)) return;
    const isStuck = hasWaiting(job) && leases.length === 0;
    const message = () => `${formatJob(job)}, maxLateness is ${maxLateness} s`;
    this.#assert('a waiting occurrence starts when nothing runs', isStuck, message);
    if (Math.max(faultFreeSince, this.#cron.parameter.lastEditAt) + MAX_WAITING_TIME > sweptAt) return;
    const isTooLate = waiting && waiting.from + maxLateness * 1000 + MAX_WAITING_TIME < sweptAt;
    this.#assert('no occurrence waits beyond maxLateness', isTooLate === true, message);
  }

  #checkUnaccounted(period: QuietPeriod): void {
    const { sweptAt } = period;
    const { key, unaccounted, unrecorded, running } = this.#cron;
    const { job } = this.#system.store.row(key);
    const lost = unaccounted.find((plannedAt) => {
      const isStillDue = job?.armedAt !== undefined && job.armedAt <= plannedAt && this.#isPaused(period);
      const isLate = plannedAt + SETTLE_TIME_AFTER_FAULTS <= sweptAt;
      return isLate && !isStillDue && !(job && isInJob(job, plannedAt));
    });
    const message = () => `${formatTime(lost ?? 0)} neither ran nor has a record`;
    this.#assert('every planned occurrence is accounted for', lost !== undefined, message);
    const everyRun = 'every run is recorded';
    for (const [runId, endedAt] of unrecorded) {
      const isInProgress = running.has(runId) || job?.leases.some((lease) => lease.runId === runId);
      if (isInProgress || endedAt === undefined || endedAt + SETTLE_TIME_AFTER_FAULTS > sweptAt) continue;
      this.#assert(everyRun, true, `${runId} ended at ${formatTime(endedAt)} and has no record`);
    }
    this.#assert(everyRun, false, '');
  }

  #assert(invariant: string, isViolated: boolean, message: string | (() => string)): void {
    this.#system.oracle.assert(this.#cron.key, [checkInvariant(invariant, isViolated, message)]);
  }
}

function hasWaiting({ waiting, waitingForced }: Job): boolean {
  return waiting !== undefined || waitingForced.length > 0;
}

function checkProjection(
  { oracle, store, registry }: ObservedSystem,
  key: ParameterKey,
  parameter: TrackedParameter<unknown>,
  { resyncedAt, faultFreeSince }: QuietPeriod,
): void {
  const { current, labelFailedAt } = parameter;
  const projected = projectedVersion(store.row(key));
  const isMarked = current !== undefined && registry.isMarked(key, current.version);
  const isInvalid = current !== undefined && current.intent === undefined;
  oracle.assert(key, [
    checkInvariant('the table equals the registry', projected !== current?.modified, () =>
      describeVersions(current?.modified, projected),
    ),
  ]);
  // Nothing but the resync repeats a label that failed.
  const isResynced = resyncedAt > labelFailedAt && resyncedAt >= faultFreeSince;
  if (labelFailedAt > Number.NEGATIVE_INFINITY && !isResynced) return;
  parameter.labelFailedAt = Number.NEGATIVE_INFINITY;
  oracle.assert(key, [
    checkInvariant(
      'exactly the rejected versions are marked',
      isMarked !== isInvalid,
      () => `version ${current?.version} is ${isMarked ? '' : 'not '}marked as rejected`,
    ),
  ]);
}

function checkUnknownTimers({ oracle, queue }: ObservedSystem): void {
  const unknown = queue.allTimers().find(({ site, uid }) => !oracle.crons.has(`${site}/${uid}`));
  const message = 'the user never wrote such a cron';
  oracle.assert(unknown ?? {}, [
    checkInvariant('every timer belongs to a cron', unknown !== undefined, message),
  ]);
}
