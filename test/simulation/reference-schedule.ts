/**
 * The oracle's reference implementation of periodicities, simple and slow. It lists all planned minutes of a UTC day at
 * once; around a clock change it walks through every minute, with the local time of Intl.
 */
import { MINUTE } from './durations.ts';

/** Five fields or a nickname, and the time zone in which they are evaluated. */
export interface Schedule {
  readonly periodicity: string;
  readonly timezone: string;
}

interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly isDate: (localDay: number) => boolean;
  /** Whether neither minute nor hour starts with a star: then each local time runs once a day. */
  readonly isFixed: boolean;
}

const DAY_MINUTES = 1440;
const MAX_DAYS = 400;
const NICKNAMES = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
]);

const fieldsCache = new Map<string, Fields>();
const clockCache = new Map<string, LocalClock>();

/** The first planned time after `time`, in epoch milliseconds; undefined if there is none within 400 days. */
export function nextOccurrence(schedule: Schedule, time: number): number | undefined {
  const first = Math.floor(time / MINUTE) + 1;
  const day = Math.floor(first / DAY_MINUTES);
  for (let n = day; n < day + MAX_DAYS; n++) {
    const next = plannedMinutes(schedule, n).find((minute) => minute >= first);
    if (next !== undefined) return next * MINUTE;
  }
  return undefined;
}

export function isOccurrence(schedule: Schedule, time: number): boolean {
  return nextOccurrence(schedule, time - 1) === time;
}

const MAX_CACHED_DAYS = 20_000;
const dayCache = new Map<string, number[]>();

/** The planned minutes of a UTC day, ascending; minutes and days are counted since 1970. */
function plannedMinutes(schedule: Schedule, day: number): number[] {
  const name = `${day} ${schedule.timezone} ${schedule.periodicity}`;
  const cached = dayCache.get(name);
  if (cached) return cached;
  if (dayCache.size > MAX_CACHED_DAYS) dayCache.clear();
  const minutes = computeMinutes(schedule, day);
  dayCache.set(name, minutes);
  return minutes;
}

function computeMinutes({ periodicity, timezone }: Schedule, day: number): number[] {
  const fields = fieldsOf(periodicity);
  const clock = clockCache.get(timezone) ?? new LocalClock(timezone);
  clockCache.set(timezone, clock);
  // A clock that is put back repeats local times of the previous day.
  const hasChange = clock.changesOn(day) || clock.changesOn(day - 1);
  return hasChange
    ? minutesWithChange(fields, clock, day)
    : minutesAtOffset(fields, clock.offset(day * DAY_MINUTES), day);
}

function minutesAtOffset(fields: Fields, offset: number, day: number): number[] {
  const planned: number[] = [];
  const first = day * DAY_MINUTES;
  for (let localDay = day - 1; localDay <= day + 1; localDay++) {
    const midnight = localDay * DAY_MINUTES - offset;
    if (midnight + DAY_MINUTES <= first || midnight >= first + DAY_MINUTES || !fields.isDate(localDay))
      continue;
    for (const hour of fields.hours) {
      for (const minute of fields.minutes) {
        const instant = midnight + hour * 60 + minute;
        if (instant >= first && instant < first + DAY_MINUTES) planned.push(instant);
      }
    }
  }
  return planned.sort((a, b) => a - b);
}

function minutesWithChange(fields: Fields, clock: LocalClock, day: number): number[] {
  const planned: number[] = [];
  let latestShown = clock.localMinutes(day - 1)[0] ?? 0;
  const localMinutes = [...clock.localMinutes(day - 1), ...clock.localMinutes(day)];
  for (const [minute, local] of localMinutes.entries()) {
    const instant = (day - 1) * DAY_MINUTES + minute;
    const isDue = fields.isFixed ? matchesAny(fields, latestShown + 1, local) : matches(fields, local);
    if (isDue && instant >= day * DAY_MINUTES) planned.push(instant);
    latestShown = Math.max(latestShown, local);
  }
  return planned;
}

function matchesAny(fields: Fields, low: number, high: number): boolean {
  for (let local = low; local <= high; local++) if (matches(fields, local)) return true;
  return false;
}

function matches({ minutes, hours, isDate }: Fields, local: number): boolean {
  const minuteOfDay = ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return (
    minutes.has(minuteOfDay % 60) &&
    hours.has(Math.floor(minuteOfDay / 60)) &&
    isDate(Math.floor(local / DAY_MINUTES))
  );
}

/** The local time of a time zone, in minutes since 1970 as if it were UTC. */
class LocalClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  readonly #localMinutes = new Map<number, readonly number[]>();

  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  }

  changesOn(day: number): boolean {
    return this.offset(day * DAY_MINUTES) !== this.offset((day + 1) * DAY_MINUTES);
  }

  offset(instant: number): number {
    const cached = this.#offsets.get(instant);
    if (cached !== undefined) return cached;
    const offset = this.local(instant) - instant;
    this.#offsets.set(instant, offset);
    return offset;
  }

  /** The local time at each minute of a UTC day. Clocks change at full quarters of an hour only. */
  localMinutes(day: number): readonly number[] {
    const cached = this.#localMinutes.get(day);
    if (cached) return cached;
    const first = day * DAY_MINUTES;
    const quarters = Array.from({ length: DAY_MINUTES / 15 }, (_, n) => this.local(first + n * 15));
    const minutes = quarters.flatMap((local) => Array.from({ length: 15 }, (_, minute) => local + minute));
    this.#localMinutes.set(day, minutes);
    return minutes;
  }

  local(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant * MINUTE)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
  }
}

function fieldsOf(periodicity: string): Fields {
  const cached = fieldsCache.get(periodicity);
  if (cached) return cached;
  const text = NICKNAMES.get(periodicity) ?? periodicity;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(' ');
  const months = valuesOf(month, 1, 12);
  const days = valuesOf(day.replace('L', '32'), 1, 31);
  const weekdays = valuesOf(weekday.replace('7', '0'), 0, 6);
  const matchesEither = !day.startsWith('*') && !weekday.startsWith('*');
  const isDate = (localDay: number) => {
    const date = new Date(localDay * DAY_MINUTES * MINUTE);
    if (!months.has(date.getUTCMonth() + 1)) return false;
    const isLast = new Date((localDay + 1) * DAY_MINUTES * MINUTE).getUTCDate() === 1;
    const matchesDay = days.has(date.getUTCDate()) || (days.has(32) && isLast);
    const matchesWeekday = weekdays.has(date.getUTCDay());
    return matchesEither ? matchesDay || matchesWeekday : matchesDay && matchesWeekday;
  };
  const fields = {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    isDate,
    isFixed: !minute.startsWith('*') && !hour.startsWith('*'),
  };
  fieldsCache.set(periodicity, fields);
  return fields;
}

/** Parses lists of numbers, ranges, stars and steps, which is all that the simulated user writes. */
function valuesOf(text: string, min: number, max: number): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [low, high = low] = range === '*' ? [min, max] : range.split('-').map(Number);
    for (let value = low ?? min; value <= (high ?? max); value += Number(step)) values.add(value);
  }
  return values;
}
