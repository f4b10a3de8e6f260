/**
 * The meaning of a periodicity: five fields of crontab(5) or a nickname, as plain sets.
 *
 * cron-parser expands the items of a field. The values of a field (cron-parser ignores many errors) and the problems of
 * others are in periodicity.ts; this file combines the fields. The times of a cron are in next-run.ts.
 *
 * Both day fields restricted: a date that fits either counts, as in crontab(5). A field that starts with `*` or `?` is
 * not restricted, so that with every second day of the month and a weekday a date has to fit both, as in cronie
 * (decision 0001). `H`, `L` and `#` restrict.
 */
import { CronExpressionParser } from 'cron-parser';
import { type DateRule, type NthWeekday, nextDate } from './calendar.ts';
import { InvalidError } from './errors.ts';
import {
  FIELDS,
  type Field,
  fieldTexts,
  itemProblem,
  stepProblem,
  unreachableProblem,
} from './periodicity.ts';
import type { Problem } from './problem.ts';

/** What a periodicity means. Immutable. */
export interface Expression {
  /** 0 to 59, ascending. */
  readonly minutes: readonly number[];
  /** 0 to 23, ascending. */
  readonly hours: readonly number[];
  readonly dates: DateRule;
  /**
   * Neither minute nor hour starts with `*`: each of its times occurs once a day, also when the clock changes. The others
   * are wildcards and follow the clock.
   */
  readonly fixed: boolean;
}

/** Parsing is slow, and the same crons are parsed again and again. A uid has no space. */
const cache = new Map<string, Expression>();
const MAX_CACHED = 2000;

/**
 * What the text means. `seed` decides where `H` lies: the same for the same seed, spread over different ones.
 * Throws InvalidError with every problem found, each about `periodicity`.
 */
export function parseExpression(text: string, seed: string): Expression {
  const name = /H/i.test(text) ? `${seed} ${text}` : text;
  const expression = cache.get(name) ?? parse(text, seed);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(name, expression);
  return expression;
}

function parse(text: string, seed: string): Expression {
  const texts = fieldTexts(text);
  const parsed = {
    minute: parseField(FIELDS.minute, texts.minute, seed),
    hour: parseField(FIELDS.hour, texts.hour, seed),
    day: parseField(FIELDS.day, texts.day, seed),
    month: parseField(FIELDS.month, texts.month, seed),
    weekday: parseField(FIELDS.weekday, texts.weekday, seed),
  };
  const problems = Object.values(parsed).flatMap((field) => field.problems);
  if (problems.length > 0) throw new InvalidError(problems);
  const { minute, hour, day, month, weekday } = parsed;
  const dates: DateRule = {
    months: month.values,
    days: day.values,
    lastDay: day.last,
    weekdays: weekday.values,
    lastWeekdays: weekday.lastWeekdays,
    nthWeekdays: weekday.nthWeekdays,
    either: day.restricted && weekday.restricted,
  };
  if (nextDate(dates, 0) === undefined) throw new InvalidError([unreachableProblem(text)]);
  return {
    minutes: ascending(minute.values),
    hours: ascending(hour.values),
    dates,
    fixed: minute.restricted && hour.restricted,
  };
}

interface Parsed {
  readonly values: Set<number>;
  last: boolean;
  readonly lastWeekdays: Set<number>;
  readonly nthWeekdays: NthWeekday[];
  readonly restricted: boolean;
  readonly problems: Problem[];
}

function parseField(field: Field, text: string, seed: string): Parsed {
  const parsed: Parsed = {
    values: new Set(),
    last: false,
    lastWeekdays: new Set(),
    nthWeekdays: [],
    restricted: !/^[*?]/.test(text),
    problems: [],
  };
  for (const item of text.split(',')) {
    try {
      if (!field.item.test(item)) throw new InvalidError([itemProblem(field, item)]);
      addItem(parsed, item.toUpperCase(), (part) => expand(field, part, seed));
    } catch (error) {
      parsed.problems.push(...(error instanceof InvalidError ? error.problems : [itemProblem(field, item)]));
    }
  }
  return parsed;
}

/** Unlike `JUL`. */
const LAST_WEEKDAY = /^(?:\d|[A-Z]{3})L$/;

function addItem(parsed: Parsed, item: string, values: (part: string) => number[]): void {
  const [weekday = '', nth] = item.split('#');
  if (item === 'L') parsed.last = true;
  else if (LAST_WEEKDAY.test(item))
    for (const value of values(item.slice(0, -1))) parsed.lastWeekdays.add(value);
  else if (nth)
    for (const value of values(weekday)) parsed.nthWeekdays.push({ weekday: value, nth: Number(nth) });
  else for (const value of values(item)) parsed.values.add(value);
}

function expand(field: Field, item: string, seed: string): number[] {
  if (item === '*' || item === '?') return wholeRange(field);
  const values = expandByParser(field, hashWithin(field, item), seed);
  const [base = '', step] = item.split('/');
  if (values.length > 1 || step === undefined) return values;
  const range = base === '*' ? wholeRange(field) : expandByParser(field, base, seed);
  if (!base.startsWith('H') && Number(step) > range.length)
    throw new InvalidError([stepProblem(field, item)]);
  return values;
}

function wholeRange({ min, max }: Field): number[] {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

/** A bare `H` falls on days that every month has, and on Sunday no more often than on any other weekday. */
function hashWithin(field: Field, item: string): string {
  if (item !== 'H') return item;
  return `H(${field.min}-${field.key === 'dayOfMonth' ? 28 : field.max})`;
}

/** Throws an Error of cron-parser when the item is not valid. Strict, so that ranges of `H` are checked too. */
function expandByParser(field: Field, item: string, seed: string): number[] {
  const items = { minute: '*', hour: '*', dayOfMonth: '*', month: '*', dayOfWeek: '*', [field.key]: item };
  const text = `0 ${items.minute} ${items.hour} ${items.dayOfMonth} ${items.month} ${items.dayOfWeek}`;
  const options = { strict: true, hashSeed: `cloudtab ${seed}`, tz: 'UTC', currentDate: 0 };
  const { values } = CronExpressionParser.parse(text, options).fields[field.key];
  return [...new Set(values.map((value) => (field.key === 'dayOfWeek' ? Number(value) % 7 : Number(value))))];
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
