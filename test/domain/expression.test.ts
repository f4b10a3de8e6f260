import { describe, expect, it, test } from 'vitest';
import { InvalidError } from '../../lib/domain/errors.ts';
import { type Expression, parseExpression } from '../../lib/domain/expression.ts';
import type { Problem } from '../../lib/domain/problem.ts';

const FORMS = 'a range, a list, "*", "H", or steps such as "*/2"';

function problemsOf(text: string): readonly Problem[] {
  try {
    parseExpression(text, 'uid');
  } catch (error) {
    if (error instanceof InvalidError) return error.problems;
    throw error;
  }
  return [];
}

function sets({ minutes, hours, dates }: Expression) {
  const { days, months, weekdays } = dates;
  return [minutes, hours, ...[days, months, weekdays].map((set) => [...set].sort((a, b) => a - b))].map(
    (values) => values.join(' '),
  );
}

describe('A periodicity means', () => {
  const cases: [
    text: string,
    minutes: string,
    hours: string,
    days: string,
    months: string,
    weekdays: string,
  ][] = [
    ['1 2 3 4 5', '1', '2', '3', '4', '5'],
    ['  01\t02 03  04 05 ', '1', '2', '3', '4', '5'],
    ['1,3-5 22-23 1-9/4 */6 fri,sat', '1 3 4 5', '22 23', '1 5 9', '1 7', '5 6'],
    ['50/4 */12 28/2 10/2 5-7', '50 54 58', '0 12', '28 30', '10 12', '0 5 6'],
    ['5,5,1-5 0 1 JAN-mar,Dec Sun-TUE', '1 2 3 4 5', '0', '1', '1 2 3 12', '0 1 2'],
    ['*/60 */24 */31 */12 */7', '0', '0', '1', '1', '0'],
    ['0 0 1 1 0,7', '0', '0', '1', '1', '0'],
    ['0 0 31 2 mon', '0', '0', '31', '2', '1'],
    ['0 0 30 2,3 ?', '0', '0', '30', '2 3', '0 1 2 3 4 5 6'],
  ];
  test.each(cases)('%s', (text, ...expected) => {
    expect(sets(parseExpression(text, 'uid'))).toEqual(expected);
  });

  it('special days beside plain ones', () => {
    const { dates } = parseExpression('0 0 1,L * 1#1,5#3,satL,2', 'uid');
    expect(dates).toMatchObject({ lastDay: true, days: new Set([1]), weekdays: new Set([2]), either: true });
    expect(dates.lastWeekdays).toEqual(new Set([6]));
    expect(dates.nthWeekdays).toEqual([
      { weekday: 1, nth: 1 },
      { weekday: 5, nth: 3 },
    ]);
  });

  test.each([
    ['0 3 * * *', true],
    ['0,30 1-5 * * *', true],
    ['H H * * *', true],
    ['@daily', true],
    ['* 3 * * *', false],
    ['*/5 3 * * *', false],
    ['0 * * * *', false],
    ['H */2 * * *', false],
    ['@hourly', false],
  ])('fixed times, or the clock: %s is fixed: %s', (text, fixed) => {
    expect(parseExpression(text, 'uid').fixed).toBe(fixed);
  });

  test.each([
    ['0 0 1 * 1', true],
    ['0 0 L * 1#1', true],
    ['0 0 H * H', true],
    ['0 0 * * 1', false],
    ['0 0 1 * *', false],
    ['0 0 ? * 1', false],
    ['0 0 */2 * 1', false],
    ['0 0 1 * */2', false],
  ])('either day, or both: %s takes either: %s', (text, either) => {
    expect(parseExpression(text, 'uid').dates.either).toBe(either);
  });
});

describe('H', () => {
  const uids = Array.from({ length: 500 }, (_, index) => `cron-${index}`);
  const spread = (text: string, values: (expression: Expression) => Iterable<number>) =>
    new Set(uids.flatMap((uid) => [...values(parseExpression(text, uid))]));

  it('is the same for the same uid', () => {
    expect(parseExpression('H H(2-4) H H H', 'a')).toEqual(parseExpression('H H(2-4) H H H', 'a'));
    expect(parseExpression('H H * * *', '')).toEqual(parseExpression('H H * * *', ''));
  });

  it('is spread over all values by the uid', () => {
    expect(spread('H * * * *', ({ minutes }) => minutes).size).toBe(60);
    expect(spread('0 H * * *', ({ hours }) => hours).size).toBe(24);
    expect(spread('0 0 1 H *', ({ dates }) => dates.months).size).toBe(12);
    expect(spread('0 0 * * H', ({ dates }) => dates.weekdays).size).toBe(7);
  });

  it('never falls on a day of the month that some months lack', () => {
    expect([...spread('0 0 H * *', ({ dates }) => dates.days)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1),
    );
  });

  it('falls on Sunday no more often than on another weekday', () => {
    const sundays = uids.filter((uid) => parseExpression('0 0 * * H', uid).dates.weekdays.has(0));
    expect(sundays.length).toBeLessThan(uids.length / 5);
  });

  it('keeps to its range and its step', () => {
    expect([...spread('H(10-12) * * * *', ({ minutes }) => minutes)].sort()).toEqual([10, 11, 12]);
    const { minutes } = parseExpression('h/15 * * * *', 'uid');
    expect(minutes.length).toBe(4);
    expect(new Set(minutes.map((minute) => minute % 15)).size).toBe(1);
    expect(parseExpression('H(1-30)/30 * * * *', 'uid').minutes).toHaveLength(1);
  });
});

