import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../lib/core/domain/expression.ts';
import { nextRun } from '../../../lib/core/domain/next-run.ts';
import { GRACE_MS } from '../../../lib/core/domain/occurrence.ts';
import {
  type LaneRequest,
  lane,
  offPeriods,
  type PastRun,
  SLOT_MS,
  timelinePeriod,
} from '../../../lib/core/domain/timeline.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';

const NOW = NOON + 10 * MINUTE;

function requestOf(periodicity: string | undefined, more: Partial<LaneRequest> = {}, timezone = 'UTC') {
  return {
    runs: [],
    schedule: periodicity === undefined ? undefined : { periodicity, uid: 'a', timezone },
    scheduledSince: Number.NEGATIVE_INFINITY,
    pending: [],
    off: [],
    readSince: Number.NEGATIVE_INFINITY,
    attentionSince: Number.NEGATIVE_INFINITY,
    ...more,
  };
}

const slotsAt = (request: LaneRequest, now = NOW) => lane(request, timelinePeriod(now), now);
const run = (minutes: number, status: PastRun['status'] = 'OK', more: Partial<PastRun> = {}): PastRun => ({
  id: `${minutes}`,
  plannedAt: NOON - minutes * MINUTE,
  status,
  ...more,
});
const texts = (slots: ReturnType<typeof slotsAt>) =>
  slots.map(({ result, plannedAt }) => `${result} ${new Date(plannedAt).toISOString().slice(5, 16)}`);

