/**
 * The text of a periodicity: its nicknames, its five fields with the values of each, and the problems of other texts.
 * The meaning of a text is in expression.ts.
 */
import { InvalidError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { formatValue, type Problem } from './problem.ts';

export interface Field {
  readonly name: string;
  /** The name of the field in cron-parser. */
  readonly key: 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';
  readonly min: number;
  readonly max: number;
  /** Matches one item of its list. */
  readonly item: RegExp;
  readonly wanted: string;
}

const DAYS = 'SUN|MON|TUE|WED|THU|FRI|SAT';
const MONTHS = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const FORMS = 'a range, a list, "*", "H", or steps such as "*/2"';

/** In the order in which they are written. */
export const FIELDS = {
  minute: { name: 'minute', key: 'minute', min: 0, max: 59, item: itemOf(), wanted: `0 to 59, ${FORMS}` },
  hour: { name: 'hour', key: 'hour', min: 0, max: 23, item: itemOf(), wanted: `0 to 23, ${FORMS}` },
  day: {
    name: 'day of the month',
    key: 'dayOfMonth',
    min: 1,
    max: 31,
    item: itemOf({ also: ['\\?', 'L'] }),
    wanted: `1 to 31, "L" for the last day, ${FORMS}`,
  },
  month: {
    name: 'month',
    key: 'month',
    min: 1,
    max: 12,
    item: itemOf({ names: MONTHS }),
    wanted: `1 to 12 or jan to dec, ${FORMS}`,
  },
  weekday: {
    name: 'weekday',
    key: 'dayOfWeek',
    min: 0,
    max: 6,
    item: itemOf({ names: DAYS, also: ['\\?', `(?:\\d|${DAYS})(?:L|#[1-5])`] }),
    wanted: `0 (Sunday) to 7 or sun to sat, "5L" for the last Friday, "1#2" for the second Monday, ${FORMS}`,
  },
} as const satisfies Record<string, Field>;

function itemOf({ names, also = [] }: { names?: string; also?: readonly string[] } = {}): RegExp {
  const value = names ? `(?:\\d{1,2}|${names})` : '\\d{1,2}';
  const whole = ['\\*', 'H(?:\\(\\d{1,2}-\\d{1,2}\\))?', `${value}(?:-${value})?`].join('|');
  return new RegExp(`^(?:${[`(?:${whole})(?:/\\d{1,2})?`, ...also].join('|')})$`, 'i');
}

export const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const FIELD_COUNT = 5;
const MAX_CHARACTERS = 1024;
const FIVE_FIELDS =
  'five fields (minute, hour, day of the month, month, weekday), or a nickname such as "@daily"';

export type FieldTexts = Readonly<Record<keyof typeof FIELDS, string>>;

/** The texts of the five fields, also of a nickname. Throws InvalidError. */
export function fieldTexts(text: string): FieldTexts {
  const trimmed = text.trim();
  const texts = (trimmed.startsWith('@') ? expandNickname(trimmed) : trimmed).split(/\s+/);
  if (texts.length !== FIELD_COUNT || text.length > MAX_CHARACTERS) {
    throw new InvalidError([textProblem(text, trimmed === '' ? 0 : texts.length)]);
  }
  const [minute, hour, day, month, weekday] = texts as [string, string, string, string, string];
  return { minute, hour, day, month, weekday };
}

function expandNickname(nickname: string): string {
  const text = Object.hasOwn(NICKNAMES, nickname) ? NICKNAMES[nickname] : undefined;
  if (text !== undefined) return text;
  throw new InvalidError([
    {
      where: 'periodicity',
      got: formatValue(nickname),
      wanted: `one of ${Object.keys(NICKNAMES).join(', ')}, or five fields`,
      fix: nicknameFix(nickname),
    },
  ]);
}

function nicknameFix(nickname: string): string {
  switch (nickname) {
    case '@reboot':
      return 'No machine boots here: choose a time, and start the cron by hand if it should run at once.';
    case '@secondly':
      return 'Runs are planned to the minute: write "* * * * *" for every minute.';
    default:
      return didYouMean(
        nickname,
        Object.keys(NICKNAMES),
        'Choose one of these, in lower case, or write five fields.',
      );
  }
}

function textProblem(text: string, count: number): Problem {
  const got = count === 0 ? 'nothing' : `${count} field${count === 1 ? '' : 's'}, ${formatValue(text)}`;
  const problem = { where: 'periodicity', got, wanted: FIVE_FIELDS };
  if (text.length > MAX_CHARACTERS) {
    return { ...problem, got: `${text.length} characters`, fix: `Write at most ${MAX_CHARACTERS}.` };
  }
  if (count === 0) {
    return { ...problem, fix: 'Write "* * * * *" for every minute, or "0 3 * * *" for every day at three.' };
  }
  if (count < FIELD_COUNT) {
    const otherwise = 'Add the missing fields; "*" means every value.';
    return { ...problem, fix: didYouMean(`@${text.trim()}`, Object.keys(NICKNAMES), otherwise) };
  }
  if (count > FIELD_COUNT + 1) return { ...problem, fix: 'Leave only the first five.' };
  return {
    ...problem,
    fix: 'Leave only five: there is no field for seconds (runs are planned to the minute), years or users.',
  };
}

/** What is wrong with one item of a field's list. */
export function itemProblem(field: Field, item: string): Problem {
  return {
    where: 'periodicity',
    got: `${formatValue(item)} as ${field.name}`,
    wanted: field.wanted,
    fix: itemFix(field, item),
  };
}

function itemFix(field: Field, item: string): string {
  if (item === '') return 'Remove the comma that has nothing beside it.';
  if (item.endsWith('/0')) return 'A step is 1 or more.';
  if (/^[a-z]{4,}/i.test(item)) return 'Write a name with its first three letters.';
  if (/^L-\d+$/i.test(item)) return 'Write "L" alone: days before the last are not supported.';
  if (/W$/i.test(item)) return 'The nearest working day is not supported: name the weekdays, such as 1-5.';
  if (isBackwards(item))
    return 'A range goes upwards: write two with a comma between, such as "22-23,0-2" for hours.';
  return `Correct the ${field.name}.`;
}

function isBackwards(item: string): boolean {
  const [, low = '', high = ''] = /^(\w+)-(\w+)/.exec(item) ?? [];
  return orderOf(low) > orderOf(high);
}

/** A number that grows from each value of a field to the next; NaN if it is none. Names are in any case. */
export function orderOf(value: string): number {
  const name = `${DAYS}|${MONTHS}`.split('|').indexOf(value.toUpperCase());
  return name === -1 ? Number(value) : name;
}

/** A step that is wider than its range: cron would take only the first value, which is never intended. */
export function stepProblem(field: Field, item: string): Problem {
  return {
    where: 'periodicity',
    got: `${formatValue(item)} as ${field.name}`,
    wanted: 'a step that fits into its range',
    fix: `Steps start again with each range, so this one has no effect: write the ${field.name} itself.`,
  };
}

/** Dates such as 30 February. */
export function unreachableProblem(text: string): Problem {
  return {
    where: 'periodicity',
    got: formatValue(text),
    wanted: 'a date that exists',
    fix: 'This date never occurs: choose a day that its months have; "L" is the last day of any month.',
  };
}
