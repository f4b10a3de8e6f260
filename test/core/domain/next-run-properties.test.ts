// cspell:ignore Kwajalein
import { Cron as Croner } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../lib/core/domain/expression.ts';
import { nextRun } from '../../../lib/core/domain/next-run.ts';
import { walkClock, walkedRuns } from '../../support/walked-runs.ts';

const HOUR = 3_600_000;

describe('nextRun for any periodicity', () => {
  const numbers = (least: number, most: number, widest = most - least + 1) => {
    const number = fc.integer({ min: least, max: most });
    const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const list = fc.array(fc.oneof(number.map(String), range), { minLength: 1, maxLength: 4 });
    const step = fc.integer({ min: 1, max: widest }).map((one) => `*/${one}`);
    const any = { weight: 4, arbitrary: fc.constant('*') };
    return fc.oneof(any, { weight: 4, arbitrary: list.map((items) => items.join(',')) }, step);
  };
  const periodicities = (hours: [number, number]) =>
    fc
      .tuple(numbers(0, 59), numbers(...hours), numbers(1, 28), numbers(1, 12), numbers(0, 7, 7))
      .map((texts) => texts.join(' '));
  const anyTime = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2120, 0) });
  const anyZone = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'));

  it('nextRun agrees with a minute-by-minute walk through a clock change', () => {
    const changes: [zone: string, plannedAt: string][] = [
      ['Europe/Paris', '2027-03-28T01:00Z'],
      ['Europe/Paris', '2027-10-31T01:00Z'],
      ['America/New_York', '2027-03-14T07:00Z'],
      ['America/New_York', '2027-11-07T06:00Z'],
      ['Australia/Lord_Howe', '2027-04-03T15:00Z'],
      ['Australia/Lord_Howe', '2027-10-02T15:30Z'],
      ['Pacific/Chatham', '2027-04-03T14:00Z'],
      ['Pacific/Chatham', '2027-09-25T14:00Z'],
      ['America/Santiago', '2027-09-05T04:00Z'],
      ['America/Santiago', '2027-04-04T03:00Z'],
      ['America/St_Johns', '2010-11-07T02:31Z'],
      ['Atlantic/Azores', '2027-10-31T01:00Z'],
      ['Antarctica/Troll', '2027-10-31T01:00Z'],
      ['Antarctica/Casey', '2018-03-10T17:00Z'],
      ['Pacific/Apia', '2011-12-30T10:00Z'],
      ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
      ['Africa/Cairo', '2027-04-29T22:00Z'],
      ['Asia/Pyongyang', '2015-08-14T15:00Z'],
    ];
    const clocks = changes.map(([zone, plannedAt]) => ({
      zone,
      clock: walkClock(zone, Date.parse(plannedAt) - 48 * HOUR, 4 * 24 * 60),
    }));
    const start = fc.integer({ min: 24 * 60, max: 3 * 24 * 60 });
    fc.assert(
      fc.property(fc.nat(clocks.length - 1), periodicities([0, 4]), start, (change, periodicity, index) => {
        const { zone, clock } = clocks[change] ?? { zone: '', clock: [] };
        const expression = parseExpression(periodicity, 'uid');
        const end = clock.at(-1)?.plannedAt ?? 0;
        const expected = walkedRuns(periodicity, clock).filter(
          (plannedAt) => plannedAt >= (clock[index]?.plannedAt ?? 0),
        );
        const found: number[] = [];
        let time: number | undefined = (clock[index]?.plannedAt ?? 0) - 1;
        for (let count = 0; count < 40; count++) {
          time = nextRun(expression, zone, time);
          if (time === undefined || time > end) break;
          found.push(time);
        }
        expect(found).toEqual(expected.slice(0, 40));
      }),
      { numRuns: 750 },
    );
  });

  it('nextRun agrees with croner in zones without clock changes', () => {
    // croner treats a stepped day field as restricted, so the day fields here have no steps.
    const withoutSteps = (least: number, most: number) =>
      numbers(least, most).filter((text) => !text.includes('/'));
    const texts = fc.tuple(
      numbers(0, 59),
      numbers(0, 23),
      withoutSteps(1, 31),
      withoutSteps(1, 12),
      withoutSteps(0, 7),
    );
    const zones = fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Bogota', 'Asia/Kolkata');
    const times = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(texts, zones, times, ([minute, hour, day, month, weekday], timezone, after) => {
        const [last = 0] = [...day.matchAll(/\d+/g)].map(Number).sort((a, b) => a - b);
        fc.pre(last <= 28);
        const text = [minute, hour, day, month, weekday].join(' ');
        const oracle = new Croner(text, { timezone, paused: true });
        const expected = oracle.nextRuns(10, new Date(after)).map((date) => date.getTime());
        const expression = parseExpression(text, 'uid');
        const found: number[] = [];
        while (found.length < expected.length)
          found.push(nextRun(expression, timezone, found.at(-1) ?? after) ?? 0);
        expect(found).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('nextRun returns a later whole minute, the same for every time before it', () => {
    fc.assert(
      fc.property(
        periodicities([0, 23]),
        anyZone,
        anyTime,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (text, zone, after, share) => {
          const expression = parseExpression(text, 'uid');
          const next = nextRun(expression, zone, after);
          if (next === undefined) return;
          expect(next).toBeGreaterThan(after);
          expect(next % 60_000).toBe(0);
          const between = Math.floor(after + share * (next - 1 - after));
          expect(nextRun(expression, zone, between)).toBe(next);
          expect(nextRun(expression, zone, next - 1)).toBe(next);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('A cron with a fixed time runs once on each date in every zone', () => {
    const start = Date.UTC(2026, 0, 1, 12);
    const time = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }));
    fc.assert(
      fc.property(time, anyZone, ([minute, hour], zone) => {
        const expression = parseExpression(`${minute} ${hour} * * *`, 'uid');
        let last = start;
        for (let count = 0; count < 730; count++) last = nextRun(expression, zone, last) ?? 0;
        expect(Math.abs(last - start - 730 * 24 * HOUR)).toBeLessThanOrEqual(26 * HOUR);
      }),
      { numRuns: 60 },
    );
  });
});
