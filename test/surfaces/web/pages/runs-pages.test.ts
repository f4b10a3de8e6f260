import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJob } from '../../../../lib/core/domain/job.ts';
import type { RunRecord } from '../../../../lib/core/domain/run-record.ts';
import { runsPath, runsQuery } from '../../../../lib/surfaces/web/pages/runs-query.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../../support/run-records.ts';
import { attributes, texts, type VisitedPage, Visitor } from '../../../support/visitor.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let visitor: Visitor;
beforeEach(async () => {
  world = makeWorld();
  visitor = new Visitor(world.ports);
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
  await world.clock.set(NOON);
  world.delivered.splice(0);
});
afterEach(() => world.close());

const rows = (page: VisitedPage) => texts(page, '#runs tbody tr');

async function recordAt(site: string, uid: string, records: readonly RunRecord[]) {
  const { store } = world.ports;
  await store.putProjection({ site, uid }, { modified: 1, version: 1 });
  const owned = records.map((one) => ({ ...one, site, uid }));
  await store.commit({ ...newJob(site, uid), token: `${site}-${uid}` }, undefined, owned);
}

describe('the list of runs', () => {
  it('The list of a site begins with what runs, and then has what needed attention in the last 24 hours', async () => {
    const lease = { ...leaseOf(NOON - 3 * MINUTE), forced: 'x', runId: 'x', requestedBy: 'ada' };
    await commitJob(world.ports.store, 'a', { leases: [lease] }, [
      recordOf(25 * 60, { status: 'FAILURE', messages: ['too old'] }),
      notRunRecordOf(90, {
        reason: 'missed',
        messages: ['It was missed.'],
        covers: { from: NOON - 3 * HOUR, count: 7, isMore: true },
      }),
      recordOf(60),
      recordOf(30, {
        status: 'FAILURE',
        messages: ['The disk is full.'],
        startedAt: NOON - 27 * MINUTE,
        endedAt: NOON - 26 * MINUTE,
      }),
    ]);
    const page = await visitor.get('/sites/default/runs');
    expect(rows(page)).toEqual([
      'Running a task 11:57 UTC by ada for 3 min',
      'Failed a task 11:30 UTC 1 min 26 minutes ago The disk is full. started 3 min late',
      'Not run a task 10:30 UTC – 1 hour ago It was missed. 7 or more planned times since 09:00 UTC',
    ]);
    const links = (cell: string) => attributes(page, `#runs ${cell} a`, 'href');
    expect(links('.state')).toEqual(links('.planned-at'));
    expect(texts(page, '.pager')).toEqual(['Searched back to Sun 1 Mar 12:00 UTC']);
    expect(attributes(page, 'nav.more a', 'href')[0]).toBe('/sites/default/runs');
    expect((await visitor.get('/sites/nowhere/runs')).status).toBe(404);
  });

  it('The list of all sites names the site of each run and has the times of its zone', async () => {
    await world.edit(undefined, '{"timezone": "Asia/Tokyo"}');
    await commitJob(world.ports.store, 'a', {}, [recordOf(30, { status: 'WARN', forced: 'f', runId: 'f' })]);
    await recordAt('shop', 'b', [recordOf(20)]);
    expect(rows(await visitor.get('/runs?show=all'))).toEqual([
      'OK b shop · task 11:40 UTC 1.5 s 19 minutes ago',
      'Warning a default · task 20:30 GMT+9 by hand 1.5 s 29 minutes ago',
    ]);
    const forced = await visitor.get('/runs?show=all&origin=forced');
    expect(attributes(forced, '#runs .name a', 'href')).toEqual(['/sites/default/crons/a']);
    expect(texts(forced, 'option[selected]')).toEqual(['all runs', 'last 24 hours', 'by hand']);
  });

  it('Older runs are a link away, page by page, and the way back to the newest', async () => {
    const records = Array.from({ length: 120 }, (_, n) => recordOf(n + 1)).reverse();
    await commitJob(world.ports.store, 'a', {}, records);
    const first = await visitor.get('/sites/default/runs?show=all&period=all');
    expect(rows(first)).toHaveLength(50);
    const [older = ''] = attributes(first, '.pager [rel="next"]', 'href');
    const second = await visitor.get(older);
    expect(rows(second)[0]).toContain('11:09 UTC');
    expect(attributes(second, '.pager [rel="first"]', 'href')).toEqual([
      '/sites/default/runs?show=all&period=all',
    ]);
    const [oldest = ''] = attributes(second, '.pager [rel="next"]', 'href');
    expect(texts(await visitor.get(oldest), '.pager')).toEqual(['Newest Searched to the oldest record']);
  });

  it('Many runs in progress have several pages, alone as before those that ended', async () => {
    for (let n = 10; n < 70; n++) await commitJob(world.ports.store, `c-${n}`, { leases: [leaseOf(NOON)] });
    await commitJob(world.ports.store, 'a', {}, [recordOf(30, { status: 'FAILURE' })]);
    for (const [path, expected] of [
      ['/sites/default/runs?show=running', 10],
      ['/runs?show=running', 10],
      ['/sites/default/runs', 11],
      ['/runs?show=all', 11],
    ] as const) {
      const first = await visitor.get(path);
      expect(rows(first)).toHaveLength(50);
      expect(texts(first, '.pager span')).toEqual(['More runs are in progress']);
      const [older = ''] = attributes(first, '.pager [rel="next"]', 'href');
      const second = await visitor.get(older);
      expect(rows(second), path).toHaveLength(expected);
      expect(rows(second)[0]).toContain('c-60');
      expect(attributes(second, '.pager [rel="first"]', 'href')).toEqual([path]);
    }
  });

  it('A search that found nothing so far says how far it went, and goes on', async () => {
    const records = Array.from({ length: 2_500 }, (_, n) => recordOf(n + 1)).reverse();
    await commitJob(world.ports.store, 'a', {}, [recordOf(3_000, { runner: 'other' }), ...records]);
    const first = await visitor.get('/sites/default/runs?show=all&period=week&runner=other');
    expect(texts(first, '#runs .empty')).toEqual(['Nothing matches so far.']);
    expect(texts(first, '.pager')).toEqual([
      expect.stringMatching(/^Searched back to Sun 1 Mar .* Search on$/),
    ]);
    const [next = ''] = attributes(first, '.pager [rel="next"]', 'href');
    expect(rows(await visitor.get(next))).toHaveLength(1);
  });

  it('The runs of crons with a tag are searched for as far as needed, and the filter shows the tag', async () => {
    await world.save('c', { name: 'task', periodicity: '@hourly', tags: ['eu'] });
    const records = Array.from({ length: 2_500 }, (_, n) => recordOf(n + 1, { uid: 'b' })).reverse();
    await commitJob(world.ports.store, 'b', {}, records);
    await commitJob(world.ports.store, 'c', {}, [recordOf(3_000, { uid: 'c' })]);
    const first = await visitor.get('/sites/default/runs?show=all&period=week&tag=eu');
    expect(attributes(first, '[name="tag"]', 'value')).toEqual(['eu']);
    expect(texts(first, '#runs .empty')).toEqual(['Nothing matches so far.']);
    const [next = ''] = attributes(first, '.pager [rel="next"]', 'href');
    expect(next).toContain('tag=eu');
    expect(rows(await visitor.get(next))).toHaveLength(1);
  });

  it.each([
    ['/runs', 'Nothing needs attention: every run was OK (last 24 hours). Show all runs'],
    ['/runs?show=running', 'Nothing runs at the moment.'],
    ['/runs?show=failed', 'No such run (last 24 hours). Show all runs that are kept'],
    ['/runs?uid=b&period=all', 'No such run (all that is kept). Show all runs that are kept'],
  ])('The list %s is empty and says why', async (path, text) => {
    expect(texts(await visitor.get(path), '#runs .empty')).toEqual([text]);
  });
});

describe('the query of the list', () => {
  it('A path has what differs from the defaults, and is read back', () => {
    const query = {
      site: 'shop',
      show: 'all',
      period: 'week',
      origin: 'forced',
      uid: 'a',
      runner: 'http',
      tag: 'eu',
      cursor: '5.a.b',
    } as const;
    const path = runsPath(query);
    expect(path).toBe(
      '/sites/shop/runs?show=all&period=week&origin=forced&uid=a&runner=http&tag=eu&cursor=5.a.b',
    );
    expect(runsQuery(Object.fromEntries(new URLSearchParams(path.split('?')[1])), 'shop')).toEqual(query);
    expect(runsPath({})).toBe('/runs');
  });

  it('Invalid parameters have their defaults', () => {
    const invalid = {
      show: 'x',
      period: 'toString',
      origin: '',
      uid: 'not a uid',
      tag: 'No Tag',
      cursor: '1e9',
    };
    expect(runsPath(runsQuery(invalid, undefined))).toBe('/runs');
  });
});
