import { describe, expect, it } from 'vitest';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import { clockSurprises } from '../../lib/forecast/clock-changes.ts';
import { plannedRuns } from '../../lib/forecast/cron-forecast.ts';
import { cronOf } from '../support/jobs.ts';

const YEAR = { from: Date.parse('2027-01-01T00:00:00Z'), to: Date.parse('2028-01-01T00:00:00Z') };
const SPRING = 'On 2027-03-28 the clock of Europe/Paris goes forward from 02:00 to 03:00:';
const AUTUMN = 'On 2027-10-31 the clock of Europe/Paris goes back from 03:00 to 02:00:';

function told(periodicity: string, timezone = 'Europe/Paris', period = YEAR): string[] {
  return clockSurprises(cronOf({ periodicity }), timezone, period).map(({ text }) => text);
}

/** The planned times of those days, as UTC. */
function planned(periodicity: string, from: string, to: string): string[] {
  const period = { from: Date.parse(from), to: Date.parse(to) };
  const settings = { ...CRONTAB_DEFAULTS, timezone: 'Europe/Paris' };
  return [...plannedRuns({ cron: cronOf({ periodicity }) }, settings, period)].map(({ at }) =>
    new Date(at).toISOString().slice(11, 16),
  );
}

describe('a change of the clock', () => {
  it.each([
    [
      '30 2 * * *',
      ['02:30 does not exist, so a runs at 03:00.', '02:30 comes twice, and a runs the first time.'],
    ],
    [
      '15,45 2 * * *',
      [
        '02:15, 02:45 do not exist, so a runs once, at 03:00.',
        '02:15, 02:45 come twice, and a runs the first time.',
      ],
    ],
    [
      '*/15 2 * * *',
      [
        '02:00, 02:15, 02:30 and 1 more do not exist, so a does not run then.',
        '02:00, 02:15, 02:30 and 1 more come twice, and a runs both times.',
      ],
    ],
    [
      '0 */2 * * *',
      ['02:00 does not exist, so a does not run then.', '02:00 comes twice, and a runs both times.'],
    ],
  ])('is told of %s, which has times in it', (periodicity, [spring, autumn]) => {
    expect(told(periodicity)).toEqual([`${SPRING} ${spring}`, `${AUTUMN} ${autumn}`]);
  });

  it('is told as it happens', () => {
    const spring = ['2027-03-28T00:00:00Z', '2027-03-28T02:00:00Z'] as const;
    const autumn = ['2027-10-30T23:00:00Z', '2027-10-31T02:30:00Z'] as const;
    expect(planned('15,45 2 * * *', ...spring)).toEqual(['01:00']);
    expect(planned('*/15 2 * * *', ...spring)).toEqual([]);
    expect(planned('30 2 * * *', ...autumn)).toEqual(['00:30']);
    expect(planned('*/30 2 * * *', ...autumn)).toEqual(['00:00', '00:30', '01:00', '01:30']);
  });

  it.each([['0 3 * * *'], ['59 1 * * *'], ['30 2 1 * *'], ['* * * * *'], ['*/15 * * * *']])(
    'is nothing to %s, which has no time in it or goes on evenly',
    (periodicity) => {
      expect(told(periodicity)).toEqual([]);
    },
  );

  it.each([
    [
      '15',
      'On 2027-10-03',
      'goes forward from 02:00 to 02:30: 02:15 does not exist, so a does not run then.',
    ],
    ['45', 'On 2027-04-04', 'goes back from 02:00 to 01:30: 01:45 comes twice, and a runs both times.'],
  ])('by half an hour is something to an hourly cron at minute %s', (minute, date, text) => {
    expect(told(`${minute} * * * *`, 'Australia/Lord_Howe')).toEqual([
      `${date} the clock of Australia/Lord_Howe ${text}`,
    ]);
  });

  it('at midnight, and one of a whole day, are told too', () => {
    const cairo = { from: Date.parse('2027-04-01'), to: Date.parse('2027-05-01') };
    expect(told('30 0 * * *', 'Africa/Cairo', cairo)).toEqual([
      'On 2027-04-30 the clock of Africa/Cairo goes forward from 00:00 to 01:00: 00:30 does not exist, so a runs at 01:00.',
    ]);
    const samoa = { from: Date.parse('2011-12-29'), to: Date.parse('2012-01-02') };
    expect(told('0 8 30 12 *', 'Pacific/Apia', samoa)).toEqual([
      'On 2011-12-30 the clock of Pacific/Apia goes forward from 00:00 to 00:00: 08:00 does not exist, so a runs at 00:00.',
    ]);
  });

  it('is told only when it is in the period, to its first instant', () => {
    const change = Date.parse('2027-03-28T01:00:00Z');
    const within = (from: number, to: number) => told('30 2 * * *', 'Europe/Paris', { from, to }).length;
    expect(within(change, change + 1)).toBe(1);
    expect(within(change - 1, change)).toBe(0);
    expect(within(change + 1, change + 86_400_000)).toBe(0);
  });

  it("is that of the cron's own zone when it has one", () => {
    const cron = cronOf({ periodicity: '30 2 * * *', timezone: 'America/New_York' });
    expect(clockSurprises(cron, 'Europe/Paris', YEAR)).toMatchObject([
      { uid: 'a', at: Date.parse('2027-03-14T07:00:00Z') },
    ]);
    expect(told('30 2 * * *', 'UTC')).toEqual([]);
  });
});
