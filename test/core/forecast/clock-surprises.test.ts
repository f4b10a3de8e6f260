import { describe, expect, it } from 'vitest';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { clockSurprises } from '../../../lib/core/forecast/clock-surprises.ts';
import { plannedRuns } from '../../../lib/core/forecast/cron-forecast.ts';
import { cronOf } from '../../support/jobs.ts';

const YEAR = { from: Date.parse('2027-01-01T00:00:00Z'), to: Date.parse('2028-01-01T00:00:00Z') };

function surprises(periodicity: string, timezone = 'Europe/Paris', period = YEAR) {
  return clockSurprises(cronOf({ periodicity }), timezone, period);
}

function textsOf(...given: Parameters<typeof surprises>): string[] {
  return surprises(...given).map(({ text }) => text);
}

/** The dates and clock times in a text: of the change, of the affected times, of the run instead of them. */
function valuesOf(text: string): string[] {
  return text.match(/\d{4}-\d{2}-\d{2}|\d{2}:\d{2}/g) ?? [];
}

/** The words after the last comma: what the cron does. */
function effectOf(text = ''): string {
  return text.slice(text.lastIndexOf(', ')).replace(/\d{2}:\d{2}/, '');
}

/** The planned times within a period, as clock times in UTC. */
function planned(periodicity: string, from: string, to: string): string[] {
  const period = { from: Date.parse(from), to: Date.parse(to) };
  const settings = { ...CRONTAB_DEFAULTS, timezone: 'Europe/Paris' };
  return [...plannedRuns({ cron: cronOf({ periodicity }) }, settings, period)].map(({ plannedAt }) =>
    new Date(plannedAt).toISOString().slice(11, 16),
  );
}

describe('clockSurprises', () => {
  it('A message names the change, the affected times, and what the cron does', () => {
    const forward = 'On 2027-03-28 the clock of Europe/Paris goes forward from 02:00 to 03:00:';
    const back = 'On 2027-10-31 the clock of Europe/Paris goes back from 03:00 to 02:00:';
    expect(textsOf('30 2 * * *')).toEqual([
      `${forward} 02:30 does not exist, so a runs at 03:00.`,
      `${back} 02:30 comes twice, and a runs the first time.`,
    ]);
    expect(textsOf('15,45 2 * * *')).toEqual([
      `${forward} 02:15, 02:45 do not exist, so a runs once, at 03:00.`,
      `${back} 02:15, 02:45 come twice, and a runs the first time.`,
    ]);
    expect(textsOf('*/15 2 * * *')).toEqual([
      `${forward} 02:00, 02:15, 02:30 and 1 more do not exist, so a does not run then.`,
      `${back} 02:00, 02:15, 02:30 and 1 more come twice, and a runs both times.`,
    ]);
  });

  const atForward = ['2027-03-28', '02:00', '03:00'];
  const atBack = ['2027-10-31', '03:00', '02:00'];

  it.each([
    ['30 2 * * *', [...atForward, '02:30', '03:00'], [...atBack, '02:30']],
    ['15,45 2 * * *', [...atForward, '02:15', '02:45', '03:00'], [...atBack, '02:15', '02:45']],
    ['*/15 2 * * *', [...atForward, '02:00', '02:15', '02:30'], [...atBack, '02:00', '02:15', '02:30']],
    ['0 */2 * * *', [...atForward, '02:00'], [...atBack, '02:00']],
  ])('%s has one message for each clock change, with the affected times', (periodicity, forward, back) => {
    expect(textsOf(periodicity).map(valuesOf)).toEqual([forward, back]);
  });

  it('plannedRuns has the runs that the messages describe', () => {
    const forward = ['2027-03-28T00:00:00Z', '2027-03-28T02:00:00Z'] as const;
    const back = ['2027-10-30T23:00:00Z', '2027-10-31T02:30:00Z'] as const;
    expect(planned('15,45 2 * * *', ...forward)).toEqual(['01:00']);
    expect(planned('*/15 2 * * *', ...forward)).toEqual([]);
    expect(planned('30 2 * * *', ...back)).toEqual(['00:30']);
    expect(planned('*/30 2 * * *', ...back)).toEqual(['00:00', '00:30', '01:00', '01:30']);
  });

  it.each([['0 3 * * *'], ['59 1 * * *'], ['30 2 1 * *'], ['* * * * *'], ['*/15 * * * *']])(
    '%s has no message, because a clock change does not affect it',
    (periodicity) => {
      expect(textsOf(periodicity)).toEqual([]);
    },
  );

  it.each([
    ['15', 0, ['2027-10-03', '02:00', '02:30', '02:15']],
    ['45', 1, ['2027-04-04', '02:00', '01:30', '01:45']],
  ])('An hourly cron at minute %s is affected by a change of half an hour', (minute, index, values) => {
    const [text = '', ...others] = textsOf(`${minute} * * * *`, 'Australia/Lord_Howe');
    expect(others).toEqual([]);
    expect(valuesOf(text)).toEqual(values);
    expect(effectOf(text)).toBe(effectOf(textsOf('0 */2 * * *')[index]));
  });

  it('A change at midnight and a skipped day have messages', () => {
    const cairo = { from: Date.parse('2027-04-01'), to: Date.parse('2027-05-01') };
    const inCairo = textsOf('30 0 * * *', 'Africa/Cairo', cairo);
    expect(inCairo.map(valuesOf)).toEqual([['2027-04-30', '00:00', '01:00', '00:30', '01:00']]);
    const samoa = { from: Date.parse('2011-12-29'), to: Date.parse('2012-01-02') };
    const inSamoa = textsOf('0 8 30 12 *', 'Pacific/Apia', samoa);
    expect(inSamoa.map(valuesOf)).toEqual([['2011-12-30', '00:00', '00:00', '08:00', '00:00']]);
    const [inParis] = textsOf('30 2 * * *');
    expect([...inCairo, ...inSamoa].map(effectOf)).toEqual([effectOf(inParis), effectOf(inParis)]);
  });

  it('A message belongs to the period that contains the first instant after the change', () => {
    const change = Date.parse('2027-03-28T01:00:00Z');
    const countWithin = (from: number, to: number) =>
      textsOf('30 2 * * *', 'Europe/Paris', { from, to }).length;
    expect(countWithin(change, change + 1)).toBe(1);
    expect(countWithin(change - 1, change)).toBe(0);
    expect(countWithin(change + 1, change + 86_400_000)).toBe(0);
  });

  it("The cron's own time zone takes precedence over that of the crontab", () => {
    const cron = cronOf({ periodicity: '30 2 * * *', timezone: 'America/New_York' });
    expect(clockSurprises(cron, 'Europe/Paris', YEAR)).toMatchObject([
      { uid: 'a', time: Date.parse('2027-03-14T07:00:00Z') },
    ]);
    expect(surprises('30 2 * * *', 'UTC')).toEqual([]);
  });
});
