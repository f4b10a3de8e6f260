import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMARKS } from '../../../lib/app/operations/clock-change-note.ts';
import { describePeriodicity } from '../../../lib/app/operations/describe-periodicity.ts';
import { preview } from '../../../lib/app/operations/preview.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { HOUR } from '../../support/jobs.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const plannedAt = (time: string) => ({ clock: new VirtualClock(Date.parse(time)) });

describe('words', () => {
  it.each([
    ['*/5 * * * *', 'Every 5 minutes'],
    ['@daily', 'At 00:00'],
    ['@midnight', 'At 00:00'],
    ['0 9 * * mon-fri', 'At 09:00, Monday through Friday'],
    ['0 9 13 * 5', 'At 09:00, on day 13 of the month, or on Friday'],
    ['0 9 13 * 1-5', 'At 09:00, on day 13 of the month, or Monday through Friday'],
    ['0 9 1 * 5L', 'At 09:00, on day 1 of the month, or on the last Friday of the month'],
    ['0 9 13 12 2-4', 'At 09:00, on day 13 of the month, or Tuesday through Thursday, only in December'],
    ['0 9 */2 * 5', 'At 09:00, every 2 days in a month, and on Friday'],
    ['0 9 L * *', 'At 09:00, on the last day of the month'],
    ['0 9 * * 1#2', 'At 09:00, on the second Monday of the month'],
    [' 0  9 * * 7 ', 'At 09:00, only on Sunday'],
  ])('describePeriodicity describes "%s" as "%s"', (periodicity, description) => {
    expect(describePeriodicity(periodicity, 'uid')).toBe(description);
  });

  it('describePeriodicity describes H as the time for that uid', () => {
    const descriptions = ['a', 'b', 'c', 'd'].map((uid) => describePeriodicity('H H * * *', uid));
    for (const description of descriptions) expect(description).toMatch(/^At \d\d:\d\d$/);
    expect(new Set(descriptions).size).toBeGreaterThan(1);
    expect(describePeriodicity('H/15 * * * *', 'a')).toMatch(
      /^At \d+, \d+, \d+, and \d+ minutes past the hour$/,
    );
  });

  it('describePeriodicity gives the same text after thousands of other periodicities', () => {
    const description = describePeriodicity('7 7 7 7 7', '');
    for (let n = 0; n < 2100; n++) describePeriodicity(`${n % 60} ${n % 24} * * *`, '');
    for (let n = 0; n < 2100; n++) describePeriodicity('H H * * *', `uid-${n}`);
    expect(describePeriodicity('7 7 7 7 7', '')).toBe(description);
  });
});

describe('preview', () => {
  it.each([
    [
      '30 2 * * *',
      '2026-11-10T12:00:00Z',
      'On 2027-03-28 the clock of Europe/Berlin goes forward from 02:00 to 03:00: 02:30 does not exist, so it runs at 03:00.',
    ],
    [
      '*/30 2 * * *',
      '2026-05-10T12:00:00Z',
      'On 2026-10-25 the clock of Europe/Berlin goes back from 03:00 to 02:00: 02:00, 02:30 come twice, and it runs both times.',
    ],
    ['0 12 * * *', '2026-11-10T12:00:00Z', undefined],
    ['30 2 1 6 *', '2026-11-10T12:00:00Z', undefined],
  ])('A preview of "%s" says which clock change within a year affects it next', (periodicity, now, text) => {
    expect(preview(plannedAt(now), { periodicity, timezone: 'Europe/Berlin' }).clockChange).toBe(text);
  });

  it('A clock change among the runs is their remark, so the sentence is about the one after it', () => {
    const request = { periodicity: '30 2 * * *', timezone: 'Europe/Berlin' };
    const { runs, clockChange } = preview(plannedAt('2027-03-25T12:00:00Z'), request);
    expect(runs[2]?.remark).toBe(REMARKS.moved('02:00', '03:00'));
    expect(clockChange).toMatch(/^On 2027-10-31 the clock of Europe\/Berlin goes back from 03:00 to 02:00:/);
  });

  it('A preview describes the periodicity and lists the next five runs', () => {
    const { runs, problems, ...rest } = preview(plannedAt('2026-03-02T11:30:00Z'), {
      periodicity: '0 */2 * * *',
      timezone: 'UTC',
    });
    expect(rest.words).toBe(describePeriodicity('0 */2 * * *', ''));
    expect(runs.map((run) => iso(run.plannedAt).slice(11, 16))).toEqual([
      '12:00',
      '14:00',
      '16:00',
      '18:00',
      '20:00',
    ]);
    expect(problems).toEqual([]);
  });

  it('A preview reports all problems of the periodicity and the time zone', () => {
    const invalidPreview = preview(plannedAt('2026-03-02T11:30:00Z'), {
      periodicity: '99 * *',
      timezone: 'Mars/Olympus',
    });
    expect(invalidPreview).toMatchObject({
      runs: [],
      problems: [{ where: 'periodicity' }, { where: 'timezone' }],
    });
    expect(invalidPreview.words).toBeUndefined();
    expect(
      preview(plannedAt('2026-03-02T11:30:00Z'), { periodicity: '@daily', timezone: 'Mars' }),
    ).toMatchObject({
      words: describePeriodicity('@daily', ''),
      runs: [],
      problems: [{ where: 'timezone' }],
    });
  });

  it('A preview lists at most fifty runs', () => {
    const request = { periodicity: '* * * * *', timezone: 'UTC', count: 1000 };
    expect(preview(plannedAt('2026-03-02T11:30:00Z'), request).runs).toHaveLength(50);
  });

  it('A preview near the last possible date lists fewer runs', () => {
    const request = { periodicity: '0 0 1 1 *', timezone: 'UTC' };
    expect(preview({ clock: new VirtualClock(8.64e15) }, request).runs).toEqual([]);
  });

  it('A preview never throws, whatever its input', () => {
    const field = fc.constantFrom('*', '*/5', '1-5', 'H', 'L', '1#2', '5L', '?', '0', '30', 'mon', 'x', '');
    const text = fc.oneof(
      fc.string(),
      fc.array(field, { minLength: 4, maxLength: 6 }).map((all) => all.join(' ')),
    );
    const zone = fc.oneof(fc.string(), fc.constantFrom('UTC', 'Europe/Paris', 'Australia/Lord_Howe'));
    fc.assert(
      fc.property(text, zone, (periodicity, timezone) => {
        const { words, runs, problems } = preview(plannedAt('2026-03-02T11:30:00Z'), {
          periodicity,
          timezone,
        });
        expect(problems.length > 0 || (words !== undefined && runs.length > 0)).toBe(true);
      }),
    );
  });
});

