// cspell:ignore hourli
import { describe, expect, it, test } from 'vitest';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { type Expression, parseExpression } from '../../../lib/core/domain/expression.ts';
import {
  FIELDS,
  type Field,
  fieldTexts,
  itemProblem,
  stepProblem,
  unreachableProblem,
} from '../../../lib/core/domain/periodicity.ts';

const problemsOf = (text: string) => attempt(() => parseExpression(text, 'uid')).problems;

function sets({ minutes, hours, dates }: Expression) {
  const { days, months, weekdays } = dates;
  return [minutes, hours, ...[days, months, weekdays].map((set) => [...set].sort((a, b) => a - b))].map(
    (values) => values.join(' '),
  );
}

describe('parseExpression', () => {
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
    ['0 0 1 apr,jul *', '0', '0', '1', '4 7', '0 1 2 3 4 5 6'],
    ['*/60 */24 */31 */12 */7', '0', '0', '1', '1', '0'],
    ['0 0 1 1 1/2', '0', '0', '1', '1', '0 1 3 5'],
    ['0 0 1 1 0,7', '0', '0', '1', '1', '0'],
    ['0 0 31 2 mon', '0', '0', '31', '2', '1'],
    ['0 0 30 2,3 ?', '0', '0', '30', '2 3', '0 1 2 3 4 5 6'],
  ];
  test.each(cases)('parseExpression expands %j to its values', (text, ...expected) => {
    expect(sets(parseExpression(text, 'uid'))).toEqual(expected);
  });

  it('parseExpression separates special days from plain days', () => {
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
  ])('%s has fixed times: %s', (text, fixed) => {
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
  ])('%s runs on dates that match either day field: %s', (text, either) => {
    expect(parseExpression(text, 'uid').dates.either).toBe(either);
  });
});

describe('H in a periodicity', () => {
  const uids = Array.from({ length: 500 }, (_, index) => `cron-${index}`);
  const spread = (text: string, values: (expression: Expression) => Iterable<number>) =>
    new Set(uids.flatMap((uid) => [...values(parseExpression(text, uid))]));

  it('H has the same values for the same uid', () => {
    expect(parseExpression('H H(2-4) H H H', 'a')).toEqual(parseExpression('H H(2-4) H H H', 'a'));
    expect(parseExpression('H H * * *', '')).toEqual(parseExpression('H H * * *', ''));
  });

  it('H takes every value of its field, depending on the uid', () => {
    expect(spread('H * * * *', ({ minutes }) => minutes).size).toBe(60);
    expect(spread('0 H * * *', ({ hours }) => hours).size).toBe(24);
    expect(spread('0 0 1 H *', ({ dates }) => dates.months).size).toBe(12);
    expect(spread('0 0 * * H', ({ dates }) => dates.weekdays).size).toBe(7);
  });

  it('H never falls on a day that some months lack', () => {
    expect([...spread('0 0 H * *', ({ dates }) => dates.days)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1),
    );
  });

  it('H falls on Sunday no more often than on another weekday', () => {
    const sundays = uids.filter((uid) => parseExpression('0 0 * * H', uid).dates.weekdays.has(0));
    expect(sundays.length).toBeLessThan(uids.length / 5);
  });

  it('H respects its range and its step', () => {
    expect([...spread('H(10-12) * * * *', ({ minutes }) => minutes)].sort()).toEqual([10, 11, 12]);
    const { minutes } = parseExpression('h/15 * * * *', 'uid');
    expect(minutes.length).toBe(4);
    expect(new Set(minutes.map((minute) => minute % 15)).size).toBe(1);
    expect(parseExpression('H(1-30)/30 * * * *', 'uid').minutes).toHaveLength(1);
  });
});

describe('parseExpression with an invalid periodicity', () => {
  test.each([
    '',
    ' \n ',
    '5',
    '* * * *',
    '0 * * * * *',
    '0 3 * * * run this',
    '@reboot',
    '@secondly',
    '@Daily',
    '@hourli',
    'hourly',
    'Weekly',
    'never',
    '@toString',
  ])('parseExpression rejects %j because it does not have five fields', (text) => {
    const { problems } = attempt(() => fieldTexts(text));
    expect(problems).toHaveLength(1);
    expect(problemsOf(text)).toEqual(problems);
  });

  it('parseExpression rejects a periodicity with more than 1024 characters', () => {
    const text = `0${',0'.repeat(600)} * * * *`;
    const { problems } = attempt(() => fieldTexts(text));
    expect(problems).toHaveLength(1);
    expect(problemsOf(text)).toEqual(problems);
  });

  test.each<[text: string, item: string, field: Field]>([
    ['60 * * * *', '60', FIELDS.minute],
    ['-5 * * * *', '-5', FIELDS.minute],
    ['1.5 * * * *', '1.5', FIELDS.minute],
    ['? * * * *', '?', FIELDS.minute],
    ['1H * * * *', '1H', FIELDS.minute],
    ['H(0-70) * * * *', 'H(0-70)', FIELDS.minute],
    ['H/61 * * * *', 'H/61', FIELDS.minute],
    ['*/0 * * * *', '*/0', FIELDS.minute],
    ['1,,2 * * * *', '', FIELDS.minute],
    ['30-10 * * * *', '30-10', FIELDS.minute],
    ['0 0 0 * *', '0', FIELDS.day],
    ['0 0 L-2 * *', 'L-2', FIELDS.day],
    ['0 0 15W * *', '15W', FIELDS.day],
    ['0 0 1 january *', 'january', FIELDS.month],
    ['0 0 * * 8', '8', FIELDS.weekday],
    ['0 0 * * 8L', '8L', FIELDS.weekday],
    ['0 0 * * 1#6', '1#6', FIELDS.weekday],
    ['0 0 * * *#2', '*#2', FIELDS.weekday],
    ['0 0 * * fri-sun', 'fri-sun', FIELDS.weekday],
  ])('parseExpression rejects %j because of the item %j', (text, item, field) => {
    expect(problemsOf(text)).toEqual([itemProblem(field, item)]);
  });

  test.each([
    ['*/90 * * * *', '*/90'],
    ['1-5/9 * * * *', '1-5/9'],
  ])('parseExpression rejects %j because the step of %j is wider than its range', (text, item) => {
    expect(problemsOf(text)).toEqual([stepProblem(FIELDS.minute, item)]);
  });

  test.each(['0 0 30 2 *', '0 0 31 feb,4,6,9,11 *'])(
    'parseExpression rejects %j because the date never comes',
    (text) => {
      expect(problemsOf(text)).toEqual([unreachableProblem(text)]);
    },
  );

  it('parseExpression reports the problems of all fields at once', () => {
    const { minute, hour, day, month, weekday } = FIELDS;
    expect(problemsOf('61 24,25 0 13 8')).toEqual([
      itemProblem(minute, '61'),
      itemProblem(hour, '24'),
      itemProblem(hour, '25'),
      itemProblem(day, '0'),
      itemProblem(month, '13'),
      itemProblem(weekday, '8'),
    ]);
  });
});
