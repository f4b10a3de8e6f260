import { describe, expect, it, test } from 'vitest';
import { parseExpression } from '../../lib/domain/expression.ts';
import { nextRun } from '../../lib/domain/next-run.ts';

function runs(periodicity: string, timezone: string, after: string, count: number): string[] {
  const expression = parseExpression(periodicity, 'uid');
  const times: string[] = [];
  let time: number | undefined = Date.parse(after);
  while (times.length < count) {
    time = nextRun(expression, timezone, time);
    if (time === undefined) return [...times, 'never'];
    times.push(new Date(time).toISOString().replace(':00.000Z', ''));
  }
  return times;
}

describe('A cron runs next', () => {
  const cases: [periodicity: string, after: string, expected: string[]][] = [
    ['* * * * *', '2030-01-01T00:00:00Z', ['2030-01-01T00:01', '2030-01-01T00:02']],
    ['* * * * *', '2030-01-01T00:00:00.001Z', ['2030-01-01T00:01']],
    ['* * * * *', '2030-01-01T00:00:59.999Z', ['2030-01-01T00:01']],
    ['*/20 * * * *', '2030-01-01T00:39:00Z', ['2030-01-01T00:40', '2030-01-01T01:00']],
    ['5/20 3 * * *', '2030-01-01T00:00:00Z', ['2030-01-01T03:05', '2030-01-01T03:25', '2030-01-01T03:45']],
    ['0 3 * * *', '2030-01-01T03:00:00Z', ['2030-01-02T03:00']],
    ['0 3 * * *', '2030-01-01T02:59:59.999Z', ['2030-01-01T03:00']],
    ['15,45 8-9 * * *', '2030-01-01T08:30:00Z', ['2030-01-01T08:45', '2030-01-01T09:15']],
    ['0 0 31 * *', '2030-01-31T00:00:00Z', ['2030-03-31T00:00', '2030-05-31T00:00']],
    ['0 0 30 * *', '2030-01-30T00:00:00Z', ['2030-03-30T00:00']],
    ['59 23 31 12 *', '2030-01-01T00:00:00Z', ['2030-12-31T23:59', '2031-12-31T23:59']],
    ['0 0 29 2 *', '2030-01-01T00:00:00Z', ['2032-02-29T00:00', '2036-02-29T00:00']],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', ['2104-02-29T00:00']],
    ['0 0 */28 2 1', '2030-01-01T00:00:00Z', ['2038-02-01T00:00', '2044-02-01T00:00', '2044-02-29T00:00']],
    ['0 0 * 2 1#5', '2045-01-01T00:00:00Z', ['2072-02-29T00:00', '2112-02-29T00:00']],
    ['0 0 L * *', '2032-01-01T00:00:00Z', ['2032-01-31T00:00', '2032-02-29T00:00', '2032-03-31T00:00']],
    ['0 0 15,L 2 *', '2030-01-01T00:00:00Z', ['2030-02-15T00:00', '2030-02-28T00:00']],
    ['0 0 * * 5L', '2030-01-01T00:00:00Z', ['2030-01-25T00:00', '2030-02-22T00:00', '2030-03-29T00:00']],
    ['0 0 * * sunL', '2030-01-01T00:00:00Z', ['2030-01-27T00:00']],
    ['0 0 * * 1#2', '2030-01-01T00:00:00Z', ['2030-01-14T00:00', '2030-02-11T00:00']],
    [
      '0 0 * * mon#1,wed#3',
      '2030-01-01T00:00:00Z',
      ['2030-01-07T00:00', '2030-01-16T00:00', '2030-02-04T00:00'],
    ],
    ['0 0 13 * fri', '2030-09-01T00:00:00Z', ['2030-09-06T00:00', '2030-09-13T00:00', '2030-09-20T00:00']],
    ['0 0 10 * 1-2', '2030-01-02T00:00:00Z', ['2030-01-07T00:00', '2030-01-08T00:00', '2030-01-10T00:00']],
    ['0 0 L * mon', '2030-01-22T00:00:00Z', ['2030-01-28T00:00', '2030-01-31T00:00', '2030-02-04T00:00']],
    ['0 0 */2 * mon', '2030-01-01T00:00:00Z', ['2030-01-07T00:00', '2030-01-21T00:00', '2030-02-11T00:00']],
    ['0 0 1 * */2', '2030-01-01T00:00:00Z', ['2030-06-01T00:00', '2030-08-01T00:00']],
    ['0 0 ? * 7', '2030-01-01T00:00:00Z', ['2030-01-06T00:00', '2030-01-13T00:00']],
    ['@yearly', '2030-01-01T00:00:00Z', ['2031-01-01T00:00']],
    ['@annually', '2030-01-01T00:00:00Z', ['2031-01-01T00:00']],
    ['@monthly', '2030-01-01T00:00:00Z', ['2030-02-01T00:00']],
    ['@weekly', '2030-01-01T00:00:00Z', ['2030-01-06T00:00']],
    ['@daily', '2030-01-01T00:00:00Z', ['2030-01-02T00:00']],
    ['@midnight', '2030-01-01T00:00:00Z', ['2030-01-02T00:00']],
    ['@hourly', '2030-01-01T00:00:00Z', ['2030-01-01T01:00']],
    ['* * * * *', '1969-12-31T23:58:30Z', ['1969-12-31T23:59', '1970-01-01T00:00']],
    ['0 0 * * mon', '1969-12-01T12:00:00Z', ['1969-12-08T00:00']],
  ];
  test.each(cases)('%s after %s', (periodicity, after, expected) => {
    expect(runs(periodicity, 'UTC', after, expected.length)).toEqual(expected);
  });
});

