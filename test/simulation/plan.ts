/**
 * When a cron should run, told a second time: the judge's own reading of periodicities, simple and slow. It lists a day
 * of UTC at once; where a zone changes its clock it walks through every minute and asks Intl what the clock shows.
 */

/** When something runs: five fields or a nickname, and the zone whose clock counts. */
export interface Timing {
  readonly periodicity: string;
  readonly timezone: string;
}

interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly isDate: (localDay: number) => boolean;
  /** Each time once a day: neither minute nor hour starts with a star. */
  readonly isFixed: boolean;
}

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const MOST_DAYS = 400;
const NICKNAMES = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
]);

const parsed = new Map<string, Fields>();
const clocks = new Map<string, LocalClock>();

/** The first planned time later than `after`, both in epoch milliseconds; nothing if none comes within 400 days. */
export function nextPlanned(timing: Timing, after: number): number | undefined {
  const first = Math.floor(after / MINUTE) + 1;
  const day = Math.floor(first / DAY_MINUTES);
  for (let n = day; n < day + MOST_DAYS; n++) {
    const found = minutesOfDay(timing, n).find((minute) => minute >= first);
    if (found !== undefined) return found * MINUTE;
  }
  return undefined;
}

export function isPlanned(timing: Timing, at: number): boolean {
  return nextPlanned(timing, at - 1) === at;
}

const MOST_KNOWN = 20_000;
const knownDays = new Map<string, number[]>();

/** The planned minutes of a day of UTC, ascending; both counted since 1970. */
function minutesOfDay(timing: Timing, day: number): number[] {
  const name = `${day} ${timing.timezone} ${timing.periodicity}`;
  const known = knownDays.get(name);
  if (known) return known;
  if (knownDays.size > MOST_KNOWN) knownDays.clear();
  const minutes = listedDay(timing, day);
  knownDays.set(name, minutes);
  return minutes;
}

function listedDay({ periodicity, timezone }: Timing, day: number): number[] {
  const fields = fieldsOf(periodicity);
  const clock = clocks.get(timezone) ?? new LocalClock(timezone);
  clocks.set(timezone, clock);
  // The day before counts too: what the clock showed then may be shown again.
  const isEven = clock.isEven(day) && clock.isEven(day - 1);
  return isEven ? evenDay(fields, clock.offset(day * DAY_MINUTES), day) : walkedDay(fields, clock, day);
}

function evenDay(fields: Fields, offset: number, day: number): number[] {
  const found: number[] = [];
  const first = day * DAY_MINUTES;
  for (let localDay = day - 1; localDay <= day + 1; localDay++) {
    const midnight = localDay * DAY_MINUTES - offset;
    if (midnight + DAY_MINUTES <= first || midnight >= first + DAY_MINUTES || !fields.isDate(localDay))
      continue;
    for (const hour of fields.hours) {
      for (const minute of fields.minutes) {
        const instant = midnight + hour * 60 + minute;
        if (instant >= first && instant < first + DAY_MINUTES) found.push(instant);
      }
    }
  }
  return found.sort((a, b) => a - b);
}

function walkedDay(fields: Fields, clock: LocalClock, day: number): number[] {
  const found: number[] = [];
  let shown = clock.shownOn(day - 1)[0] ?? 0;
  const both = [...clock.shownOn(day - 1), ...clock.shownOn(day)];
  for (const [minute, local] of both.entries()) {
    const instant = (day - 1) * DAY_MINUTES + minute;
    const isDue = fields.isFixed ? matchesAny(fields, shown + 1, local) : matches(fields, local);
    if (isDue && instant >= day * DAY_MINUTES) found.push(instant);
    shown = Math.max(shown, local);
  }
  return found;
}

function matchesAny(fields: Fields, low: number, high: number): boolean {
  for (let local = low; local <= high; local++) if (matches(fields, local)) return true;
  return false;
}

function matches({ minutes, hours, isDate }: Fields, local: number): boolean {
  const ofDay = ((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return (
    minutes.has(ofDay % 60) && hours.has(Math.floor(ofDay / 60)) && isDate(Math.floor(local / DAY_MINUTES))
  );
}

/** What the clock of a zone shows, in minutes since 1970 as if it were UTC. */
class LocalClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  readonly #walked = new Map<number, readonly number[]>();

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

  isEven(day: number): boolean {
    return this.offset(day * DAY_MINUTES) === this.offset((day + 1) * DAY_MINUTES);
  }

  offset(instant: number): number {
    const known = this.#offsets.get(instant);
    if (known !== undefined) return known;
    const offset = this.local(instant) - instant;
    this.#offsets.set(instant, offset);
    return offset;
  }

  /** What the clock shows at each minute of a day of UTC, each asked of Intl. */
  shownOn(day: number): readonly number[] {
    const known = this.#walked.get(day);
    if (known) return known;
    const shown = Array.from({ length: DAY_MINUTES }, (_, minute) => this.local(day * DAY_MINUTES + minute));
    this.#walked.set(day, shown);
    return shown;
  }

  local(instant: number): number {
    const shown: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant * MINUTE)) shown[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
  }
}

function fieldsOf(periodicity: string): Fields {
  const known = parsed.get(periodicity);
  if (known) return known;
  const text = NICKNAMES.get(periodicity) ?? periodicity;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(' ');
  const months = valuesOf(month, 1, 12);
  const days = valuesOf(day.replace('L', '32'), 1, 31);
  const weekdays = valuesOf(weekday.replace('7', '0'), 0, 6);
  const isEither = !day.startsWith('*') && !weekday.startsWith('*');
  const isDate = (localDay: number) => {
    const date = new Date(localDay * DAY_MINUTES * MINUTE);
    if (!months.has(date.getUTCMonth() + 1)) return false;
    const isLast = new Date((localDay + 1) * DAY_MINUTES * MINUTE).getUTCDate() === 1;
    const fitsDay = days.has(date.getUTCDate()) || (days.has(32) && isLast);
    const fitsWeekday = weekdays.has(date.getUTCDay());
    return isEither ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
  };
  const fields = {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    isDate,
    isFixed: !minute.startsWith('*') && !hour.startsWith('*'),
  };
  parsed.set(periodicity, fields);
  return fields;
}

/** Lists of numbers, ranges, stars and steps: all that the simulated person writes. */
function valuesOf(text: string, min: number, max: number): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [low, high = low] = range === '*' ? [min, max] : range.split('-').map(Number);
    for (let value = low ?? min; value <= (high ?? max); value += Number(step)) values.add(value);
  }
  return values;
}
