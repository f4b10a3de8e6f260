/** What to tell about a run when the clock of its zone is put forward or back near it. */
import type { Expression } from '../../core/domain/expression.ts';
import { timeZone } from '../../core/domain/time-zone.ts';
import { formatDuration } from './format-duration.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The clock of a zone is changed: offsets are how far it is ahead of UTC. All are milliseconds. */
interface Change {
  readonly time: number;
  readonly from: number;
  readonly to: number;
}

/** The texts of the remarks. A time is as the clock shows it, such as `02:30`; a shift is in milliseconds. */
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
 * The remark for a run at `at`, where `before` is the run before it or the time from which on was looked; nothing when
 * no change of the clock has to do with it. Both are epoch milliseconds.
 */
export function clockChangeNote(
  expression: Expression,
  timezone: string,
  before: number,
  time: number,
): string | undefined {
  const changes = changesAround(timezone, time);
  const shown = (instant: number, offset: number) => new Date(instant + offset).toISOString().slice(11, 16);
  for (const { time: change, from, to } of changes) {
    const shift = Math.abs(to - from);
    if (to > from) {
      const isMoved = expression.fixed && time === change && !isShownTime(expression, time + to);
      if (isMoved) return REMARKS.moved(shown(change, from), shown(change, to));
    } else if (time >= change - shift && time < change) {
      return expression.fixed ? REMARKS.once(shown(time, from)) : REMARKS.first(shown(time, from));
    } else if (time >= change && time < change + shift) {
      return REMARKS.second(shown(time, to));
    }
    if (before < change && change <= time) {
      return REMARKS.after(to > from ? 'forward' : 'back', shift);
    }
  }
  return undefined;
}

/** Whether the expression's own time of day is what the clock shows. */
function isShownTime({ hours, minutes }: Expression, local: number): boolean {
  const minute = Math.floor(local / MINUTE) % 1440;
  return hours.includes(Math.floor(minute / 60)) && minutes.includes(minute % 60);
}

/** The changes of the day before to the day after, in UTC, earliest first. */
function changesAround(timezone: string, time: number): Change[] {
  const zone = timeZone(timezone);
  const day = Math.floor(time / DAY);
  const stretches = [day - 1, day, day + 1].flatMap((one) => zone.offsetPeriodsOf(one));
  return stretches.slice(1).flatMap((stretch, index) => {
    const from = stretches[index]?.offset ?? stretch.offset;
    return from === stretch.offset ? [] : [{ time: stretch.start, from, to: stretch.offset }];
  });
}
