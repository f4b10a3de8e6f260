import { describe, expect, it } from 'vitest';
import { InvalidError } from '../../../lib/core/domain/errors.ts';
import { parseTime } from '../../../lib/surfaces/cli/parse-time.ts';

/** A Saturday, 23:30 in Paris. */
const NOW = Date.parse('2027-03-27T22:30:00Z');
const BASE = Date.parse('2027-01-01T00:00:00Z');

function moment(text: string, timezone = 'Europe/Paris'): string {
  return new Date(parseTime(text, { option: '--to', now: NOW, base: BASE, timezone })).toISOString();
}

describe('parseTime', () => {
  it.each([
    ['now', '2027-03-27T22:30:00.000Z'],
    ['today', '2027-03-26T23:00:00.000Z'],
    ['tomorrow', '2027-03-27T23:00:00.000Z'],
    ['+90m', '2027-01-01T01:30:00.000Z'],
    ['+12h', '2027-01-01T12:00:00.000Z'],
    ['+7d', '2027-01-08T00:00:00.000Z'],
    ['-1w', '2026-12-25T00:00:00.000Z'],
    ['2027-07-01', '2027-06-30T22:00:00.000Z'],
    ['2027-07-01T08:15', '2027-07-01T06:15:00.000Z'],
    ['2027-07-01T08:15:30', '2027-07-01T06:15:30.000Z'],
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
  });

  it.each(['', '7d', '+7x', '2027', '2027-02-30', '2027-13-01', '2027-01-01T25:00', '2027-01-01 08:00'])(
    'parseTime rejects "%s"',
    (text) => {
      expect(() => moment(text)).toThrow(
        expect.objectContaining({
          name: 'InvalidError',
          problems: [expect.objectContaining({ where: '--to', got: `"${text}"` })],
        }),
      );
    },
  );

  it('parseTime explains which texts it accepts, with examples in the time zone of the crontab', () => {
    expect(() => moment('soon')).toThrow(
      new InvalidError([
        {
          where: '--to',
          got: '"soon"',
          wanted: '"now", "today", "tomorrow", an offset such as "+12h" or "+7d", or a date or time',
          fix: 'Write 2027-03-28 or 2027-03-28T02:30 (Europe/Paris), or 2027-03-28T00:30:00Z.',
        },
      ]),
    );
  });
});