describe('a lane of the timeline', () => {
  it('The timeline reaches from yesterday to tomorrow, in whole hours', () => {
    const { from, to } = timelinePeriod(NOW);
    expect([from, to]).toEqual([NOON - 24 * HOUR, NOON + 25 * HOUR]);
  });

  it('The past has the results of runs, and the future the planned times', () => {
    const slots = slotsAt(requestOf('0 3,15 * * *', { runs: [run(9 * 60, 'FAILURE'), run(21 * 60)] }));
    expect(texts(slots)).toEqual([
      'OK 03-01T15:00',
      'FAILURE 03-02T03:00',
      'NEXT 03-02T15:00',
      'NEXT 03-03T03:00',
    ]);
  });

  it('A slot has the worst result of its runs, and shows the newest of these', () => {
    const runs = [run(61), run(65, 'FAILURE'), run(70, 'WARN'), run(75, 'FAILURE'), run(119, 'NOTRUN')];
    const [slot] = slotsAt(requestOf(undefined, { runs }));
    expect(slot).toMatchObject({ result: 'FAILURE', count: 5, alike: 2, isBand: true, run: { id: '65' } });
  });

  it('A run in progress is shown, unless another run of its hour needs attention', () => {
    expect(texts(slotsAt(requestOf(undefined, { runs: [run(5, 'RUNNING'), run(8)] })))).toEqual([
      'RUNNING 03-02T11:55',
    ]);
  });

  it('A record of a range that did not run fills all slots of the range', () => {
    const covers = { from: NOON - 3 * HOUR, count: 3 };
    const runs = [run(61, 'NOTRUN', { covers })];
    expect(texts(slotsAt(requestOf(undefined, { runs })))).toEqual([
      'NOTRUN 03-02T09:59',
      'NOTRUN 03-02T10:59',
    ]);
  });

  it('A planned time without a record says so after the grace, and not before the definition was in force', () => {
    const request = requestOf('0 * * * *', { scheduledSince: NOON - 2 * HOUR });
    const past = (now: number) => texts(slotsAt(request, now)).filter((text) => !text.startsWith('NEXT'));
    expect(past(NOON + GRACE_MS)).toEqual(['NONE 03-02T10:00', 'NONE 03-02T11:00']);
    expect(past(NOON + GRACE_MS + 1)).toEqual(['NONE 03-02T10:00', 'NONE 03-02T11:00', 'NONE 03-02T12:00']);
  });

  it('An overdue time and one that waits are pending', () => {
    const slots = slotsAt(requestOf('0 * * * *', { scheduledSince: NOON, pending: [NOON - HOUR, NOON] }));
    expect(texts(slots).slice(0, 3)).toEqual([
      'PENDING 03-02T11:00',
      'PENDING 03-02T12:00',
      'NEXT 03-02T13:00',
    ]);
  });

  it('A cron that runs every minute is a band, with what was not read marked as quiet or unread', () => {
    const slots = slotsAt(
      requestOf('* * * * *', {
        runs: [run(30), run(5 * 60 + 7, 'FAILURE')],
        readSince: NOON - HOUR,
        attentionSince: NOON - 6 * HOUR,
      }),
    );
    expect(slots.every(({ isBand }) => isBand)).toBe(true);
    const results = slots.map(({ result }) => result);
    expect(results.slice(0, 18)).toEqual(Array(18).fill('UNREAD'));
    expect(results.slice(18, 25)).toEqual(['FAILURE', ...Array(4).fill('QUIET'), 'OK', 'NONE']);
    expect(slots[18]).toMatchObject({ isWhole: false, alike: 1 });
    expect(results.slice(25)).toEqual(Array(25).fill('NEXT'));
  });

  it('A cron that is off has no planned times, and one without definition has only its runs', () => {
    const off = [{ from: NOON - 30 * HOUR, to: NOON + 30 * HOUR }];
    expect(slotsAt(requestOf('0 * * * *', { off }))).toEqual([]);
    const tomorrow = [{ from: NOON - 30 * HOUR, to: NOON + 20 * HOUR + MINUTE }];
    expect(texts(slotsAt(requestOf('0 * * * *', { off: tomorrow })))).toEqual([
      'NEXT 03-03T09:00',
      'NEXT 03-03T10:00',
      'NEXT 03-03T11:00',
      'NEXT 03-03T12:00',
    ]);
    expect(texts(slotsAt(requestOf(undefined, { runs: [run(60)] })))).toEqual(['OK 03-02T11:00']);
  });

  it.each([
    { day: 'of 23 hours', now: '2026-03-29T10:00:00Z', hours: ['00:30', '01:30', '03:00'] },
    { day: 'of 25 hours', now: '2026-10-25T10:00:00Z', hours: ['00:30', '01:30', '02:30', '03:30'] },
  ])('On a day $day each planned time is in the slot in which it runs', ({ now, hours }) => {
    const time = Date.parse(now);
    const slots = slotsAt(requestOf('30 0-3 * * *', {}, 'Europe/Paris'), time);
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'short' });
    const today = slots.filter(({ plannedAt }) => Math.abs(plannedAt - time) < 12 * HOUR);
    expect(new Set(today.map(({ plannedAt }) => format.format(plannedAt)))).toEqual(new Set(hours));
  });

  it('Every planned time of the future is in a slot, whatever the periodicity, the zone and the time', () => {
    const periodicity = fc.constantFrom(
      '* * * * *',
      '*/7 * * * *',
      '30 2 * * *',
      '0 */5 * * *',
      'H 1-3 * * *',
    );
    const zone = fc.constantFrom('UTC', 'Europe/Paris', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const now = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
    fc.assert(
      fc.property(periodicity, zone, now, (text, timezone, time) => {
        const period = timelinePeriod(time);
        const wanted = new Map<number, number>();
        let planned = nextRun(parseExpression(text, 'a'), timezone, time);
        while (planned !== undefined && planned < period.to) {
          const slot = Math.floor(planned / SLOT_MS) * SLOT_MS;
          if (!wanted.has(slot)) wanted.set(slot, planned);
          planned = nextRun(parseExpression(text, 'a'), timezone, planned);
        }
        const slots = lane(requestOf(text, { scheduledSince: period.to }, timezone), period, time);
        expect(slots.map(({ from, plannedAt }) => [from, plannedAt])).toEqual([...wanted]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the periods in which a cron was off', () => {
  it('A cron is off from a version that switches it off until one that switches it on, or to the end', () => {
    const switches = [
      { since: 50, isOn: false },
      { since: 40, isOn: true },
      { since: 30, isOn: false },
      { since: 20, isOn: false },
      { since: 10, isOn: true },
    ];
    expect(offPeriods(switches, 100)).toEqual([
      { from: 50, to: 100 },
      { from: 30, to: 40 },
      { from: 20, to: 30 },
    ]);
    expect(offPeriods(switches.slice(0, 1), 50)).toEqual([]);
  });
});
