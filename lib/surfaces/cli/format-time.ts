/** Formats times: relative to now, absolute, or both. */

import { formatRelative } from '../../app/operations/format-duration.ts';
import { localTime } from '../../app/operations/local-time.ts';
import { type Messages, messagesWithTimes } from '../../core/domain/messages-with-times.ts';

/** Both times are epoch milliseconds. */
export type FormatTime = (time: number, now: number) => string;

/** Formats `in 42 s`, or with `absolute` `2026-01-05 13:00 CET`. */
export function timeFormatter(absolute: boolean | undefined, timezone: string): FormatTime {
  return absolute ? (time) => localTime(time, timezone) : formatRelative;
}

/** The messages of a run on one line, with the times in cloudtab's own texts as the clock of the zone shows them. */
export function messageText(record: Messages, timezone: string): string {
  return messagesWithTimes(record, (time) => localTime(time, timezone)).join(' ');
}

/** `2026-01-05 13:00 CET, in 42 s`. */
export function formatBoth(time: number, now: number, timezone: string): string {
  return `${localTime(time, timezone)}, ${formatRelative(time, now)}`;
}
