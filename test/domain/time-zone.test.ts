import { describe, expect, it, test } from 'vitest';
import { problemText } from '../../lib/domain/problem.ts';
import { isTimeZone, timeZone } from '../../lib/domain/time-zone.ts';
import { zoneProblems } from '../../lib/domain/zone-problem.ts';

describe('A time zone', () => {
  test.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Etc/GMT-2'])(
    'may be %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
      expect(zoneProblems(name)).toEqual([]);
    },
  );

  const offset = 'An offset knows no daylight saving: name a place instead.';
  test.each([
    ['+02:00', offset],
    ['UTC+2', offset],
    ['-0500', offset],
    ['paris', 'Did you mean "Europe/Paris"?'],
    ['New York', 'Did you mean "America/New_York"?'],
    ['Europe/Pris', 'Did you mean "Europe/Paris"?'],
    ['', 'Write it as continent/city.'],
    ['Mars/Olympus', 'Write it as continent/city.'],
  ])('may not be %j', (name, cure) => {
    expect(isTimeZone(name)).toBe(false);
    expect(zoneProblems(name).map(problemText)).toEqual([
      `timezone: got ${JSON.stringify(name)}, wanted the name of a time zone, such as "Europe/Paris" or "UTC". ${cure}`,
    ]);
  });

  it('stays right when more days were asked for than it remembers', () => {
    const zone = timeZone('Europe/Paris');
    const day = Date.UTC(2027, 2, 28) / 86_400_000;
    const [before, after] = zone.stretchesOf(day);
    expect([before?.offset, after?.offset, after?.start]).toEqual([
      3_600_000,
      7_200_000,
      Date.UTC(2027, 2, 28, 1),
    ]);
    for (let other = 0; other < 5000; other++) zone.stretchesOf(other);
    expect(zone.stretchesOf(day)).toEqual([before, after]);
  });
});
