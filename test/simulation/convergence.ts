/**
 * Invariants of a converged system: once there were neither faults nor edits for so long that one sweep has seen all
 * changes (one resync, where the event of an edit was lost), timers, table and jobs agree with the user's intent.
 */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { describeVersions, type Observed, projectedVersion } from './acknowledged-changes.ts';
import { MAX_LEASE } from './claim-invariants.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCron } from './intent.ts';
import { checkInvariant } from './invariant-check.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { Oracle } from './oracle.ts';
import { MAX_CLOCK_SKEW } from './process.ts';
import { nextOccurrence } from './reference-schedule.ts';
import { MAX_START_DELAY } from './start-invariants.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

interface ObservedSystem extends Observed {
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
/**
 * An edit is synchronised at once. If its event was missed, it is unsettled for over a minute and left to the sweep.
 */
const SETTLE_TIME_AFTER_EDIT = 90_000;
/** A pending occurrence starts, or is too late, after the run before it has ended; calls and sweeps take time too. */
const MAX_PENDING_TIME = 30 * MINUTE;

/** Checks every cron that must have converged; returns their number. */
export function checkConvergence(system: ObservedSystem, period: QuietPeriod): number {
  if (period.sweptAt < period.faultFreeSince + SETTLE_TIME_AFTER_FAULTS) return 0;
  const crons = [...system.oracle.crons.values()].filter((cron) => hasConverged(system.oracle, cron, period));
  for (const cron of crons) new CronCheck(system, cron).run(period);
  for (const [site, crontab] of system.oracle.crontabs) {
    if (isSynchronised(crontab, period)) checkProjection(system, { site }, crontab, period.sweptAt);
  }
  checkUnknownTimers(system);
  return crons.length;
}

function hasConverged(oracle: Oracle, { key, parameter }: TrackedCron, period: QuietPeriod): boolean {
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
    checkProjection(this.#system, key, parameter, period.sweptAt);
    this.#checkTimers(period);
    this.#checkJob(period);
    this.#checkUnaccounted(period);
  }

  #checkTimers({ sweptAt }: QuietPeriod): void {
    const { oracle, queue, store, now } = this.#system;
    const { key } = this.#cron;
    const timers = queue.timers(key).map(({ plannedAt }) => plannedAt);
    // A timer that is about to fire has no successor yet.
    if (timers.some((plannedAt) => plannedAt <= now())) return;
    // A lost timer whose time came after the last sweep is left to the next sweep.
    const { armed } = store.row(key).job ?? {};
    if (armed && armed.plannedAt <= now() && armed.plannedAt + SETTLE_TIME_AFTER_FAULTS > sweptAt) return;
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

  #checkJob(period: QuietPeriod): void {
    const { key, parameter } = this.#cron;
    const { job } = this.#system.store.row(key);
    const intent = parameter.inForce;
    if (!intent) {
      const isLeft = job !== undefined && !isEnding(job, period.resyncedAt);
      this.#assert('a removed cron has no job', isLeft, () => `its job exists: ${JSON.stringify(job)}`);
      return;
    }
    if (!job) return;
    this.#checkRecordCount(job, intent.logsLimit);
    const expired = job.leases.find(
      ({ expiresAt, startedAt }) =>
        Math.min(expiresAt, startedAt + MAX_LEASE) + MAX_CLOCK_SKEW < period.sweptAt,
    );
    const message = `the lease of ${expired?.runId} expired before the sweep`;
    this.#assert('the sweep ends expired leases', expired !== undefined, message);
    this.#checkPending(job, intent, period);
  }

