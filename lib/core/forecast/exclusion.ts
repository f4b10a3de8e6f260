/** Why a periodicity does not plan a minute: the fields that exclude it, or a change of the clock. */
import { DAY, isDateOf } from '../domain/calendar.ts';
import { isTimeOfDay } from '../domain/clock-changes.ts';
import type { Cron } from '../domain/cron.ts';
import { type Expression, parseExpression } from '../domain/expression.ts';
import { fieldTexts } from '../domain/periodicity.ts';
import { timeZone } from '../domain/time-zone.ts';
import { clockSurprises } from './clock-surprises.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** In words, such as `hour 3 is not in "2"`. `minute` is the beginning of a minute that is not planned. */
export function exclusionOf(cron: Cron, timezone: string, minute: number): string {
  const local = minute + timeZone(timezone).offsetAt(minute);
  const expression = parseExpression(cron.periodicity, cron.uid);
  const texts = fieldTexts(cron.periodicity);
  const minutes = Math.floor(local / MINUTE) % 60;
  const hours = Math.floor(local / HOUR) % 24;
  const reasons = [
    ...dateReasons(expression, texts, Math.floor(local / DAY)),
    ...unless(expression.hours.includes(hours), `hour ${hours} is not in "${texts.hour}"`),
    ...unless(expression.minutes.includes(minutes), `minute ${minutes} is not in "${texts.minute}"`),
  ];
  if (reasons.length > 0) return reasons.join(', and ');
  // Every field allows the local time: the clock has shown it before.
  return surprisesNear(cron, timezone, minute);
}

/** The effect of a clock change on a planned minute, in words; nothing if there is none. */
export function shiftOf(cron: Cron, timezone: string, minute: number): string | undefined {
  const local = minute + timeZone(timezone).offsetAt(minute);
  const isShown = isTimeOfDay(parseExpression(cron.periodicity, cron.uid), local);
  return isShown ? undefined : surprisesNear(cron, timezone, minute);
}

function surprisesNear(cron: Cron, timezone: string, minute: number): string {
  const surprises = clockSurprises(cron, timezone, { from: minute - DAY, to: minute + DAY });
  return surprises.map(({ text }) => text).join(' ');
}

function dateReasons({ dates }: Expression, texts: ReturnType<typeof fieldTexts>, date: number): string[] {
  if (isDateOf(dates, date)) return [];
  const day = new Date(date * DAY);
  if (!dates.months.has(day.getUTCMonth() + 1)) {
    return [`month ${day.getUTCMonth() + 1} is not in "${texts.month}"`];
  }
  const fields = [
    ...unless(texts.day === '*', `day "${texts.day}"`),
    ...unless(texts.weekday === '*', `weekday "${texts.weekday}"`),
  ];
  const shown = `${WEEKDAYS[day.getUTCDay()]} ${day.toISOString().slice(0, 10)}`;
  return [`${shown} is excluded by ${fields.join(' and ')}`];
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function unless(isFine: boolean, reason: string): string[] {
  return isFine ? [] : [reason];
}
