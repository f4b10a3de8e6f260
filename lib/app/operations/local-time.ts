/** Times for people, in a time zone and with its abbreviation. Programs get UTC: see iso.ts. */

/** None of them has all abbreviations: CET is from the first one, EST from the second one, AEDT from the third one. */
const LOCALES = ['en-GB', 'en-US', 'en-AU'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];
const SIX_DAYS = 6 * 86_400_000;
/** A cache: a format is slow to create. */
const formats = new Map<string, readonly Intl.DateTimeFormat[]>();

/** `2026-01-05 13:00 CET`, with seconds unless it is a whole minute. `time` is in epoch milliseconds. */
export function localTime(time: number, timezone: string): string {
  const { year, month, day, clock, seconds } = partsOf(time, timezone);
  return `${year}-${month}-${day} ${clock}${seconds} ${zoneName(time, timezone)}`;
}

/** `2026-01-05 13:00:00 CET`, always with seconds: for lines below each other. */
export function secondTime(time: number, timezone: string): string {
  const { year, month, day, clock, second } = partsOf(time, timezone);
  return `${year}-${month}-${day} ${clock}:${second} ${zoneName(time, timezone)}`;
}

/** `Mon 5 Jan 2026 13:00 CET`, with seconds unless it is a whole minute. */
export function weekdayTime(time: number, timezone: string): string {
  const { weekday, date, year, clock, seconds } = partsOf(time, timezone);
  return `${weekday} ${date} ${year} ${clock}${seconds} ${zoneName(time, timezone)}`;
}

/** `Mon 5 Jan 2026`. */
export function weekdayDate(time: number, timezone: string): string {
  return `${dayText(time, timezone)} ${partsOf(time, timezone).year}`;
}

/** `Mon 5 Jan`. */
export function dayText(time: number, timezone: string): string {
  const { weekday, date } = partsOf(time, timezone);
  return `${weekday} ${date}`;
}

/** `13:00`. */
export function timeText(time: number, timezone: string): string {
  return partsOf(time, timezone).clock;
}

/** `13:00 CET` today, `Mon 5 Jan 13:00 CET` within the year, with the year otherwise; without seconds. */
export function clockText(
  time: number,
  { now, timezone }: { readonly now: number; readonly timezone: string },
): string {
  const { weekday, date, year, clock } = partsOf(time, timezone);
  const today = partsOf(now, timezone);
  const text = `${clock} ${zoneName(time, timezone)}`;
  if (year !== today.year) return `${weekday} ${date} ${year} ${text}`;
  return date === today.date ? text : `${weekday} ${date} ${text}`;
}

/** `13:00 CET` today, `Tue 13:00 CET` within the six days before or after, `5 Jan 2026` otherwise; without seconds. */
export function shortTime(time: number, now: number, timezone: string): string {
  const { weekday, date, year, clock } = partsOf(time, timezone);
  const today = partsOf(now, timezone);
  const text = `${clock} ${zoneName(time, timezone)}`;
  if (date === today.date && year === today.year) return text;
  return Math.abs(time - now) < SIX_DAYS ? `${weekday} ${text}` : `${date} ${year}`;
}

/** The abbreviation of the zone at that time: `CET`, or `GMT+9` where there is none. */
function zoneName(time: number, timezone: string): string {
  const names = formatsOf(timezone).map((format) => formatted(format, time).timeZoneName ?? timezone);
  return names.find((name) => !/^GMT[+-]/.test(name)) ?? names[0] ?? timezone;
}

/** `date` is such as `5 Jan`, `clock` such as `13:00`; `seconds` are empty in a whole minute. */
function partsOf(time: number, timezone: string) {
  const { weekday, year, month, day, hour, minute, second } = formatted(formatsOf(timezone)[0], time);
  return {
    weekday,
    year,
    month,
    day,
    date: `${Number(day)} ${MONTHS[Number(month) - 1]}`,
    clock: `${hour}:${minute}`,
    second,
    seconds: second === '00' ? '' : `:${second}`,
  };
}

function formatted(format: Intl.DateTimeFormat | undefined, time: number): Record<string, string> {
  return Object.fromEntries((format?.formatToParts(time) ?? []).map(({ type, value }) => [type, value]));
}

function formatsOf(timeZone: string): readonly Intl.DateTimeFormat[] {
  const cached = formats.get(timeZone);
  if (cached) return cached;
  const made = LOCALES.map(
    (locale) =>
      new Intl.DateTimeFormat(locale, {
        timeZone,
        weekday: 'short',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
        timeZoneName: 'short',
      }),
  );
  formats.set(timeZone, made);
  return made;
}
