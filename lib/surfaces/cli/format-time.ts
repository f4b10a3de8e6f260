/** Formats times: relative to now, absolute, or both. */

import { formatRelative } from '../../app/operations/format-duration.ts';
import { iso } from '../../core/domain/iso.ts';

/** Both times are epoch milliseconds. */
export type FormatTime = (time: number, now: number) => string;

/** Formats `in 42 s`, or with `absolute` `2026-01-05T12:00:00Z`. */
export function timeFormatter(absolute: boolean | undefined): FormatTime {
  return absolute ? (time) => iso(time) : formatRelative;
}

/** `2026-01-05T12:00:00Z, in 42 s`. */
export function formatBoth(time: number, now: number): string {
  return `${iso(time)}, ${formatRelative(time, now)}`;
}

/** The local time in that zone, such as `Mon 2026-01-05 13:00 GMT+1`. */
export function formatLocal(time: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${parts.weekday} ${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${parts.timeZoneName}`;
}
