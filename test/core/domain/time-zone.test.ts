// cspell:ignore Pris
import { describe, expect, it, test } from 'vitest';
import { isTimeZone, timeZone } from '../../../lib/core/domain/time-zone.ts';
import { timeZoneProblems } from '../../../lib/core/domain/time-zone-problems.ts';

describe('timeZoneProblems', () => {
  test.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Etc/GMT-2'])(
    '%s is a time zone',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
      expect(timeZoneProblems(name)).toEqual([]);
    },
  );

  const isOffset = 'An offset has no daylight saving time: name a place instead.';
  const isUnknown = 'Write it as continent/city.';
  const fixOf = (name: string) => timeZoneProblems(name)[0]?.fix;

  test.each([
    ['+02:00', isOffset],
    ['paris', 'Did you mean "Europe/Paris"?'],
    ['', isUnknown],
  ])('%j is not a time zone, and the instruction is: %s', (name, fix) => {
    expect(isTimeZone(name)).toBe(false);
    expect(timeZoneProblems(name)).toMatchObject([{ where: 'timezone', got: JSON.stringify(name), fix }]);
  });

  test.each([
    ['UTC+2', '+02:00'],
    ['-0500', '+02:00'],
    ['Mars/Olympus', ''],
  ])('%j is not a time zone for the same reason as %j', (name, other) => {
    expect(isTimeZone(name)).toBe(false);
    expect(timeZoneProblems(name)).toMatchObject([
      { where: 'timezone', got: JSON.stringify(name), fix: fixOf(other) },
    ]);
  });

  test.each([
    ['New York', 'America/New_York'],
    ['Europe/Pris', 'Europe/Paris'],
    ['Pariss', 'Europe/Paris'],
  ])('%j is not a time zone, and the suggestion is %s', (name, suggestion) => {
    expect(isTimeZone(name)).toBe(false);
    expect(timeZoneProblems(name)).toMatchObject([{ where: 'timezone', got: JSON.stringify(name) }]);
    expect(fixOf(name)).toContain(`"${suggestion}"`);
  });

  it('A problem names two time zones as examples', () => {
    expect(timeZoneProblems('Mars/Olympus')[0]?.wanted).toBe(
      'the name of a time zone, such as "Europe/Paris" or "UTC"',
    );
  });
});

describe('timeZone', () => {
  it('The offsets of a day stay correct after the cache of days was cleared', () => {
    const zone = timeZone('Europe/Paris');
    const day = Date.UTC(2027, 2, 28) / 86_400_000;
    const [before, after] = zone.offsetPeriodsOf(day);
    expect([before?.offset, after?.offset, after?.start]).toEqual([
      3_600_000,
      7_200_000,
      Date.UTC(2027, 2, 28, 1),
    ]);
    for (let other = 0; other < 5000; other++) zone.offsetPeriodsOf(other);
    expect(zone.offsetPeriodsOf(day)).toEqual([before, after]);
  });
});
