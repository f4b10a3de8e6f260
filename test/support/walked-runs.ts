/**
 * An oracle for nextRun that is too simple to be wrong: it walks minute by minute, asks Intl for the wall clock time,
 * and compares it with the text of the periodicity. It supports only numbers, lists, ranges and steps of `*`.
 */

const MINUTE = 60_000;

/** The wall clock time of a zone at each minute from `from` on, as if it were a time in UTC. */
export function walkClock(
  timezone: string,
  from: number,
  minutes: number,
): { plannedAt: number; shown: number }[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return Array.from({ length: minutes }, (_, index) => {
    const plannedAt = from + index * MINUTE;
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (
      format.format(plannedAt).match(/\d+/g) ?? []
    ).map(Number);
    return { plannedAt, shown: Date.UTC(year, month - 1, day, hour, minute) };
  });
}

/** Every run on this walk. The first day only initializes the wall clock times that have passed, and has no runs. */
export function walkedRuns(
  periodicity: string,
  clock: readonly { plannedAt: number; shown: number }[],
): number[] {
  const fits = fitting(periodicity.split(' '));
  const wildcard = /^\*|^\S+ \*/.test(periodicity);
  const runs: number[] = [];
  let latest = clock[0]?.shown ?? 0;
  for (const [index, { plannedAt, shown }] of clock.entries()) {
    let due = wildcard && fits(shown);
    for (let time = latest + MINUTE; time <= shown; time += MINUTE) due ||= !wildcard && fits(time);
    latest = Math.max(latest, shown);
    if (due && index >= 24 * 60) runs.push(plannedAt);
  }
  return runs;
}

function fitting(texts: readonly string[]): (time: number) => boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = texts;
  const minutes = valuesOf(minute, 0);
  const hours = valuesOf(hour, 0);
  const days = valuesOf(day, 1);
  const months = valuesOf(month, 1);
  const weekdays = valuesOf(weekday, 0);
  if (weekdays.has(7)) weekdays.add(0);
  const both = day.startsWith('*') || weekday.startsWith('*');
  return (time) => {
    const minuteOfDay = (time / MINUTE) % (24 * 60);
    if (!minutes.has(minuteOfDay % 60) || !hours.has(Math.floor(minuteOfDay / 60))) return false;
    const when = new Date(time);
    const fitsDay = days.has(when.getUTCDate());
    const fitsWeekday = weekdays.has(when.getUTCDay());
    return months.has(when.getUTCMonth() + 1) && (both ? fitsDay && fitsWeekday : fitsDay || fitsWeekday);
  };
}

function valuesOf(text: string, least: number): Set<number> {
  const all = Array.from({ length: 60 }, (_, value) => value);
  return new Set(all.filter((value) => text.split(',').some((item) => has(item, value, least))));
}

function has(item: string, value: number, least: number): boolean {
  const [range = '', step = '1'] = item.split('/');
  if (range === '*') return (value - least) % Number(step) === 0;
  const [low, high = low] = range.split('-').map(Number);
  return value >= Number(low) && value <= Number(high);
}
