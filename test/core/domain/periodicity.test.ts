// cspell:ignore hourli
import { describe, expect, it, test } from 'vitest';
import { attempt } from '../../../lib/core/domain/errors.ts';
import {
  FIELDS,
  type Field,
  fieldTexts,
  itemProblem,
  stepProblem,
  unreachableProblem,
} from '../../../lib/core/domain/periodicity.ts';

const problemOf = (text: string) => attempt(() => fieldTexts(text)).problems[0];
const containing = (text: string) => expect.stringContaining(text);

const FEW_FIELDS = ['5', '* * * *', 'never', 'hourly', 'Weekly'];
const MANY_FIELDS = ['0 * * * * *', '0 3 * * * run this'];
const NICKNAMES = ['@reboot', '@secondly', '@Daily', '@hourli', '@toString'];
const LONG = `0${',0'.repeat(600)} * * * *`;

describe('fieldTexts', () => {
  it('fieldTexts expands a nickname to its five fields', () => {
    expect(fieldTexts(' @weekly ')).toEqual({ minute: '0', hour: '0', day: '*', month: '*', weekday: '0' });
  });

  test.each<[string, unknown, unknown]>([
    ['', 'nothing', 'Write "* * * * *" for every minute, or "0 3 * * *" for every day at three.'],
    ['5', '1 field, "5"', 'Add the missing fields; "*" means every value.'],
    ['hourly', containing('"hourly"'), 'Did you mean "@hourly"?'],
    [
      '0 * * * * *',
      containing('"0 * * * * *"'),
      'Leave only five: there is no field for seconds (runs are planned to the minute), years or users.',
    ],
    ['0 3 * * * run this', containing('"0 3 * * * run this"'), 'Leave only the first five.'],
    [
      '@reboot',
      '"@reboot"',
      'No machine boots here: choose a time, and start the cron by hand if it should run at once.',
    ],
    ['@secondly', '"@secondly"', 'Runs are planned to the minute: write "* * * * *" for every minute.'],
    ['@toString', '"@toString"', 'Choose one of these, in lower case, or write five fields.'],
  ])('fieldTexts rejects %j', (text, got, fix) => {
    expect(problemOf(text)).toMatchObject({ where: 'periodicity', got, fix });
  });

  it('fieldTexts rejects a periodicity with more than 1024 characters', () => {
    expect(problemOf(LONG)).toMatchObject({
      where: 'periodicity',
      got: '1209 characters',
      fix: 'Write at most 1024.',
    });
  });

  test.each([
    [' \n ', ''],
    ['* * * *', '5'],
    ['never', '5'],
  ])('fieldTexts rejects %j with the instruction for %j', (text, other) => {
    expect(problemOf(text)).toMatchObject({ where: 'periodicity', fix: problemOf(other)?.fix });
  });

  test.each([
    ['Weekly', '@weekly'],
    ['@Daily', '@daily'],
    ['@hourli', '@hourly'],
  ])('fieldTexts rejects %j and suggests %s', (text, suggestion) => {
    expect(problemOf(text)).toMatchObject({ where: 'periodicity', fix: containing(`"${suggestion}"`) });
  });

  it.each([
    ['5', 1],
    ['* * * *', 4],
    ['0 * * * * *', 6],
    ['0 3 * * * run this', 7],
  ])('The problem of %j gives the number of its fields, %i', (text, count) => {
    expect(problemOf(text)?.got.match(/^\d+/)?.map(Number)).toEqual([count]);
  });

  it('The problem of a nickname lists all nicknames, and any other lists the five fields', () => {
    for (const text of ['', ' \n ', ...FEW_FIELDS, ...MANY_FIELDS, LONG]) {
      expect(problemOf(text)?.wanted).toBe(
        'five fields (minute, hour, day of the month, month, weekday), or a nickname such as "@daily"',
      );
    }
    for (const nickname of NICKNAMES) {
      expect(problemOf(nickname)?.wanted).toBe(
        'one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or five fields',
      );
    }
  });
});

describe('itemProblem', () => {
  it('A problem names the item, the field and what the field takes', () => {
    expect(itemProblem(FIELDS.minute, '60')).toEqual({
      where: 'periodicity',
      got: '"60" as minute',
      wanted: FIELDS.minute.wanted,
      fix: 'Correct the minute.',
    });
  });

  it('Every field describes the items that it takes', () => {
    const forms = 'a range, a list, "*", "H", or steps such as "*/2"';
    expect(Object.values(FIELDS).map(({ name, wanted }) => [name, wanted])).toEqual([
      ['minute', `0 to 59, ${forms}`],
      ['hour', `0 to 23, ${forms}`],
      ['day of the month', `1 to 31, "L" for the last day, ${forms}`],
      ['month', `1 to 12 or jan to dec, ${forms}`],
      [
        'weekday',
        `0 (Sunday) to 7 or sun to sat, "5L" for the last Friday, "1#2" for the second Monday, ${forms}`,
      ],
    ]);
  });

  const backwards: [Field, string] = [FIELDS.minute, '30-10'];

  test.each<[string, Field, string]>([
    ['', FIELDS.minute, 'Remove the comma that has nothing beside it.'],
    ['*/0', FIELDS.minute, 'A step is 1 or more.'],
    ['january', FIELDS.month, 'Write a name with its first three letters.'],
    ['L-2', FIELDS.day, 'Write "L" alone: days before the last are not supported.'],
    ['15W', FIELDS.day, 'The nearest working day is not supported: name the weekdays, such as 1-5.'],
    [
      '30-10',
      FIELDS.minute,
      'A range goes upwards: write two with a comma between, such as "22-23,0-2" for hours.',
    ],
  ])('The item %j has an instruction of its own', (item, field, fix) => {
    expect(itemProblem(field, item).fix).toBe(fix);
  });

  it('A range of weekdays that goes backwards has the instruction of other such ranges', () => {
    expect(itemProblem(FIELDS.weekday, 'fri-sun').fix).toBe(itemProblem(...backwards).fix);
  });

  test.each<[string, Field]>([
    ['-5', FIELDS.minute],
    ['1.5', FIELDS.minute],
    ['?', FIELDS.minute],
    ['1H', FIELDS.minute],
    ['H(0-70)', FIELDS.minute],
    ['H/61', FIELDS.minute],
    ['0', FIELDS.day],
    ['8', FIELDS.weekday],
    ['8L', FIELDS.weekday],
    ['1#6', FIELDS.weekday],
    ['*#2', FIELDS.weekday],
  ])('The item %j has the general instruction of its field', (item, field) => {
    expect(itemProblem(field, item).fix).toBe(itemProblem(field, '99').fix);
  });
});

describe('problems of a whole field or date', () => {
  it('stepProblem says that the step is wider than its range', () => {
    expect(stepProblem(FIELDS.minute, '*/90')).toEqual({
      where: 'periodicity',
      got: '"*/90" as minute',
      wanted: 'a step that fits into its range',
      fix: 'Steps start again with each range, so this one has no effect: write the minute itself.',
    });
  });

  it('unreachableProblem says that the date never comes', () => {
    expect(unreachableProblem('0 0 30 2 *')).toEqual({
      where: 'periodicity',
      got: '"0 0 30 2 *"',
      wanted: 'a date that exists',
      fix: 'This date never occurs: choose a day that its months have; "L" is the last day of any month.',
    });
  });
});
