/** Parses the values of options that are times: `now`, `tomorrow`, `+7d`, `2027-03-28`, `2027-03-28T02:30`. */
import { DAY } from '../../core/domain/calendar.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { timeZone } from '../../core/domain/time-zone.ts';

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
const RELATIVE = /^([+-]\d{1,6})(m|h|d|w)$/;
const ABSOLUTE = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Epoch milliseconds. A skipped local time becomes one just before or after the clock change. Throws InvalidError. */
export function parseTime(text: string, context: ParseTimeContext): number {
  const moment = momentOf(text, context);
  if (moment !== undefined && !Number.isNaN(moment)) return moment;
  const wanted = '"now", "today", "tomorrow", an offset such as "+12h" or "+7d", or a date or time';
  const fix = `Write 2027-03-28 or 2027-03-28T02:30 (${context.timezone}), or 2027-03-28T00:30:00Z.`;
  throw new InvalidError([{ where: context.option, got: formatValue(text), wanted, fix }]);
}

function momentOf(text: string, { now, base, timezone }: ParseTimeContext): number | undefined {
  if (text === 'now') return now;
  if (text === 'today') return midnight(now, 0, timezone);
  if (text === 'tomorrow') return midnight(now, 1, timezone);
  const [, count, unit] = RELATIVE.exec(text) ?? [];
  if (unit) return base + Number(count) * UNITS[unit as keyof typeof UNITS];
  const [, date, time = '00:00', zone] = ABSOLUTE.exec(text) ?? [];
  if (!date) return undefined;
  // Date.parse reads 30 February as 2 March.
  const exists = new Date(Date.parse(`${date}T00:00Z`) || 0).toISOString().startsWith(date);
  if (!exists) return undefined;
  return zone ? Date.parse(`${date}T${time}${zone}`) : instantOf(Date.parse(`${date}T${time}Z`), timezone);
}

function midnight(now: number, days: number, timezone: string): number {
  const local = now + timeZone(timezone).offsetAt(now);
  return instantOf((Math.floor(local / DAY) + days) * DAY, timezone);
}

/** The instant of a local time, which is given as if it were in UTC. */
function instantOf(local: number, timezone: string): number {
  if (Number.isNaN(local)) return local;
  const zone = timeZone(timezone);
  return local - zone.offsetAt(local - zone.offsetAt(local));
}
