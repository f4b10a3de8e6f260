import { describe, expect, it } from 'vitest';
import { type CronView, cronView } from '../../../../lib/app/operations/cron-view.ts';
import { CRON_DEFAULTS } from '../../../../lib/core/domain/cron.ts';
import { dayPlan, SLOTS } from '../../../../lib/surfaces/web/pages/day-plan.ts';
import { dayStrip } from '../../../../lib/surfaces/web/pages/day-strip.ts';
import { NOON } from '../../../support/jobs.ts';

const MINUTE = 60_000;

function view(uid: string, periodicity: string, rest: Record<string, unknown> = {}): CronView {
  const value = { ...CRON_DEFAULTS, uid, name: 'task', periodicity, ...rest };
  const settings = { activated: true, readOnly: false, timezone: 'UTC' };
  const cron = cronView(
    { site: 'default', uid },
    { cron: { modified: 1, version: 1, value } },
    settings,
    NOON,
  );
  if (!cron) throw new Error('The cron has no view.');
  return cron;
}

/** The start times of the slots in which that cron runs. */
const slotsOf = (uid: string, crons: CronView[], now = NOON) =>
  dayPlan(crons, now)
    .filter((slot) => slot.crons.includes(uid))
    .map(({ from }) => new Date(from).toISOString().slice(11, 16));

describe('the plan of a day', () => {
  it('The plan lists a cron once in each half hour in which it runs', () => {
    expect(slotsOf('a', [view('a', '0,10,40 13 * * *')])).toEqual(['13:00', '13:30']);
    expect(slotsOf('a', [view('a', '* * * * *')])).toHaveLength(SLOTS);
  });

  it('The plan lists the later runs of the current half hour, but no earlier ones', () => {
    const now = NOON + 10 * MINUTE;
    expect(slotsOf('a', [view('a', '5 12 * * *')], now)).toEqual([]);
    expect(slotsOf('a', [view('a', '15 12 * * *')], now)).toEqual(['12:00']);
  });

  it('The plan uses the time zone of each cron', () => {
    const crons = [view('a', '0 14 * * *'), view('b', '0 14 * * *', { timezone: 'Europe/Paris' })];
    expect(slotsOf('a', crons)).toEqual(['14:00']);
    expect(slotsOf('b', crons)).toEqual(['13:00']);
  });

  it('The plan spreads crons whose minute is "H"', () => {
    const crons = Array.from({ length: 20 }, (_, n) => view(`c${n}`, 'H 13 * * *'));
    const slots = new Set(crons.flatMap(({ uid }) => slotsOf(uid, crons)));
    expect([...slots].sort()).toEqual(['13:00', '13:30']);
  });

  it('The plan omits crons that are switched off or do not run that day', () => {
    expect(slotsOf('a', [view('a', '@hourly', { activated: false })])).toEqual([]);
    expect(slotsOf('a', [view('a', '@yearly')])).toEqual([]);
  });
});

describe('the strip of a day', () => {
  const strip = async (...crons: CronView[]) =>
    String(await dayStrip(dayPlan(crons, NOON), { now: NOON, timezone: 'UTC' }));

  it('The label of the strip summarizes the day', async () => {
    const html = await strip(view('a', '0 13,15 * * *'), view('b', '10 15 * * *'));
    expect(html).toContain('2 crons run in the next 24 hours; most, 2, in the half hour from 15:00.');
    expect(html).toContain('<title>from 15:00: a, b</title>');
  });

  it('The title of a bar names six crons and counts the others', async () => {
    const many = Array.from({ length: 9 }, (_, n) => view(`c${n}`, '0 13 * * *'));
    expect(await strip(...many)).toContain('c0, c1, c2, c3, c4, c5 and 3 more');
  });

  it('The label of an empty strip reports that no run is planned', async () => {
    expect(await strip()).toContain('Nothing is planned in the next 24 hours.');
  });
});
