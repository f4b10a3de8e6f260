/** Times for people, in a time zone and with its abbreviation. Programs get UTC: see iso.ts. */

/** None of them has all abbreviations: CET is from the first one, EST from the second one, AEDT from the third one. */
const LOCALES = ['en-GB', 'en-US', 'en-AU'];
const SIX_DAYS = 6 * 86_400_000;
/** A cache: a format is slow to create. */
const formats = new Map<string, readonly Intl.DateTimeFormat[]>();

/** `2026-01-05 13:00 CET`, with seconds unless it is a whole minute. `time` is in epoch milliseconds. */
export function localTime(time: number, timezone: string): string {
  const { year, month, day, hour, minute, second } = partsOf(formatsOf(timezone)[0], time);
  const seconds = second === '00' ? '' : `:${second}`;
  return `${year}-${month}-${day} ${hour}:${minute}${seconds} ${zoneName(time, timezone)}`;
}

/** `Mon 2026-01-05 13:00 CET`. */
export function weekdayTime(time: number, timezone: string): string {
  return `${partsOf(formatsOf(timezone)[0], time).weekday} ${localTime(time, timezone)}`;
}

/** `13:00 CET` today, `Tue 13:00 CET` within the six days before or after, `2026-01-05` otherwise; without seconds. */
export function shortTime(time: number, now: number, timezone: string): string {
  const minute = Math.floor(time / 60_000) * 60_000;
  const [day] = localTime(minute, timezone).split(' ');
  const [today] = localTime(now, timezone).split(' ');
  const [weekday, ...clock] = weekdayTime(minute, timezone)
    .split(' ')
    .filter((part) => part !== day);
  if (day === today) return clock.join(' ');
  return Math.abs(time - now) < SIX_DAYS ? [weekday, ...clock].join(' ') : String(day);
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
