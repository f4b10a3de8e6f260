/** Times as people read them: how far away, and what the clock shows then. */
import { html } from 'hono/html';
import { formatRelative } from '../../../app/operations/format-duration.ts';
import { iso } from '../../../core/domain/iso.ts';
import type { Html } from './html.ts';

/** From where a page looks at time. */
export interface Viewpoint {
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA name of the zone in which times are shown. */
  readonly timezone: string;
}

/** Making a format is slow, and a page has hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far away, and the time of the clock behind it; both machine-readable. */
export function timeView(time: number, view: Viewpoint): Html {
  return html`${relativeView(time, view)} <span class="clock">${clockText(time, view)}</span>`;
}

/** How far away alone; the exact time is its title. */
export function relativeView(time: number, view: Viewpoint): Html {
  const title = `${fullText(time, view.timezone)} (${iso(time)})`;
  return html`<time datetime="${iso(time)}" title="${title}" data-ago>${formatRelative(time, view.now)}</time>`;
}

/** What the clock shows alone. */
export function clockView(time: number, view: Viewpoint): Html {
  return html`<time datetime="${iso(time)}" title="${iso(time)}">${clockText(time, view)}</time>`;
}

/** `14:30` today, `Tue 3 Mar 14:30` within the year, with the year otherwise. */
export function clockText(time: number, { now, timezone }: Viewpoint): string {
  const there = parts(time, timezone);
  const here = parts(now, timezone);
  if (there.date === here.date) return there.time;
  const day = `${there.weekday} ${there.date}`;
  return there.year === here.year ? `${day} ${there.time}` : `${day} ${there.year} ${there.time}`;
}

/** The whole of it, with the zone. */
export function fullText(instant: number, timezone: string): string {
  const { weekday, date, year, time } = parts(instant, timezone);
  return `${weekday} ${date} ${year}, ${time} ${timezone}`;
}

/** What the clock shows, to the minute. */
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
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}
