/** Times as relative times and as clock times. */
import { html } from 'hono/html';
import { formatDuration, formatRelative } from '../../../app/operations/format-duration.ts';
import { clockText, weekdayTime } from '../../../app/operations/local-time.ts';
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

/** `started 5 min late`; nothing for a run that was requested, or that started within a minute. */
export function lateText({ plannedAt, startedAt, forced }: Started): string | undefined {
  const lateness = forced || startedAt === undefined ? 0 : startedAt - plannedAt;
  return lateness > 60_000 ? `started ${formatDuration(lateness)} late` : undefined;
}

interface Started {
  readonly plannedAt: number;
  readonly startedAt?: number;
  readonly forced: boolean;
}

/** The messages of a record, with the instants of cloudtab's own texts as clock times. */
export function shownMessages(record: Messages, view: Viewpoint): readonly string[] {
  return messagesWithTimes(record, (time) => clockText(time, view));
}
