/**
 * The changes of a time zone's clock, such as those for daylight saving time, for the texts about them. When a cron runs near
 * a change is next-run.ts.
 */
import { DAY } from './calendar.ts';
import type { Expression } from './expression.ts';
import { timeZone } from './time-zone.ts';

/** All are milliseconds. */
export interface ClockChange {
  readonly time: number;
  /** How far the clock is ahead of UTC before the change. */
  readonly before: number;
  readonly after: number;
}

const MINUTE = 60_000;

/** The changes of the zone's clock from `from` until before `to`, in epoch milliseconds, earliest first. */
export function clockChanges(timezone: string, from: number, to: number): ClockChange[] {
  const zone = timeZone(timezone);
  const changes: ClockChange[] = [];
  let before: number | undefined;
  for (let day = Math.floor(from / DAY) - 1; day * DAY < to; day++) {
    for (const { start: time, offset: after } of zone.offsetPeriodsOf(day)) {
      const isWithin = time >= from && time < to;
      if (before !== undefined && before !== after && isWithin) changes.push({ time, before, after });
      before = after;
    }
  }
  return changes;
}

/** Whether the expression names the time of day of a local time, which is an instant plus the offset. */
export function isTimeOfDay({ hours, minutes }: Expression, local: number): boolean {
  const minute = Math.floor(local / MINUTE) % 1440;
  return hours.includes(Math.floor(minute / 60)) && minutes.includes(minute % 60);
}

/** A local time as the clock shows it: `02:30`. */
export function clockTime(local: number): string {
  return new Date(local).toISOString().slice(11, 16);
}
