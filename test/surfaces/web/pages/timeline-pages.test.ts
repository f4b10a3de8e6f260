import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTimeline } from '../../../../lib/app/operations/read-timeline.ts';
import type { RunRecord } from '../../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { recorded } from '../../../support/faulty.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { addOldCron, addRecords } from '../../../support/past-crons.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import { attributes, has, texts, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(() => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
});
afterEach(() => world.close());

const PATH = '/sites/default/timeline';
const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const old = (uid: string, fields: object, modified?: number) => addOldCron(world, uid, fields, modified);
const withRuns = (uid: string, records: readonly RunRecord[]) => addRecords(world, uid, records);

describe('the timeline of a site', () => {
  it('The worst crons come first, each with links to its runs, and with the same in words', async () => {
    await old('fine', { periodicity: '0 3 * * *' });
    await withRuns('fine', [recordOf(9 * 60)]);
    await old('bad', { periodicity: '0 4,16 * * *' });
    await withRuns('bad', [recordOf(20 * 60), recordOf(8 * 60, { status: 'FAILURE' })]);
    await old('skipped', { periodicity: '0 5 * * *' });
    await withRuns('skipped', [notRunRecordOf(7 * 60)]);
    const page = await visitor.get(PATH);
    expect(texts(page, '.lane-name a')).toEqual(['bad', 'skipped', 'fine']);
    const seconds = (minutes: number) => (NOON - minutes * MINUTE) / 1000;
    expect(attributes(page, '.track[aria-label="Runs of bad"] a', 'href')).toEqual([
      `/sites/default/crons/bad/runs/${seconds(20 * 60)}`,
      `/sites/default/crons/bad/runs/${seconds(8 * 60)}`,
    ]);
    expect(texts(page, '.in-words li')).toEqual([
      'bad failing for one run since 04:00 UTC; 2 runs since yesterday; 04:00 UTC: failed; next 16:00 UTC. Why?',
      'skipped 1 run since yesterday; 05:00 UTC: did not run; next Tue 3 Mar 05:00 UTC. Why?',
      'fine 1 run since yesterday; next Tue 3 Mar 03:00 UTC. Why?',
    ]);
  });

  it('A band of past runs ends at the present, where that of the planned ones begins', async () => {
    await old('often', { periodicity: '*/5 * * * *' });
    await withRuns('often', [recordOf(55), recordOf(50), recordOf(45), recordOf(40)]);
    const page = await visitor.get(PATH);
    const [past, next] = ['OK', 'NEXT'].map((result) => {
      const numbers = ['x', 'width'].map((name) =>
        Number.parseFloat(attributes(page, `rect.band.${result}`, name).at(-1) ?? ''),
      );
      return { from: numbers[0] ?? 0, width: numbers[1] ?? 0 };
    });
    expect((past?.from ?? 0) + (past?.width ?? 0)).toBeCloseTo(next?.from ?? 0, 1);
  });

  it('Each cron in words has a link to the reason why it did not run', async () => {
    await old('a', {});
    await old('b', { periodicity: '@yearly' });
    const page = await visitor.get(PATH);
    const why = (uid: string, time: string) =>
      `/sites/default/crons/${uid}/why?time=${encodeURIComponent(`2026-03-02T${time}:00Z`)}`;
    expect(attributes(page, '.in-words a', 'href')).toEqual([
      ...['09:00', '10:00', '11:00'].map((time) => why('a', time)),
      why('b', '11:30'),
    ]);
    expect(texts(page, '.in-words li')[0]).toContain('11:00 UTC: no run record. Why?');
  });

  it('The Tab key stops once in a lane, at the newest of its worst runs', async () => {
    await old('a', {});
    const failed = [60, 120].map((minutes) => recordOf(minutes, { status: 'FAILURE' }));
    await withRuns('a', [recordOf(30), ...failed, recordOf(180)]);
    const page = await visitor.get(PATH);
    const stops = attributes(page, '.track a:not([tabindex])', 'href');
    expect(stops).toEqual([`/sites/default/crons/a/runs/${(NOON - HOUR) / 1000}`]);
  });

  it('A dense lane reads one page of records, and knows older failures from those that need attention', async () => {
    await old('a', { periodicity: '* * * * *' });
    const records = Array.from({ length: 600 }, (_, index) =>
      recordOf(31 + index, { status: index === 500 ? 'FAILURE' : 'OK' }),
    );
    await withRuns('a', records);
    await old('idle', {});
    const { port: store, calls } = recorded(world.ports.store);
    const { lanes } = await readTimeline({ ...world.ports, store }, 'default');
    const results = lanes.find(({ cron }) => cron.uid === 'a')?.slots.map(({ result }) => result) ?? [];
    expect(results.filter((result) => result === 'FAILURE')).toHaveLength(1);
    expect(results).toContain('QUIET');
    expect(results).not.toContain('UNREAD');
    expect(calls).toEqual(['readSite', 'records', 'attention']);
  });

  it('A run in progress, an overdue time and the periods without runs are drawn', async () => {
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await old('running', {});
    const leases = [leaseOf(NOON - HOUR, NOON + 4 * HOUR)];
    await commitJob(world.ports.store, 'running', { leases, waiting: { from: NOON, to: NOON } });
    await old('off', { activated: false }, NOON - 3 * HOUR);
    await world.save('waiting', HOURLY);
    await world.clock.advance(2 * HOUR);
    const page = await visitor.get(PATH);
    expect(has(page, '.track[aria-label="Runs of running"] a.RUNNING')).toBe(true);
    expect(has(page, '.track[aria-label="Runs of running"] a.PENDING')).toBe(true);
    expect(has(page, '.track[aria-label="Runs of waiting"] a.PENDING[href*="/why?time="]')).toBe(true);
    expect(has(page, '.track[aria-label="Runs of off"] .off')).toBe(true);
    expect(texts(page, '.legend li')).toContain('off');
  });

  it('The lane of a cron that is off says since when, by whom and why, where it is drawn and in words', async () => {
    const off = { since: NOON - 3 * HOUR, by: 'ana', note: 'the database moves' };
    await addOldCron(world, 'a', { activated: false }, NOON - 3 * HOUR, off);
    const page = await visitor.get(PATH);
    const text = 'off since 09:00 UTC by ana: the database moves';
    expect(attributes(page, '.track', 'aria-label')).toEqual([`Runs of a, ${text}`]);
    expect(page.html).toContain(`<g class="off"><title>${text}</title>`);
    expect(texts(page, '.in-words li')[0]).toContain(`a ${text}; `);
  });

  it('The versions since yesterday say when a cron was off', async () => {
    await old('a', {}, NOON - HOUR);
    const version = (number: number, hours: number, fields: object) => ({
      version: number,
      modified: NOON - hours * HOUR,
      value: JSON.stringify({ ...HOURLY, ...fields }),
    });
    const registry = {
      ...world.ports.registry,
      history: async ({ uid }: { uid?: string }) =>
        uid === undefined
          ? []
          : [version(3, 1, {}), version(2, 5, { activated: false }), version(1, 100, {})],
    };
    const { lanes } = await readTimeline({ ...world.ports, registry } as never, 'default');
    expect(lanes[0]?.off).toEqual([{ from: NOON - 5 * HOUR, to: NOON - HOUR }]);
  });

  it('A cron that was created while its crontab was off is off since then, not before', async () => {
    const settings = { activated: false, readOnly: false, timezone: 'UTC' };
    await world.ports.store.putProjection(
      { site: 'default' },
      { modified: NOON - 20 * HOUR, version: 1, value: settings, off: { since: NOON - 20 * HOUR } },
    );
    await old('a', {}, NOON - 2 * HOUR);
    await old('b', {}, NOON - 100 * HOUR);
    const { lanes, period } = await readTimeline(world.ports, 'default');
    const offOf = (name: string) => lanes.find(({ cron }) => cron.uid === name)?.off;
    expect(offOf('a')).toEqual([{ from: NOON - 2 * HOUR, to: period.to }]);
    expect(offOf('b')).toEqual([{ from: NOON - 20 * HOUR, to: period.to }]);
  });

  it('The names of days at the edges of the drawing stay within it', async () => {
    await old('a', {});
    await world.clock.advanceTo(Date.parse('2026-03-03T00:30:00Z'));
    const page = await visitor.get(PATH);
    expect(texts(page, '.axis .day')).toEqual(['Mon 2 Mar', 'Tue 3 Mar', 'Wed 4 Mar']);
    expect(texts(page, '.axis .first')).toEqual(['Mon 2 Mar']);
    expect(texts(page, '.axis .last')).toEqual(['Wed 4 Mar']);
  });

  it('A clock change is marked and described', async () => {
    await world.edit(undefined, '{"timezone":"Europe/Paris"}');
    await old('a', {});
    await world.clock.advanceTo(Date.parse('2026-03-29T08:00:00Z'));
    const page = await visitor.get(PATH);
    expect(has(page, '.axis .change')).toBe(true);
    expect(texts(page, '.remark')).toEqual([
      'Sun 29 Mar: the clock of Europe/Paris goes from 02:00 to 03:00.',
    ]);
  });

  it('Twenty crons have a lane, and links lead to the others and back', async () => {
    for (let index = 0; index < 22; index++) await old(`c${index}`, {});
    const page = await visitor.get(PATH);
    expect(texts(page, '.lane-name a')).toHaveLength(20);
    expect(texts(page, '.pager')).toEqual(['Crons 1–20 of 22, worst first 2 more crons']);
    const rest = await visitor.get(`${PATH}?cursor=20`);
    expect(texts(rest, '.lane-name a')).toHaveLength(2);
    expect(attributes(rest, '.pager a', 'href')).toEqual([PATH]);
    expect((await visitor.get(`${PATH}?cursor=x`)).status).toBe(422);
  });

  it('Crons that are broken have no lane: a line names five of them, and leads to all', async () => {
    await old('fine', {});
    await world.edit('b0', 'not JSON');
    expect(texts(await visitor.get(PATH), '.broken')).toEqual(['1 cron is broken: b0']);
    for (let index = 1; index < 7; index++) await world.edit(`b${index}`, 'not JSON');
    const page = await visitor.get(PATH);
    expect(texts(page, '.lane-name a')).toEqual(['fine']);
    expect(texts(page, '.broken')).toEqual(['7 crons are broken: b0, b1, b2, b3, b4 and 2 more']);
    const [path = ''] = attributes(page, '.broken a', 'href');
    expect(texts(await visitor.get(path), '#rows .badge')).toEqual(Array(7).fill('Broken'));
  });

  it('A site whose crons are all broken has no lanes', async () => {
    await world.edit('b', 'not JSON');
    expect(texts(await visitor.get(PATH), '#timeline .none')).toEqual(['No cron can run.']);
  });

  it('A site without crons has an empty timeline', async () => {
    expect(texts(await visitor.get(PATH), '#timeline .none')).toEqual(['There are no crons yet.']);
  });
});
