/** What the page and the command say about a timeline: its results in words, its hours, and the changes of the clock. */
import { type ClockChange, clockTime } from '../../core/domain/clock-changes.ts';
import type { Period, SlotResult } from '../../core/domain/timeline.ts';
import { timeText } from './local-time.ts';
import { pluralize } from './messages.ts';

export const SLOT_WORDS: Readonly<Record<SlotResult, string>> = {
  OK: 'OK',
  WARN: 'with a warning',
  FAILURE: 'failed',
  NOTRUN: 'did not run',
  RUNNING: 'in progress',
  PENDING: 'has not started yet',
  NONE: 'no run record',
  QUIET: 'nothing to report',
  UNREAD: 'not read',
  NEXT: 'planned',
};

/** So many broken crons are named. */
const NAMED = 5;

/** `14 crons are broken: a, b, c, d, e and 9 more`; nothing if none is. */
export function brokenText(uids: readonly string[]): string | undefined {
  if (uids.length === 0) return undefined;
  const names = uids.slice(0, NAMED).join(', ');
  const more = uids.length > NAMED ? ` and ${uids.length - NAMED} more` : '';
  return `${pluralize(uids.length, 'cron')} ${uids.length === 1 ? 'is' : 'are'} broken: ${names}${more}`;
}

const STEP = 900_000;

/** Each midnight, six, noon and eighteen of the zone, such as `06:00`, whatever its clock does in between. */
export function timelineTicks({ from, to }: Period, timezone: string): { time: number; hour: string }[] {
  const times = Array.from({ length: (to - from) / STEP }, (_, index) => from + index * STEP);
  return times
    .map((time) => ({ time, hour: timeText(time, timezone) }))
    .filter(({ hour }) => /^(?:00|06|12|18):00$/.test(hour));
}

/** `the clock of Europe/Paris goes from 02:00 to 03:00.` */
export function clockChangeText({ time, before, after }: ClockChange, timezone: string): string {
  return `the clock of ${timezone} goes from ${clockTime(time + before)} to ${clockTime(time + after)}.`;
}
