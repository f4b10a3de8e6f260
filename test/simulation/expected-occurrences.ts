/** Follows the planned times of each cron: whether each starts on time, and whether its timer is left in place. */
import { HOUR, MINUTE } from './durations.ts';
import type { EventLoop } from './event-loop.ts';
import { checkInvariant } from './invariant-check.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Oracle } from './oracle.ts';
import { MAX_CLOCK_SKEW } from './process.ts';
import { TIME_AGAIN } from './rare-states.ts';
import { nextOccurrence } from './reference-schedule.ts';
import { formatTime } from './trace.ts';
import { isArmedBy, isInJob, type TrackedCron } from './tracked-cron.ts';

export interface ExpectedOccurrencesParts {
  readonly loop: EventLoop;
  readonly store: MemoryStore;
  /** The end of the last fault window; undefined within one. */
  readonly faultFreeSince: () => number | undefined;
}

/** A timer is precise to the minute; the calls of a run take less than another minute. */
const MAX_DELAY = 2 * MINUTE;
/** The time after a fault window in which its consequences are repaired: the longest pause between two deliveries, and a sweep. */
const RECOVERY_TIME = HOUR + 10 * MINUTE;

export class ExpectedOccurrences {
  readonly #oracle: Oracle;
  readonly #parts: ExpectedOccurrencesParts;

  constructor(oracle: Oracle, parts: ExpectedOccurrencesParts) {
    this.#oracle = oracle;
    this.#parts = parts;
  }

  /** Must be called whenever the next planned time may have changed. */
  scheduleNext(cron: TrackedCron): void {
    cron.cancelNext();
    const active = this.#oracle.activeIntent(cron);
    const { loop } = this.#parts;
    const next = active && nextOccurrence(this.#oracle.scheduleOf(cron.key.site, active), loop.now());
    if (next === undefined) return;
    cron.cancelNext = loop.wake(next, () => {
      this.#oracle.count('planned occurrences');
      if (this.#mustBeAccountedFor(cron, next)) {
        this.#oracle.count('planned occurrences that must be accounted for');
        cron.unaccounted.push(next);
        if (this.#hasRecovered(cron)) loop.after(MAX_DELAY, () => this.#checkOnTime(cron, next));
      }
      this.scheduleNext(cron);
    });
  }

  /**
   * Whether the table is equal to the registry and the job is armed by it, or was given the time to be so. A process whose
   * clock is ahead may have run or recorded the occurrence already.
   */
  #mustBeAccountedFor(cron: TrackedCron, plannedAt: number): boolean {
    const { key, parameter, executed, recordedTimes } = cron;
    const crontab = this.#oracle.crontab(key.site);
    if (this.#parts.loop.hasReached(plannedAt)) {
      this.#oracle.count(TIME_AGAIN);
      return false;
    }
    if (!parameter.isSettledFor(1, plannedAt) || !crontab.isSettledFor(1, plannedAt)) return false;
    if (executed.has(plannedAt) || recordedTimes.covers(plannedAt)) return false;
    const active = this.#oracle.activeIntent(cron);
    const { job } = this.#parts.store.row(key);
    const isDue = job?.armedAt !== undefined && job.armedAt <= plannedAt;
    const isArmed = isDue && isArmedBy(job, active && this.#oracle.scheduleOf(key.site, active));
    const lastEditAt = Math.max(parameter.lastEditAt, crontab.lastEditAt);
    return isArmed || (this.#hasRecovered(cron) && lastEditAt < plannedAt - RECOVERY_TIME);
  }

  /** Whether the last fault window is over long enough. */
  #hasRecovered({ isUnreadable, unreadableUntil }: TrackedCron): boolean {
    const faultFreeSince = this.#parts.faultFreeSince();
    if (faultFreeSince === undefined || isUnreadable) return false;
    const now = this.#parts.loop.now();
    return (
      Math.max(faultFreeSince, unreadableUntil) <= now - RECOVERY_TIME && !this.#parts.loop.hasReached(now)
    );
  }

  #checkOnTime(cron: TrackedCron, plannedAt: number): void {
    const { key, parameter, unaccounted } = cron;
    const lastEditAt = Math.max(parameter.lastEditAt, this.#oracle.crontab(key.site).lastEditAt);
    if (!this.#hasRecovered(cron) || lastEditAt >= plannedAt - RECOVERY_TIME) return;
    const { job } = this.#parts.store.row(key);
    const isLate = unaccounted.includes(plannedAt) && !(job && isInJob(job, plannedAt));
    const message = `${formatTime(plannedAt)} has not started after ${MAX_DELAY / 1000} s`;
    this.#oracle.assert(key, [checkInvariant('occurrences start on time', isLate, message)]);
  }

  /** Without recent faults and edits, a sweep finds no lost and no surplus timer. */
  checkRepairedTimer(cron: TrackedCron, text: string): void {
    const { key, jobWrittenAt, parameter } = cron;
    const lastChangeAt = Math.max(
      jobWrittenAt,
      parameter.lastEditAt,
      this.#oracle.crontab(key.site).lastEditAt,
    );
    const isViolated = this.#hasRecovered(cron) && lastChangeAt < this.#parts.loop.now() - MINUTE;
    const invariant = 'without faults the sweep finds no timer to repair';
    this.#oracle.assert(key, [checkInvariant(invariant, isViolated, text)]);
  }

  /** The sweep and the resync never remove the timer of the next planned time of a settled cron. */
  checkRemovedTimer(cron: TrackedCron, plannedAt: number): void {
    const { key } = cron;
    const active = this.#oracle.activeIntent(cron);
    const now = this.#parts.loop.now();
    if (!this.#oracle.isSettled(cron) || plannedAt <= now + MAX_CLOCK_SKEW) return;
    if (this.#parts.loop.hasReached(now)) return;
    const next = active && nextOccurrence(this.#oracle.scheduleOf(key.site, active), now);
    const invariant = 'the sweep and the resync remove no timer that is needed';
    const message = `the timer of ${formatTime(plannedAt)} was removed`;
    this.#oracle.assert(key, [checkInvariant(invariant, next === plannedAt, message)]);
  }
}