describe('A periodicity that means nothing is told so', () => {
  const one = (got: string, wanted: string, cure: string) => [{ where: 'periodicity', got, wanted, cure }];
  const five = 'five fields (minute, hour, day of the month, month, weekday), or a nickname such as "@daily"';
  const minute = `0 to 59, ${FORMS}`;
  const day = `1 to 31, "L" for the last day, ${FORMS}`;
  const month = `1 to 12 or jan to dec, ${FORMS}`;
  const weekday = `0 (Sunday) to 7 or sun to sat, "5L" for the last Friday, "1#2" for the second Monday, ${FORMS}`;
  const nicknames =
    'one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or five fields';
  const backwards = 'A range goes upwards: write two with a comma between, such as "22-23,0-2" for hours.';
  const noDate =
    'No such date ever comes: choose a day that its months have; "L" is the last day of any month.';
  const example = 'Write "* * * * *" for every minute, or "0 3 * * *" for every day at three.';
  const onlyFive =
    'Leave only five: there is no field for seconds (runs are planned to the minute), years or users.';
  const reboot =
    'There is no machine that boots: choose a time, and run the cron by hand when it should run at once.';
  const step = 'Steps start anew with each range, so this one never takes place: write the minute itself.';

  test.each([
    ['', one('nothing', five, example)],
    [' \n ', one('nothing', five, example)],
    ['5', one('1 field, "5"', five, 'Add what is missing; "*" stands for every value.')],
    ['* * * *', one('4 fields, "* * * *"', five, 'Add what is missing; "*" stands for every value.')],
    ['0 * * * * *', one('6 fields, "0 * * * * *"', five, onlyFive)],
    ['0 3 * * * run this', one('7 fields, "0 3 * * * run this"', five, 'Leave only the first five.')],
    [`0${',0'.repeat(600)} * * * *`, one('1209 characters', five, 'Write at most 1024.')],
    ['@reboot', one('"@reboot"', nicknames, reboot)],
    [
      '@secondly',
      one('"@secondly"', nicknames, 'Runs are planned to the minute: write "* * * * *" for every minute.'),
    ],
    ['@Daily', one('"@Daily"', nicknames, 'Did you mean "@daily"?')],
    ['@hourli', one('"@hourli"', nicknames, 'Did you mean "@hourly"?')],
    ['hourly', one('1 field, "hourly"', five, 'Did you mean "@hourly"?')],
    ['Weekly', one('1 field, "Weekly"', five, 'Did you mean "@weekly"?')],
    ['never', one('1 field, "never"', five, 'Add what is missing; "*" stands for every value.')],
    [
      '@toString',
      one('"@toString"', nicknames, 'Choose one of these, in small letters, or write five fields.'),
    ],
    ['60 * * * *', one('"60" as minute', minute, 'Mend the minute.')],
    ['-5 * * * *', one('"-5" as minute', minute, 'Mend the minute.')],
    ['1.5 * * * *', one('"1.5" as minute', minute, 'Mend the minute.')],
    ['? * * * *', one('"?" as minute', minute, 'Mend the minute.')],
    ['1H * * * *', one('"1H" as minute', minute, 'Mend the minute.')],
    ['H(0-70) * * * *', one('"H(0-70)" as minute', minute, 'Mend the minute.')],
    ['H/61 * * * *', one('"H/61" as minute', minute, 'Mend the minute.')],
    ['*/0 * * * *', one('"*/0" as minute', minute, 'A step is 1 or more.')],
    ['1,,2 * * * *', one('"" as minute', minute, 'Take away the comma that has nothing beside it.')],
    ['30-10 * * * *', one('"30-10" as minute', minute, backwards)],
    ['*/90 * * * *', one('"*/90" as minute', 'a step that fits into its range', step)],
    ['1-5/9 * * * *', one('"1-5/9" as minute', 'a step that fits into its range', step)],
    ['0 0 0 * *', one('"0" as day of the month', day, 'Mend the day of the month.')],
    [
      '0 0 L-2 * *',
      one('"L-2" as day of the month', day, '"L" stands alone; days before the last cannot be counted.'),
    ],
    [
      '0 0 15W * *',
      one(
        '"15W" as day of the month',
        day,
        'The nearest working day cannot be asked for: name the weekdays, such as 1-5.',
      ),
    ],
    ['0 0 1 january *', one('"january" as month', month, 'Write a name with its first three letters.')],
    ['0 0 * * 8', one('"8" as weekday', weekday, 'Mend the weekday.')],
    ['0 0 * * 8L', one('"8L" as weekday', weekday, 'Mend the weekday.')],
    ['0 0 * * 1#6', one('"1#6" as weekday', weekday, 'Mend the weekday.')],
    ['0 0 * * *#2', one('"*#2" as weekday', weekday, 'Mend the weekday.')],
    ['0 0 * * fri-sun', one('"fri-sun" as weekday', weekday, backwards)],
    ['0 0 30 2 *', one('"0 0 30 2 *"', 'a date that exists', noDate)],
    ['0 0 31 feb,4,6,9,11 *', one('"0 0 31 feb,4,6,9,11 *"', 'a date that exists', noDate)],
  ])('%s', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('with all its problems at once', () => {
    expect(problemsOf('61 24,25 0 13 8').map(({ got }) => got)).toEqual([
      '"61" as minute',
      '"24" as hour',
      '"25" as hour',
      '"0" as day of the month',
      '"13" as month',
      '"8" as weekday',
    ]);
  });
});
