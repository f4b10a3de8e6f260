/**
 * The dates of a periodicity, without a clock or a zone. A date is a number, the days since 1 January 1970. Times of day
 * and time zones are in next-run.ts.
 */

/** The dates of a periodicity. Immutable. */
export interface DateRule {
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** Of the month, 1 to 31. */
  readonly days: ReadonlySet<number>;
  /** `L` as day of the month. */
  readonly lastDay: boolean;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** `5L`: the last Friday of the month. */
  readonly lastWeekdays: ReadonlySet<number>;
  /** `1#2`: the second Monday of the month. */
  readonly nthWeekdays: readonly NthWeekday[];
  /** A date needs to fit the day of the month or the weekday; otherwise it has to fit both. */
  readonly either: boolean;
}

export interface NthWeekday {
  readonly weekday: number;
  readonly nth: number;
}

export const DAY = 86_400_000;

/** Leap days on a given weekday are at most 40 years apart (across a year such as 2100), all other dates are closer. */
const MAX_DAYS_APART = 41 * 366;

/** The first date of the rule that is not before `date`; nothing if there will never be one. */
export function nextDate(rule: DateRule, date: number): number | undefined {
  let from = date;
  while (from <= date + MAX_DAYS_APART) {
    const month = monthOf(from);
    for (let day = month.day; rule.months.has(month.number) && day <= month.length; day++) {
      if (fits(rule, day, month.length, month.first)) return month.first + day - 1;
    }
    from = month.first + month.length;
  }
  return undefined;
}

/** Whether the date matches the rule. */
export function isDateOf(rule: DateRule, date: number): boolean {
  const month = monthOf(date);
  return rule.months.has(month.number) && fits(rule, month.day, month.length, month.first);
}

function monthOf(date: number) {
  const when = new Date(date * DAY);
  const day = when.getUTCDate();
  const number = when.getUTCMonth() + 1;
  // The day before the first of the next month.
  when.setUTCMonth(number, 0);
  return { number, day, length: when.getUTCDate(), first: date - day + 1 };
}

function fits(rule: DateRule, day: number, length: number, first: number): boolean {
  // 1 January 1970 was a Thursday; dates before it are negative.
  const weekday = (((first + day - 1) % 7) + 11) % 7;
  const fitsDay = rule.days.has(day) || (rule.lastDay && day === length);
  const fitsWeekday =
    rule.weekdays.has(weekday) ||
    (rule.lastWeekdays.has(weekday) && day > length - 7) ||
    rule.nthWeekdays.some((one) => one.weekday === weekday && one.nth === Math.ceil(day / 7));
  return rule.either ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
}
