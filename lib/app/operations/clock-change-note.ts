/** Remarks about a run near a clock change of its time zone. */
import { DAY } from '../../core/domain/calendar.ts';
import { clockChanges, clockTime, isTimeOfDay } from '../../core/domain/clock-changes.ts';
import type { Expression } from '../../core/domain/expression.ts';
import { formatDuration } from './format-duration.ts';

/** The texts of the remarks. Times are local, such as `02:30`; shifts are in milliseconds. */
export const REMARKS = {
  moved: (skipped: string, resumed: string) =>
    `The clock goes from ${skipped} to ${resumed}: a time in between does not exist that day, so it runs at ${resumed}.`,
  once: (time: string) => `The clock shows ${time} twice that day: it runs the first time.`,
  first: (time: string) => `The clock shows ${time} twice that day: this is the first time.`,
  second: (time: string) => `The clock shows ${time} twice that day: this is the second time.`,
  after: (direction: 'forward' | 'back', shift: number) =>
    `The clock was put ${direction} by ${formatDuration(shift)} before this.`,
};

/**
 * The remark for a run at `time`; undefined when no clock change affects it. `before` is the previous run, or the start of
 * the search. Both are epoch milliseconds.
 */
export function clockChangeNote(
  expression: Expression,
  timezone: string,
  before: number,
  time: number,
): string | undefined {
  const day = Math.floor(time / DAY) * DAY;
  const changes = clockChanges(timezone, day - DAY, day + 2 * DAY);
  for (const { time: change, before: from, after: to } of changes) {
    const shift = Math.abs(to - from);
    if (to > from) {
      const isMoved = expression.fixed && time === change && !isTimeOfDay(expression, time + to);
      if (isMoved) return REMARKS.moved(clockTime(change + from), clockTime(change + to));
    } else if (time >= change - shift && time < change) {
      return expression.fixed ? REMARKS.once(clockTime(time + from)) : REMARKS.first(clockTime(time + from));
    } else if (time >= change && time < change + shift) {
      return REMARKS.second(clockTime(time + to));
    }
    if (before < change && change <= time) {
      return REMARKS.after(to > from ? 'forward' : 'back', shift);
    }
  }
  return undefined;
}
