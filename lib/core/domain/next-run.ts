/**
 * The next planned time of a cron. The meaning of its text is in expression.ts; the offsets of a zone are in time-zone.ts.
 *
 * The general approach: take the dates of the expression, look at the days of UTC around each, and within them at the
 * periods of a constant offset (one, or two on the day of a change). Within a period, local time is UTC and a constant, so
 * that the first matching local time is found by arithmetic.
 *
 * Where the clock changes, the two kinds of cron differ, as in cronie:
 * - A wildcard cron (its minute or hour starts with `*`) follows the clock: it runs whenever the clock shows its times.
 *   Skipped times do not occur, repeated times occur twice.
 * - A fixed cron runs when the clock first shows its time or a later one. So a skipped time occurs at the first instant
 *   after the gap (several of them are one run), and of a repeated time the first counts.
 */
import { DAY, isDateOf, nextDate } from './calendar.ts';
import type { Expression } from './expression.ts';
import { type OffsetPeriod, timeZone } from './time-zone.ts';

const MINUTE = 60_000;

/** The farthest instant that a Date can be. */
const END_OF_TIME = 8.64e15;

/**
 * The first planned instant strictly later than `after`, both in epoch milliseconds; a whole minute of UTC.
 * Nothing if there is none. `timezone` is the name of an existing zone, otherwise throws RangeError.
 */
export function nextRun(expression: Expression, timezone: string, after: number): number | undefined {
  const zone = timeZone(timezone);
  // Dates and zones end there; also keeps what is not a number out of the loop.
  if (!(Math.abs(after) < END_OF_TIME - 100 * 366 * DAY)) return undefined;
  const from = (Math.floor(after / MINUTE) + 1) * MINUTE;
  let day = Math.floor(from / DAY);
  while (true) {
    // A local date lies within its own day of UTC and both neighbours.
    const date = nextDate(expression.dates, day - 1);
    if (date === undefined) return undefined;
    day = Math.max(day, date - 1);
    const wallClock = expression.fixed ? lastWallClock(zone.offsetPeriodsOf(day - 1)) : undefined;
    const run = firstRun(expression, zone.offsetPeriodsOf(day), wallClock, from);
    if (run !== undefined) return run;
    day++;
  }
}

/**
 * The first run from `from` on within these periods. `wallClock`, for a fixed cron, is the local time just after the latest
 * that the clock has shown before them: no zone was ever set back by more than a day.
 */
function firstRun(
  expression: Expression,
  periods: readonly OffsetPeriod[],
  wallClock: number | undefined,
  from: number,
): number | undefined {
  let reachedWallClock = wallClock;
  for (const { start, end, offset } of periods) {
    const first = reachedWallClock ?? start + offset;
    const earliest = from > start ? Math.max(first, from + offset) : first;
    const local = firstLocalTime(expression, earliest, end + offset);
    // A local time from before the period was skipped: it is due at once.
    if (local !== undefined) return Math.max(start, local - offset);
    if (reachedWallClock !== undefined) reachedWallClock = Math.max(reachedWallClock, end + offset);
  }
  return undefined;
}

function lastWallClock(periods: readonly OffsetPeriod[]): number {
  return Math.max(...periods.map(({ end, offset }) => end + offset));
}

/** The first local time of the expression in `low` to `high` (not with it), as if it were one of UTC. */
function firstLocalTime(expression: Expression, low: number, high: number): number | undefined {
  for (let date = Math.floor(low / DAY); date * DAY < high; date++) {
    if (!isDateOf(expression.dates, date)) continue;
    const minute = firstMinute(expression, Math.max(0, low / MINUTE - (date * DAY) / MINUTE));
    if (minute === undefined) continue;
    const local = date * DAY + minute * MINUTE;
    return local < high ? local : undefined;
  }
  return undefined;
}

/** The first minute of the day that is not before `low`, counted from midnight. */
function firstMinute({ hours, minutes }: Expression, low: number): number | undefined {
  const lowHour = Math.floor(low / 60);
  for (const hour of hours) {
    if (hour < lowHour) continue;
    const minute = hour > lowHour ? minutes[0] : minutes.find((one) => one >= low % 60);
    if (minute !== undefined) return hour * 60 + minute;
  }
  return undefined;
}
