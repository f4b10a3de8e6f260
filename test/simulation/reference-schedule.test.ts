/** The oracle's reference implementation of periodicities. */
import { describe, expect, it } from 'vitest';
import { isOccurrence, nextOccurrence } from './reference-schedule.ts';

describe('nextOccurrence of the oracle', () => {
  it.each([
    ['runs every five minutes', '*/5 * * * *', 'UTC', '2026-03-02T12:00:00Z', '2026-03-02T12:05:00Z'],
    [
      'runs a fixed time in a gap right after the gap',
      '30 2 * * *',
      'Europe/Paris',
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'runs a fixed time that occurs twice once',
      '30 2 * * *',
      'Europe/Paris',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ],
    [
      'runs a wildcard in both passes of a repeated hour',
      '30 * * * *',
      'Europe/Paris',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
    ],
    [
      'handles a clock change of half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:30:00Z',
    ],
    [
      'runs on the last day of the month',
      '59 23 L * *',
      'UTC',
      '2026-02-03T00:00:00Z',
      '2026-02-28T23:59:00Z',
    ],
    [
      'runs when either the day or the weekday matches',
      '0 12 13 * 5',
      'UTC',
      '2026-03-09T00:00:00Z',
      '2026-03-13T12:00:00Z',
    ],
    ['accepts 7 as Sunday', '30 2 * * 7', 'UTC', '2026-03-02T00:00:00Z', '2026-03-08T02:30:00Z'],
    ['runs once a year', '@yearly', 'UTC', '2026-03-02T12:00:00Z', '2027-01-01T00:00:00Z'],
    ['evaluates a nickname', '@daily', 'Asia/Kolkata', '2026-03-02T12:00:00Z', '2026-03-02T18:30:00Z'],
  ])('The reference schedule %s', (_, periodicity, timezone, after, expected) => {
    const next = nextOccurrence({ periodicity, timezone }, Date.parse(after));
    expect(next && new Date(next).toISOString()).toBe(expected.replace('Z', '.000Z'));
    expect(isOccurrence({ periodicity, timezone }, Date.parse(expected))).toBe(true);
    expect(isOccurrence({ periodicity, timezone }, Date.parse(expected) - 60_000 * 7)).toBe(false);
  });

  it('The reference schedule has no occurrence when none comes within 400 days', () => {
    expect(nextOccurrence({ periodicity: '0 0 31 2 *', timezone: 'UTC' }, 0)).toBeUndefined();
  });
});
