/** Times for people, in a time zone and with its abbreviation. Programs get UTC: see iso.ts. */

/** None of them has all abbreviations: CET is from the first one, EST from the second one, AEDT from the third one. */
const LOCALES = ['en-GB', 'en-US', 'en-AU'];
/** As the pages have them, which use the format of the first one. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];
const SIX_DAYS = 6 * 86_400_000;
/** A cache: a format is slow to create. */
const formats = new Map<string, readonly Intl.DateTimeFormat[]>();

/** `2026-01-05 13:00 CET`, with seconds unless it is a whole minute. `time` is in epoch milliseconds. */
export function localTime(time: number, timezone: string): string {
  const { year, month, day, hour, minute, second } = partsOf(formatsOf(timezone)[0], time);
  const seconds = second === '00' ? '' : `:${second}`;
  return `${year}-${month}-${day} ${hour}:${minute}${seconds} ${zoneName(time, timezone)}`;
}

/** `Mon 5 Jan 2026 13:00 CET`, with seconds unless it is a whole minute. */
export function weekdayTime(time: number, timezone: string): string {
  return `${weekdayDate(time, timezone)} ${clockOf(time, timezone)}`;
}

/** `Mon 5 Jan 2026`. */
export function weekdayDate(time: number, timezone: string): string {
  return `${partsOf(formatsOf(timezone)[0], time).weekday} ${dateOf(time, timezone)}`;
}

/** `13:00 CET` today, `Tue 13:00 CET` within the six days before or after, `5 Jan 2026` otherwise; without seconds. */
export function shortTime(time: number, now: number, timezone: string): string {
  const minute = Math.floor(time / 60_000) * 60_000;
  const date = dateOf(minute, timezone);
  const clock = clockOf(minute, timezone);
  if (date === dateOf(now, timezone)) return clock;
  if (Math.abs(time - now) >= SIX_DAYS) return date;
  return `${partsOf(formatsOf(timezone)[0], minute).weekday} ${clock}`;
}

function dateOf(time: number, timezone: string): string {
  const { year, month, day } = partsOf(formatsOf(timezone)[0], time);
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

function clockOf(time: number, timezone: string): string {
  return localTime(time, timezone).slice(11);
}

/** The abbreviation of the zone at that time: `CET`, or `GMT+9` where there is none. */
export function zoneName(time: number, timezone: string): string {
  const names = formatsOf(timezone).map((format) => partsOf(format, time).timeZoneName ?? timezone);
  return names.find((name) => !/^GMT[+-]/.test(name)) ?? names[0] ?? timezone;
}

function partsOf(format: Intl.DateTimeFormat | undefined, time: number): Record<string, string> {
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
