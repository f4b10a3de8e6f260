/** The next 24 hours of a site in slots of half an hour, each with the crons that run in it. */
import type { CronView } from '../../../app/operations/cron-view.ts';
import { parseExpression } from '../../../core/domain/expression.ts';
import { nextRun } from '../../../core/domain/next-run.ts';

const HALF_HOUR = 30 * 60_000;

/** The number of slots. */
export const SLOTS = 48;

export interface Slot {
  /** The start in epoch milliseconds. */
  readonly from: number;
  /** Uids. */
  readonly crons: readonly string[];
}

/**
 * The slots, starting with the current one. A cron costs one step for each slot in which it runs, however often it
 * runs, and crons of the same timing share these steps.
 */
export function dayPlan(crons: readonly CronView[], now: number): Slot[] {
  const start = Math.floor(now / HALF_HOUR) * HALF_HOUR;
  const slots = Array.from({ length: SLOTS }, (_, index) => ({
    from: start + index * HALF_HOUR,
    crons: [] as string[],
  }));
  const slotsByTiming = new Map<string, number[]>();
  for (const { uid, active, definition, timezone } of crons) {
    if (!active || !definition) continue;
    const { periodicity } = definition;
    // The times of H depend on the uid.
    const key = `${timezone} ${periodicity} ${/h/i.test(periodicity) ? uid : ''}`;
    const indexes = slotsByTiming.get(key) ?? slotsOf({ periodicity, timezone, uid }, start, now);
    slotsByTiming.set(key, indexes);
    for (const index of indexes) slots[index]?.crons.push(uid);
  }
  return slots;
}

function slotsOf(
  { periodicity, timezone, uid }: { periodicity: string; timezone: string; uid: string },
  start: number,
  now: number,
): number[] {
  const expression = parseExpression(periodicity, uid);
  const indexes: number[] = [];
  let time = nextRun(expression, timezone, now);
  while (time !== undefined) {
    const index = Math.floor((time - start) / HALF_HOUR);
    if (index >= SLOTS) break;
    indexes.push(index);
    time = nextRun(expression, timezone, start + (index + 1) * HALF_HOUR - 1);
  }
  return indexes;
}
