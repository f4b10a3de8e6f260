import { expect, it } from 'vitest';
import { clockText, localTime, weekdayTime } from '../../../lib/app/operations/local-time.ts';

it.each([
  ['2026-11-26T08:00:00Z', 'Europe/Berlin', '2026-11-26 09:00 CET'],
  ['2026-07-26T08:00:07Z', 'Europe/Berlin', '2026-07-26 10:00:07 CEST'],
  ['2026-11-26T00:00:00Z', 'America/New_York', '2026-11-25 19:00 EST'],
  ['2026-11-26T00:00:00Z', 'Australia/Sydney', '2026-11-26 11:00 AEDT'],
  ['2026-11-26T00:00:00Z', 'Asia/Tokyo', '2026-11-26 09:00 GMT+9'],
  ['2026-11-26T00:00:00Z', 'Europe/London', '2026-11-26 00:00 GMT'],
  ['2026-11-26T00:00:00Z', 'UTC', '2026-11-26 00:00 UTC'],
])('The time %s in %s is shown as %s', (time, timezone, text) => {
  expect(localTime(Date.parse(time), timezone)).toBe(text);
});

it('A time with its day of the week says which day it is in that zone', () => {
  expect(weekdayTime(Date.parse('2026-11-26T00:00:00Z'), 'America/New_York')).toBe(
    'Wed 25 Nov 2026 19:00 EST',
  );
});

it.each([
  ['2026-03-02T23:59:00Z', 'UTC', '23:59 UTC'],
  ['2026-03-02T23:00:00Z', 'Europe/Paris', 'Tue 3 Mar 00:00 CET'],
  ['2026-12-31T00:00:00Z', 'UTC', 'Thu 31 Dec 00:00 UTC'],
  ['2027-01-01T00:00:00Z', 'UTC', 'Fri 1 Jan 2027 00:00 UTC'],
  ['2026-03-02T00:30:00Z', 'Asia/Kolkata', '06:00 GMT+5:30'],
])('The clock time of %s in %s on 2 March 2026 is written as "%s"', (time, timezone, text) => {
  const now = Date.parse('2026-03-02T12:00:00Z');
  expect(clockText(Date.parse(time), { now, timezone })).toBe(text);
});
