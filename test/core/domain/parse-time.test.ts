import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidError } from '../../../lib/core/domain/errors.ts';
import { parseExpression } from '../../../lib/core/domain/expression.ts';
import { nextRun } from '../../../lib/core/domain/next-run.ts';
import { parseTime } from '../../../lib/core/domain/parse-time.ts';

/** A Saturday, 23:30 in Paris. */
const NOW = Date.parse('2027-03-27T22:30:00Z');
const BASE = Date.parse('2027-01-01T00:00:00Z');

function moment(text: string, timezone = 'Europe/Paris', now = NOW): string {
  return new Date(parseTime(text, { option: '--to', now, base: BASE, timezone })).toISOString();
}

describe('parseTime', () => {
  it.each([
    ['now', '2027-03-27T22:30:00.000Z'],
    ['today', '2027-03-26T23:00:00.000Z'],
    ['tomorrow', '2027-03-27T23:00:00.000Z'],
    ['yesterday', '2027-03-25T23:00:00.000Z'],
    ['yesterday 02:30', '2027-03-26T01:30:00.000Z'],
    ['today 02:30:15', '2027-03-27T01:30:15.000Z'],
    ['tomorrow 12:00', '2027-03-28T10:00:00.000Z'],
    ['02:30', '2027-03-27T01:30:00.000Z'],
    ['23:59', '2027-03-27T22:59:00.000Z'],
    [' 23:59 ', '2027-03-27T22:59:00.000Z'],
    ['2027-07-01 08:15', '2027-07-01T06:15:00.000Z'],
    ['+90m', '2027-01-01T01:30:00.000Z'],
    ['+12h', '2027-01-01T12:00:00.000Z'],
    ['+7d', '2027-01-08T00:00:00.000Z'],
    ['-1w', '2026-12-25T00:00:00.000Z'],
    ['2027-07-01', '2027-06-30T22:00:00.000Z'],
    ['2027-07-01T08:15', '2027-07-01T06:15:00.000Z'],
    ['2027-07-01T08:15:30', '2027-07-01T06:15:30.000Z'],
    ['2027-07-01T08:15:30.250Z', '2027-07-01T08:15:30.250Z'],
    ['2027-07-01T08:15Z', '2027-07-01T08:15:00.000Z'],
    ['2027-07-01T08:15:00+05:30', '2027-07-01T02:45:00.000Z'],
    ['2028-02-29', '2028-02-28T23:00:00.000Z'],
  ])('parseTime reads %s as %s', (text, expected) => {
    expect(moment(text)).toBe(expected);
  });

  it('parseTime reads a time without a zone in the time zone of the crontab, also on the day of a clock change', () => {
    expect(moment('2027-03-28T01:59')).toBe('2027-03-28T00:59:00.000Z');
    expect(moment('2027-03-28T03:00')).toBe('2027-03-28T01:00:00.000Z');
    expect(moment('2027-03-28T04:00', 'UTC')).toBe('2027-03-28T04:00:00.000Z');
    expect(moment('2027-03-28T00:00', 'Pacific/Kiritimati')).toBe('2027-03-27T10:00:00.000Z');
    expect(moment('2027-03-28T23:59', 'Pacific/Niue')).toBe('2027-03-29T10:59:00.000Z');
  });

  it('A local time that a clock change skips is the first instant after it', () => {
    expect(moment('2027-03-28T02:00')).toBe('2027-03-28T01:00:00.000Z');
    expect(moment('tomorrow 02:30')).toBe('2027-03-28T01:00:00.000Z');
    expect(moment('2027-10-03T02:15', 'Australia/Lord_Howe')).toBe('2027-10-02T15:30:00.000Z');
    // Samoa skipped the whole day.
    expect(moment('2011-12-30T12:00', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z');
  });

  it('A local time that a clock change repeats is the first of the two', () => {
    expect(moment('2027-10-31T02:30')).toBe('2027-10-31T00:30:00.000Z');
    const monday = Date.parse('2027-11-01T09:00:00Z');
    expect(moment('yesterday 02:30', 'Europe/Paris', monday)).toBe('2027-10-31T00:30:00.000Z');
    expect(moment('2027-10-31T02:30+01:00')).toBe('2027-10-31T01:30:00.000Z');
  });

  it('The day that is named is that of the zone, also shortly after a clock change at midnight', () => {
    const zone = 'America/Santiago';
    const justAfter = Date.parse('2027-09-05T04:10:00Z');
    expect(moment('today', zone, justAfter)).toBe('2027-09-05T04:00:00.000Z');
    expect(moment('yesterday', zone, justAfter)).toBe('2027-09-04T04:00:00.000Z');
    expect(moment('tomorrow', zone, justAfter)).toBe('2027-09-06T03:00:00.000Z');
  });

  it('A local time is the planned time of a cron with that fixed time', () => {
    const zones = fc.constantFrom(
      'Europe/Paris',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Asia/Gaza',
      'UTC',
    );
    const days = fc.integer({ min: 0, max: 9_000 });
    fc.assert(
      fc.property(zones, days, fc.nat(23), fc.nat(59), (timezone, day, hour, minute) => {
        const date = new Date(Date.UTC(2005, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
        const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
        const dayAndMonth = `${Number(date.slice(8))} ${Number(date.slice(5, 7))}`;
        const expression = parseExpression(`${minute} ${hour} ${dayAndMonth} *`, 'a');
        const from = Date.parse(`${date}T00:00Z`) - 2 * 86_400_000;
        expect(moment(`${date} ${time}`, timezone)).toBe(
          new Date(nextRun(expression, timezone, from) ?? Number.NaN).toISOString(),
        );
      }),
    );
  });

  it.each([
    '',
    '7d',
    '+7x',
    '2027',
    '2027-02-30',
    '2027-13-01',
    '2027-01-01T25:00',
    '25:00',
    'yesterday 24:01',
    'now 02:30',
    '2:30',
  ])('parseTime rejects "%s"', (text) => {
    expect(() => moment(text)).toThrow(
      expect.objectContaining({
        name: 'InvalidError',
        problems: [expect.objectContaining({ where: '--to', got: `"${text}"` })],
      }),
    );
  });

  it('parseTime explains which texts it accepts, with examples in the time zone of the crontab', () => {
    expect(() => moment('soon')).toThrow(
      new InvalidError([
        {
          where: '--to',
          got: '"soon"',
          wanted:
            '"now", "02:30", "yesterday 02:30", "today" or "tomorrow", an offset such as "-24h" or "+7d", or a date or time',
          fix: 'Write 2027-03-28 or 2027-03-28T02:30 (Europe/Paris), or 2027-03-28T00:30:00Z.',
        },
      ]),
    );
  });
});
