/** Times as relative times and as clock times. */
import { html } from 'hono/html';
import { formatRelative } from '../../../app/operations/format-duration.ts';
import { weekdayTime, zoneName } from '../../../app/operations/local-time.ts';
import { iso } from '../../../core/domain/iso.ts';
import { type Messages, messagesWithTimes } from '../../../core/domain/messages-with-times.ts';
import { type Off, offText } from '../../../core/domain/off.ts';
import { timeZone } from '../../../core/domain/time-zone.ts';
import { type Html, NOTHING } from './html.ts';
import { userText } from './user-text.ts';

/** The current time and the time zone of a page. */
export interface Viewpoint {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The IANA name: the zone that the reader chose, or that of the crontab or the cron. */
  readonly timezone: string;
}

/** A cache: a format is slow to create, and a page has hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The relative time and the clock time. */
export function timeView(time: number, view: Viewpoint): Html {
  return html`${relativeView(time, view)} ${clockView(time, view, 'clock')}`;
}

/** The relative time; its title is the full time. */
export function relativeView(time: number, view: Viewpoint): Html {
  const title = `${weekdayTime(time, view.timezone)} (${iso(time)})`;
  return html`<time datetime="${iso(time)}" title="${title}" data-ago>${formatRelative(time, view.now)}</time>`;
}

/** The clock time; its title is in UTC. */
export function clockView(time: number, view: Viewpoint, kind = 'at'): Html {
  return html`<time class="${kind}" datetime="${iso(time)}" title="${iso(time)}">${clockText(time, view)}</time>`;
}

/** A clock time with milliseconds. */
export function exactView(time: number, { timezone }: Viewpoint, kind: string): Html {
  const text = new Date(time + timeZone(timezone).offsetAt(time)).toISOString().slice(11, 23);
  return html`<time class="${kind}" datetime="${new Date(time).toISOString()}">${text}</time>`;
}

/** Since when something is off, by whom and why: what follows "since". */
export function offView(off: Off, view: Viewpoint): Html {
  const { by, note } = off;
  return html`${clockView(off.since, view)}${by === undefined ? NOTHING : html` by ${userText(by)}`}${note === undefined ? NOTHING : html`: ${userText(note)}`}`;
}

/** The same in a line that is cut if it is too long, with all of it as its title. */
export function offLine(off: Off, view: Viewpoint): Html {
  return html`<span class="sub" title="${offTitle(off, view)}">since ${offView(off, view)}</span>`;
}

/** `off since Tue 3 Mar 14:30 CET by ana: the database moves`. */
export function offTitle(off: Off, view: Viewpoint): string {
  return `off since ${clockText(off.since, view)}${offText(off)}`;
}

/** The messages of a record, with the instants of cloudtab's own texts as clock times. */
export function shownMessages(record: Messages, view: Viewpoint): readonly string[] {
  return messagesWithTimes(record, (time) => clockText(time, view));
}

/** `14:30 CET` today, `Tue 3 Mar 14:30 CET` within the year, with the year otherwise. */
export function clockText(time: number, { now, timezone }: Viewpoint): string {
  const there = parts(time, timezone);
  const here = parts(now, timezone);
  const clock = `${there.time} ${zoneName(time, timezone)}`;
  if (there.date === here.date) return clock;
  const day = `${there.weekday} ${there.date}`;
  return there.year === here.year ? `${day} ${clock}` : `${day} ${there.year} ${clock}`;
}

/** `Fri 27 Nov`. */
export function dayText(time: number, timezone: string): string {
  const { weekday, date } = parts(time, timezone);
  return `${weekday} ${date}`;
}

/** The hour and the minute. */
export function timeText(time: number, timezone: string): string {
  return parts(time, timezone).time;
}

function parts(time: number, timezone: string) {
  const found = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  return {
    weekday: found.weekday,
    date: `${found.day} ${found.month}`,
    year: found.year,
    time: `${found.hour}:${found.minute}`,
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const cached = formats.get(timeZone);
  if (cached) return cached;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}
