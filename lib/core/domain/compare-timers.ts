/**
 * The comparison of the timers that exist with those that jobs count on, for the sweep and the doctor. Both lists may be a
 * little behind, so the caller confirms each difference by a read before it acts: engine/repair-timers.ts.
 */
import { type Timer, timerName } from './names.ts';

/** A timer of the last hour is being delivered, and is deleted after its delivery. */
export const DELIVERY_TIME = 3_600_000;

export interface TimerDifferences {
  /** Armed for a future time, without a timer. */
  readonly lost: readonly Timer[];
  /** Existing, but no job is armed for them; without those that are being delivered. */
  readonly surplus: readonly Timer[];
}

/** `now` is in epoch milliseconds, read after `existing`. */
export function compareTimers(
  existing: readonly Timer[],
  armed: readonly Timer[],
  now: number,
): TimerDifferences {
  const existingNames = new Set(existing.map(timerName));
  const armedNames = new Set(armed.map(timerName));
  return {
    lost: armed.filter((timer) => timer.plannedAt > now && !existingNames.has(timerName(timer))),
    surplus: existing.filter(
      (timer) => !armedNames.has(timerName(timer)) && !isBeingDelivered(timer.plannedAt, now),
    ),
  };
}

function isBeingDelivered(plannedAt: number, now: number): boolean {
  return plannedAt <= now && plannedAt >= now - DELIVERY_TIME;
}
