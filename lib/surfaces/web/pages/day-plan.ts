/** The next 24 hours of a site in half hours, and in each the crons that have a run then. */

import type { CronView } from '../../../app/operations/cron-view.ts';
import { parseExpression } from '../../../core/domain/expression.ts';
import { nextRun } from '../../../core/domain/next-run.ts';

const HALF_HOUR = 30 * 60_000;

/** How many half hours are planned. */
export const SLOTS = 48;

export interface Slot {
  /** Epoch milliseconds; half an hour long. */
  readonly from: number;
  /** Uids. */
  readonly crons: readonly string[];
}

/**
 * The slots from the one that `now` is in. A cron costs one step for each slot that it is in, however often it runs,
 * and crons of the same timing cost it once.
 */
export function dayPlan(crons: readonly CronView[], now: number): Slot[] {
  const start = Math.floor(now / HALF_HOUR) * HALF_HOUR;
  const slots = Array.from({ length: SLOTS }, (_, index) => ({
    from: start + index * HALF_HOUR,
    crons: [] as string[],
  }));
  const known = new Map<string, number[]>();
  for (const { uid, active, definition, timezone } of crons) {
    if (!active || !definition) continue;
    const { periodicity } = definition;
    // Where H lies depends on the uid.
    const key = `${timezone} ${periodicity} ${/h/i.test(periodicity) ? uid : ''}`;
    const found = known.get(key) ?? slotsOf({ periodicity, timezone, uid }, start, now);
    known.set(key, found);
    for (const index of found) slots[index]?.crons.push(uid);
  }
  return slots;
}

function slotsOf(
  { periodicity, timezone, uid }: { periodicity: string; timezone: string; uid: string },
  start: number,
  now: number,
): number[] {
  const expression = parseExpression(periodicity, uid);
  const found: number[] = [];
  let time = nextRun(expression, timezone, now);
  while (time !== undefined) {
    const index = Math.floor((time - start) / HALF_HOUR);
    if (index >= SLOTS) break;
    found.push(index);
    time = nextRun(expression, timezone, start + (index + 1) * HALF_HOUR - 1);
  }
  return found;
}
