/**
 * The time zones of the platform's database (Intl): whether one exists, and how far its clock is ahead of UTC.
 * The rules for repeated and skipped local times are in next-run.ts.
 */
import { DAY } from './calendar.ts';

/** A period in which the offset of a zone does not change. Epoch milliseconds; `end` is the first one after it. */
export interface OffsetPeriod {
  readonly start: number;
  readonly end: number;
  /** Milliseconds that the clock is ahead of UTC: added to an instant, it gives the local time. */
  readonly offset: number;
}

const MINUTE = 60_000;
const MAX_CACHED_OFFSETS = 4096;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
const zones = new Map<string, TimeZone>();

/** Whether the zone database has a zone of this name, such as "Europe/Paris" or "UTC". A bare offset is no zone. */
export function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    timeZone(name);
    return true;
  } catch {
    return false;
  }
}

/** The zone of that name, cached, because creating one is slow. Throws RangeError if there is none. */
export function timeZone(name: string): TimeZone {
  const cached = zones.get(name);
  if (cached) return cached;
  const zone = new TimeZone(name);
  zones.set(name, zone);
  return zone;
}

export class TimeZone {
  /** Absent for UTC: creating the first format takes half as long as starting Node. */
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    if (name === 'UTC') return;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** How far the clock is ahead of UTC at an instant, in milliseconds, to the minute (some were odd before 1972). */
  offsetAt(instant: number): number {
    if (!this.#format) return 0;
    // "3/28/2027, GMT+02:00"; nothing, or zeros, after GMT at an offset of none.
    const shown = this.#format.format(instant).replace(/^.*GMT/, '');
    const seconds = shown
      .slice(1)
      .split(':')
      .reduce((sum, part, index) => sum + Number(part) * 60 ** (2 - index), 0);
    const minutes = Math.round(seconds / 60);
    return (shown.startsWith('-') ? -minutes : minutes) * MINUTE;
  }

  /** The one or two periods of a day of UTC, given in days since 1970. No zone changes its clock twice within one. */
  offsetPeriodsOf(day: number): OffsetPeriod[] {
    const start = day * DAY;
    const end = start + DAY;
    const offset = this.#offsetAtStartOf(day);
    const after = this.#offsetAtStartOf(day + 1);
    if (offset === after) return [{ start, end, offset }];
    const change = this.#changeWithin(start, end, offset);
    const first = { start, end: change, offset };
    return change === end ? [first] : [first, { start: change, end, offset: after }];
  }

  #offsetAtStartOf(day: number): number {
    const cached = this.#offsets.get(day);
    if (cached !== undefined) return cached;
    const offset = this.offsetAt(day * DAY);
    if (this.#offsets.size >= MAX_CACHED_OFFSETS) this.#offsets.clear();
    this.#offsets.set(day, offset);
    return offset;
  }

  /** The first whole minute after `start` with another offset; the offset at `end` is another. */
  #changeWithin(start: number, end: number, offset: number): number {
    let before = start / MINUTE;
    let after = end / MINUTE;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetAt(middle * MINUTE) === offset) before = middle;
      else after = middle;
    }
    return after * MINUTE;
  }
}