  #checkRecordCount({ logs: records }: Job, limit: number): void {
    const { lastEditAt } = this.#cron.parameter;
    // A run that began before the edit may be recorded under the earlier limit.
    const isOldLimit = records.some(
      ({ startedAt = 0, date }) => startedAt - MAX_START_DELAY < lastEditAt && date > lastEditAt,
    );
    const isViolated = records.length > limit && !isOldLimit;
    const message = `${records.length} records, limit ${limit}`;
    this.#assert('a job has at most logsLimit records', isViolated, message);
  }

  #checkPending(
    { pending, leases }: Job,
    { maxLateness }: IntendedCron,
    { sweptAt, faultFreeSince }: QuietPeriod,
  ): void {
    const [first] = pending;
    const isStuck = first !== undefined && leases.length === 0;
    const time = formatTime(first?.plannedAt ?? 0);
    this.#assert('a pending occurrence starts when nothing runs', isStuck, `${time} is pending`);
    if (Math.max(faultFreeSince, this.#cron.parameter.lastEditAt) + MAX_PENDING_TIME > sweptAt) return;
    const planned = pending.filter(({ forced }) => forced === undefined);
    const isTooLate = planned.some(
      ({ plannedAt }) => plannedAt + maxLateness * 1000 + MAX_PENDING_TIME < sweptAt,
    );
    const message = `${time} is pending, maxLateness is ${maxLateness} s`;
    this.#assert('no occurrence is pending beyond maxLateness', isTooLate, message);
  }

  #checkUnaccounted({ sweptAt }: QuietPeriod): void {
    const { store } = this.#system;
    const { key, unaccounted, unrecorded, running } = this.#cron;
    const { armed, pending = [], leases = [] } = store.row(key).job ?? {};
    const inJob = new Set(
      [...pending, ...leases].filter(({ forced }) => forced === undefined).map(({ plannedAt }) => plannedAt),
    );
    const lost = unaccounted.find((plannedAt) => {
      const isStillDue = armed !== undefined && armed.plannedAt <= plannedAt;
      return plannedAt + SETTLE_TIME_AFTER_FAULTS <= sweptAt && !inJob.has(plannedAt) && !isStillDue;
    });
    const message = `${formatTime(lost ?? 0)} neither ran nor has a record`;
    this.#assert('every planned occurrence is accounted for', lost !== undefined, message);
    const everyRun = 'every run is recorded';
    for (const [runId, endedAt] of unrecorded) {
      const isInProgress = running.has(runId) || leases.some((lease) => lease.runId === runId);
      if (isInProgress || endedAt === undefined || endedAt + SETTLE_TIME_AFTER_FAULTS > sweptAt) continue;
      this.#assert(everyRun, true, `${runId} ended at ${formatTime(endedAt)} and has no record`);
    }
    this.#assert(everyRun, false, '');
  }

  #assert(invariant: string, isViolated: boolean, message: string | (() => string)): void {
    this.#system.oracle.assert(this.#cron.key, [checkInvariant(invariant, isViolated, message)]);
  }
}

/** A run may outlive its cron. The next resync removes the job that it leaves. */
function isEnding({ armed, pending, leases, logs: records }: Job, resyncedAt: number): boolean {
  if (armed || pending.length > 0) return false;
  return leases.length > 0 || records.some(({ date }) => date > resyncedAt);
}

function checkProjection(
  { oracle, store, registry }: ObservedSystem,
  key: ParameterKey,
  { current }: TrackedParameter<unknown>,
  sweptAt: number,
): void {
  const { unsettledSince } = store.row(key);
  const projected = projectedVersion(store, key);
  const isUnsettled = unsettledSince !== undefined && unsettledSince < sweptAt - SETTLE_TIME_AFTER_EDIT;
  const isMarked = current !== undefined && registry.isMarked(key, current.version);
  const isInvalid = current !== undefined && current.intent === undefined;
  oracle.assert(key, [
    checkInvariant('the table equals the registry', projected !== current?.modified, () =>
      describeVersions(current?.modified, projected),
    ),
    checkInvariant(
      'every projection is settled',
      isUnsettled,
      () => `unsettled since ${formatTime(unsettledSince ?? 0)}`,
    ),
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