describe('clockChangeNote', () => {
  const runs = (periodicity: string, timezone: string, from: string, count = 3) =>
    preview(plannedAt(from), { periodicity, timezone, count }).runs.map((run) => [
      iso(run.plannedAt),
      run.remark,
    ]);

  it.each([
    [
      'A fixed time that does not exist runs after the gap, with a remark',
      '30 2 * * *',
      'Europe/Paris',
      '2026-03-28T12:00:00Z',
      [
        ['2026-03-29T01:00:00Z', REMARKS.moved('02:00', '03:00')],
        ['2026-03-30T00:30:00Z', undefined],
        ['2026-03-31T00:30:00Z', undefined],
      ],
    ],
    [
      'A fixed time that comes twice runs the first time, with a remark',
      '30 2 * * *',
      'Europe/Paris',
      '2026-10-24T12:00:00Z',
      [
        ['2026-10-25T00:30:00Z', REMARKS.once('02:30')],
        ['2026-10-26T01:30:00Z', REMARKS.after('back', HOUR)],
        ['2026-10-27T01:30:00Z', undefined],
      ],
    ],
    [
      'A wildcard runs at both of two equal times, with a remark on each',
      '30 * * * *',
      'America/New_York',
      '2026-11-01T05:00:00Z',
      [
        ['2026-11-01T05:30:00Z', REMARKS.first('01:30')],
        ['2026-11-01T06:30:00Z', REMARKS.second('01:30')],
        ['2026-11-01T07:30:00Z', undefined],
      ],
    ],
    [
      'The first run after a clock was put forward has a remark',
      '0 12 * * *',
      'America/New_York',
      '2026-03-07T18:00:00Z',
      [
        ['2026-03-08T16:00:00Z', REMARKS.after('forward', HOUR)],
        ['2026-03-09T16:00:00Z', undefined],
        ['2026-03-10T16:00:00Z', undefined],
      ],
    ],
    [
      'A cron at the end of the gap is not moved',
      '0 3 * * *',
      'Europe/Paris',
      '2026-03-28T12:00:00Z',
      [
        ['2026-03-29T01:00:00Z', REMARKS.after('forward', HOUR)],
        ['2026-03-30T01:00:00Z', undefined],
        ['2026-03-31T01:00:00Z', undefined],
      ],
    ],
    [
      'A remark gives a shift of half an hour on Lord Howe Island',
      '0 12 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T02:00:00Z',
      [
        ['2026-10-04T01:00:00Z', REMARKS.after('forward', HOUR / 2)],
        ['2026-10-05T01:00:00Z', undefined],
        ['2026-10-06T01:00:00Z', undefined],
      ],
    ],
    [
      'A zone without clock changes has no remarks',
      '30 2 * * *',
      'UTC',
      '2026-03-28T12:00:00Z',
      [
        ['2026-03-29T02:30:00Z', undefined],
        ['2026-03-30T02:30:00Z', undefined],
        ['2026-03-31T02:30:00Z', undefined],
      ],
    ],
  ])('%s', (_, periodicity, timezone, from, expected) => {
    expect(runs(periodicity, timezone, from)).toEqual(expected);
  });

  it('The remarks name the times and the shift of the clock', () => {
    expect(REMARKS.moved('02:00', '03:00')).toBe(
      'The clock goes from 02:00 to 03:00: a time in between does not exist that day, so it runs at 03:00.',
    );
    expect(REMARKS.once('02:30')).toBe('The clock shows 02:30 twice that day: it runs the first time.');
    expect(REMARKS.first('01:30')).toBe('The clock shows 01:30 twice that day: this is the first time.');
    expect(REMARKS.second('01:30')).toBe('The clock shows 01:30 twice that day: this is the second time.');
    expect(REMARKS.after('forward', HOUR / 2)).toBe('The clock was put forward by 30 min before this.');
    expect(REMARKS.after('back', HOUR)).toBe('The clock was put back by 1 h before this.');
  });

  it('A run long after a clock change has no remark', () => {
    expect(runs('0 0 1 * *', 'Europe/Paris', '2026-03-15T00:00:00Z', 1)).toEqual([
      ['2026-03-31T22:00:00Z', undefined],
    ]);
  });
});
