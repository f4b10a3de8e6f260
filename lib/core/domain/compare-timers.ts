/**
 * Compares the timers that exist with those that jobs count on, for the sweep, which repairs, and for the doctor, which
 * reports. Both lists may be some seconds old, so that a candidate has to be confirmed by a read of its job.
 */

import type { CronFields } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import type { Job } from './job.ts';
import { type Timer, timerName } from './names.ts';
import { cronInForce, type Projection, settingsInForce } from './projection.ts';
import { isActive } from './timing.ts';

export interface TimerDifferences {
  /** Jobs count on these, and they are not listed. */
  readonly lost: readonly Timer[];
  /** These are listed, and no job counts on them. */
  readonly surplus: readonly Timer[];
}

/** A timer of the last hour is being delivered, with all retries, and then removes itself. */
const MAX_DELIVERY_MS = 3_600_000;

/** `now` is the time at which both lists were complete, in epoch milliseconds. */
export function compareTimers(
  existing: Iterable<Timer>,
  armed: Iterable<Timer>,
  now: number,
): TimerDifferences {
  const unclaimed = new Map([...existing].map((timer) => [timerName(timer), timer]));
  const lost = [...armed].filter((timer) => !unclaimed.delete(timerName(timer)) && timer.plannedAt > now);
  const surplus = [...unclaimed.values()].filter(
    ({ plannedAt }) => plannedAt > now || plannedAt < now - MAX_DELIVERY_MS,
  );
  return { lost, surplus };
}

/** What a cron and its job say about a timer at the moment. */
interface TimerState {
  readonly cron?: Pick<Projection<CronFields>, 'value' | 'removedAt'>;
  readonly crontab?: Pick<Projection<CrontabSettings>, 'value' | 'removedAt'>;
  readonly job?: Pick<Job, 'armedAt'>;
}

/** Whether the job still counts on the timer. */
export function isArmedFor({ job }: TimerState, { plannedAt }: Timer): boolean {
  return job?.armedAt === plannedAt;
}

/**
 * Whether nothing needs the timer. A run creates the next timer before it commits its claim: so the next time of an active
 * cron is never surplus, even if the job does not know it yet.
 */
export function isSurplus(state: TimerState, timer: Timer, now: number): boolean {
  return !isArmedFor(state, timer) && nextTime(state, now) !== timer.plannedAt;
}

function nextTime({ cron, crontab }: TimerState, now: number): number | undefined {
  const active = cronInForce(cron);
  const settings = settingsInForce(crontab);
  return active && isActive(active, settings) ? active.next(now, settings.timezone) : undefined;
}