describe('Where the clock changes', () => {
  const cases: [zone: string, what: string, periodicity: string, after: string, expected: string[]][] = [
    [
      'Europe/Paris',
      'a skipped time runs right after the gap',
      '30 2 * * *',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:30'],
    ],
    [
      'Europe/Paris',
      'the first skipped minute runs right after the gap',
      '0 2 * * *',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:00'],
    ],
    [
      'Europe/Paris',
      'the time right after the gap is itself',
      '0 3 * * *',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00', '2027-03-29T01:00'],
    ],
    [
      'Europe/Paris',
      'several skipped times are one run',
      '0,20,40 2,3 * * *',
      '2027-03-28T00:00:00Z',
      ['2027-03-28T01:00', '2027-03-28T01:20', '2027-03-28T01:40'],
    ],
    [
      'Europe/Paris',
      'a wildcard skips what the clock skips',
      '*/30 * * * *',
      '2027-03-28T00:10:00Z',
      ['2027-03-28T00:30', '2027-03-28T01:00'],
    ],
    [
      'Europe/Paris',
      'a wildcard minute of a skipped hour does not run',
      '*/30 2 * * *',
      '2027-03-27T12:00:00Z',
      ['2027-03-29T00:00', '2027-03-29T00:30'],
    ],
    [
      'Europe/Paris',
      'of two equal times the first counts',
      '30 2 * * *',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:30', '2027-11-01T01:30'],
    ],
    [
      'Europe/Paris',
      'between two equal times nothing is left',
      '30 2 * * *',
      '2027-10-31T00:45:00Z',
      ['2027-11-01T01:30'],
    ],
    [
      'Europe/Paris',
      'after both, nothing is left',
      '30 2 * * *',
      '2027-10-31T01:45:00Z',
      ['2027-11-01T01:30'],
    ],
    [
      'Europe/Paris',
      'a time after the repeated hour is as ever',
      '0 3 * * *',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T02:00', '2027-11-01T02:00'],
    ],
    [
      'Europe/Paris',
      'a wildcard runs in both passes',
      '30 * * * *',
      '2027-10-30T23:40:00Z',
      ['2027-10-31T00:30', '2027-10-31T01:30', '2027-10-31T02:30'],
    ],
    [
      'Europe/Paris',
      'a wildcard minute runs in both passes',
      '*/30 2 * * *',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:00', '2027-10-31T00:30', '2027-10-31T01:00', '2027-10-31T01:30', '2027-11-01T01:00'],
    ],
    [
      'America/New_York',
      'a skipped time runs right after the gap',
      '30 2 * * *',
      '2027-03-13T12:00:00Z',
      ['2027-03-14T07:00', '2027-03-15T06:30'],
    ],
    [
      'America/New_York',
      'a wildcard skips what the clock skips',
      '15 * * * *',
      '2027-03-14T06:00:00Z',
      ['2027-03-14T06:15', '2027-03-14T07:15'],
    ],
    [
      'America/New_York',
      'of two equal times the first counts',
      '30 1 * * *',
      '2027-11-06T12:00:00Z',
      ['2027-11-07T05:30', '2027-11-08T06:30'],
    ],
    [
      'America/New_York',
      'a wildcard runs in both passes',
      '30 * * * *',
      '2027-11-07T05:00:00Z',
      ['2027-11-07T05:30', '2027-11-07T06:30', '2027-11-07T07:30'],
    ],
    [
      'Australia/Lord_Howe',
      'half an hour is skipped',
      '15 2 * * *',
      '2027-10-02T10:00:00Z',
      ['2027-10-02T15:30', '2027-10-03T15:15'],
    ],
    [
      'Australia/Lord_Howe',
      'a wildcard skips half an hour',
      '*/15 * * * *',
      '2027-10-02T15:10:00Z',
      ['2027-10-02T15:15', '2027-10-02T15:30', '2027-10-02T15:45'],
    ],
    [
      'Australia/Lord_Howe',
      'half an hour is repeated',
      '45 1 * * *',
      '2027-04-03T10:00:00Z',
      ['2027-04-03T14:45', '2027-04-04T15:15'],
    ],
    [
      'Australia/Lord_Howe',
      'a wildcard runs in both passes',
      '45 * * * *',
      '2027-04-03T14:00:00Z',
      ['2027-04-03T14:45', '2027-04-03T15:15', '2027-04-03T16:15'],
    ],
    [
      'America/Santiago',
      'midnight is skipped',
      '@daily',
      '2027-09-04T12:00:00Z',
      ['2027-09-05T04:00', '2027-09-06T03:00'],
    ],
    [
      'America/Santiago',
      'the hour before midnight is repeated',
      '30 23 * * *',
      '2027-04-03T12:00:00Z',
      ['2027-04-04T02:30', '2027-04-05T03:30'],
    ],
    [
      'America/Santiago',
      'midnight after a repeated hour comes once',
      '@daily',
      '2027-04-03T12:00:00Z',
      ['2027-04-04T04:00', '2027-04-05T04:00'],
    ],
    [
      'Pacific/Chatham',
      'a zone of three quarters of an hour skips',
      '0 3 * * *',
      '2027-09-25T00:00:00Z',
      ['2027-09-25T14:00', '2027-09-26T13:15'],
    ],
    [
      'Pacific/Apia',
      'a skipped day is one run',
      '0 8,20 * * *',
      '2011-12-29T12:00:00Z',
      ['2011-12-29T18:00', '2011-12-30T06:00', '2011-12-30T10:00', '2011-12-30T18:00'],
    ],
    [
      'Pacific/Apia',
      'a wildcard never sees a skipped day',
      '0 */12 * * *',
      '2011-12-29T12:00:00Z',
      ['2011-12-29T22:00', '2011-12-30T10:00', '2011-12-30T22:00'],
    ],
    [
      'Pacific/Apia',
      'a skipped date runs right after it',
      '0 12 30 12 *',
      '2011-01-01T00:00:00Z',
      ['2011-12-30T10:00', '2012-12-29T22:00'],
    ],
    [
      'Pacific/Kwajalein',
      'a repeated day runs once',
      '0 12 * * *',
      '1969-09-30T00:00:00Z',
      ['1969-09-30T01:00', '1969-10-02T00:00'],
    ],
    [
      'America/St_Johns',
      'a date that comes twice runs once',
      '30 23 * * *',
      '2010-11-06T12:00:00Z',
      ['2010-11-07T02:00', '2010-11-08T03:00'],
    ],
    [
      'America/St_Johns',
      'midnight comes twice and counts once',
      '0 0 * * *',
      '2010-11-06T12:00:00Z',
      ['2010-11-07T02:30', '2010-11-08T03:30'],
    ],
    [
      'Asia/Kathmandu',
      'an odd offset is kept',
      '0 0 * * *',
      '2027-01-01T00:00:00Z',
      ['2027-01-01T18:15', '2027-01-02T18:15'],
    ],
    [
      'Europe/Paris',
      'odd seconds of local mean time are rounded',
      '0 0 * * *',
      '1900-01-01T12:00:00Z',
      ['1900-01-01T23:51'],
    ],
  ];
  test.each(cases)('in %s, %s: %s', (zone, _, periodicity, after, expected) => {
    expect(runs(periodicity, zone, after, expected.length)).toEqual(expected);
  });
});

describe('The search ends', () => {
  it('for a time that is not a number or too far away', () => {
    const daily = parseExpression('@daily', 'uid');
    for (const after of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15, -8.64e15]) {
      expect(nextRun(daily, 'Europe/Paris', after)).toBeUndefined();
    }
  });

  it('for dates that were made by hand and never come', () => {
    const daily = parseExpression('@daily', 'uid');
    const never = { ...daily, dates: { ...daily.dates, months: new Set([2]), days: new Set([30]) } };
    expect(nextRun(never, 'UTC', 0)).toBeUndefined();
  });

  it('with an error for a zone that does not exist', () => {
    expect(() => nextRun(parseExpression('@daily', 'uid'), 'Mars/Base', 0)).toThrow(RangeError);
  });
});
