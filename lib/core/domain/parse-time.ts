/** Parses times that users write: `now`, `yesterday 02:30`, `02:30`, `-24h`, `2027-03-28`, `2027-03-28T02:30`. */
import { DAY } from './calendar.ts';
import { InvalidError } from './errors.ts';
import { formatValue } from './problem.ts';
import { timeZone } from './time-zone.ts';

/** Times are epoch milliseconds. */
export interface ParseTimeContext {
  /** Name of the option, for messages. */
  readonly option: string;
  readonly now: number;
  /** Time from which `+7d` counts. */
  readonly base: number;
  /** Time zone of dates and times without one. */
  readonly timezone: string;
}

const UNITS = { m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY } as const;
const DAYS = { yesterday: -1, today: 0, tomorrow: 1 } as const;
const RELATIVE = /^([+-]\d{1,6})(m|h|d|w)$/;
const TIME = String.raw`(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)`;
const NAMED = new RegExp(`^(?:(yesterday|today|tomorrow)(?: ${TIME})?|${TIME})$`);
const ABSOLUTE = new RegExp(String.raw`^(\d{4}-\d\d-\d\d)(?:[T ]${TIME}(Z|[+-]\d\d:\d\d)?)?$`);

/**
 * Epoch milliseconds. A time of day alone is that of today. Where the clock changes, a local time is the first instant at
 * which the clock shows it or a later one, as for a cron with fixed times. Throws InvalidError.
 */
export function parseTime(text: string, context: ParseTimeContext): number {
  const moment = momentOf(text.trim(), context);
  if (moment !== undefined && !Number.isNaN(moment)) return moment;
  const wanted =
    '"now", "02:30", "yesterday 02:30", "today" or "tomorrow", an offset such as "-24h" or "+7d", or a date or time';
  const fix = `Write 2027-03-28 or 2027-03-28T02:30 (${context.timezone}), or 2027-03-28T00:30:00Z.`;
  throw new InvalidError([{ where: context.option, got: formatValue(text), wanted, fix }]);
}

function momentOf(text: string, { now, base, timezone }: ParseTimeContext): number | undefined {
  if (text === 'now') return now;
  const [, count, unit] = RELATIVE.exec(text) ?? [];
  if (unit) return base + Number(count) * UNITS[unit as keyof typeof UNITS];
  const [isNamed, name = 'today', time, timeAlone = time] = NAMED.exec(text) ?? [];
  if (isNamed) return instantOf(dateOf(now, name as keyof typeof DAYS, timezone), timeAlone, timezone);
  const [, date, timeOfDay, offset = ''] = ABSOLUTE.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return undefined;
  return offset === '' ? instantOf(date, timeOfDay, timezone) : utcOf(date, timeOfDay, offset);
}

/** The local date of that day, such as `2027-03-28`. */
function dateOf(now: number, day: keyof typeof DAYS, timezone: string): string {
  const local = now + timeZone(timezone).offsetAt(now);
  return new Date(local + DAYS[day] * DAY).toISOString().slice(0, 10);
}

/** Date.parse reads 30 February as 2 March. */
function isDate(text: string): boolean {
  return new Date(Date.parse(`${text}T00:00Z`) || 0).toISOString().startsWith(text);
}

/** Not a number for a time that no clock shows, such as 25:00. */
function utcOf(date: string, time = '00:00', offset = 'Z'): number {
  return Date.parse(`${date}T${time}${offset}`);
}

/** The first instant at which the clock of the zone shows that local time, or a later one. */
function instantOf(date: string, time: string | undefined, timezone: string): number {
  const local = utcOf(date, time);
  if (Number.isNaN(local)) return local;
  const zone = timeZone(timezone);
  const day = Math.floor(local / DAY);
  // A local date lies within its own day of UTC and both neighbours.
  const periods = [day - 1, day, day + 1].flatMap((one) => zone.offsetPeriodsOf(one));
  const reached = periods.filter(({ end, offset }) => end + offset > local);
  return Math.min(...reached.map(({ start, offset }) => Math.max(start, local - offset)));
}
