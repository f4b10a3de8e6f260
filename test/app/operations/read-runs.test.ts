import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunRequest, readRuns } from '../../../lib/app/operations/read-runs.ts';
import { loadCron } from '../../../lib/core/domain/cron-schema.ts';
import { type Lease, newJob } from '../../../lib/core/domain/job.ts';
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
import { intercept } from '../../support/faulty.ts';
import { leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

/** Stores the records of one cron, oldest first, and its leases. */
async function record(
  site: string,
  uid: string,
  records: readonly RunRecord[],
  leases: readonly Lease[] = [],
) {
  const { store } = world.ports;
  await store.putProjection({ site, uid }, { modified: 1, version: 1 });
  const owned = records.map((one) => ({ ...one, site, uid }));
  await store.commit({ ...newJob(site, uid), leases, token: `${site}-${uid}` }, undefined, owned);
}

async function find(site: string | undefined, request: RunRequest, ports = {}): Promise<string[]> {
  const { runs } = await readRuns({ ...world.ports, ...ports }, site, request);
  return runs.map(({ uid, plannedAt, status }) => `${uid} ${(NOON - plannedAt) / MINUTE} ${status}`);
}

describe('readRuns', () => {
  beforeEach(async () => {
    await record('default', 'a', [
      recordOf(30),
      recordOf(20, { status: 'FAILURE', messages: ['The disk is full.', 'more'] }),
      recordOf(10, { forced: 'r10', requestedBy: 'ada', runner: 'other' }),
    ]);
    await record('shop', 'b', [
      notRunRecordOf(25, { reason: 'overlap' }),
      recordOf(15, { status: 'WARN', messages: ['late'] }),
      recordOf(5),
    ]);
  });

  it('The runs of a site are those that ended last first', async () => {
    expect(await find('default', {})).toEqual(['a 10 OK', 'a 20 FAILURE', 'a 30 OK']);
    expect(await find('nowhere', {})).toEqual([]);
  });

  it('The runs of crons with a tag are found by the last accepted definitions, also of removed crons', async () => {
    const { store } = world.ports;
    const value = loadCron({ uid: 'b', name: 'task', periodicity: '@daily', tags: ['eu'] }).fields();
    await store.putProjection(
      { site: 'shop', uid: 'b' },
      { modified: 2, version: 2, value, removedAt: NOON },
    );
    expect(await find(undefined, { tag: 'eu' })).toEqual(['b 5 OK', 'b 15 WARN', 'b 25 NOTRUN']);
    expect(await find('shop', { tag: 'eu', status: 'WARN' })).toEqual(['b 15 WARN']);
    expect(await find('shop', { tag: 'eu', uid: 'b', count: 1 })).toEqual(['b 5 OK']);
    expect(await find('default', { tag: 'eu' })).toEqual([]);
  });

  it('Runs in progress can be chosen by a tag', async () => {
    const { store } = world.ports;
    await record('shop', 'c', [], [leaseOf(NOON)]);
    await record('shop', 'd', [], [leaseOf(NOON)]);
    const value = loadCron({ uid: 'c', name: 'task', periodicity: '@daily', tags: ['eu'] }).fields();
    await store.putProjection({ site: 'shop', uid: 'c' }, { modified: 2, version: 2, value });
    expect(await find(undefined, { tag: 'eu', status: 'RUNNING' })).toEqual([expect.stringMatching(/^c /)]);
  });

  it('The runs of all sites are merged by their end', async () => {
    expect(await find(undefined, {})).toEqual([
      'b 5 OK',
      'a 10 OK',
      'b 15 WARN',
      'a 20 FAILURE',
      'b 25 NOTRUN',
      'a 30 OK',
    ]);
  });

  it('A caller sees the runs of the sites that they may see', async () => {
    const ports = { sees: (site: string) => site === 'shop' };
    expect(await find(undefined, { status: 'ATTENTION' }, ports)).toEqual(['b 15 WARN', 'b 25 NOTRUN']);
    expect(await find(undefined, { status: 'OK' }, ports)).toEqual(['b 5 OK']);
  });

  it.each<[string, RunRequest, string[]]>([
    ['what needs attention', { status: 'ATTENTION' }, ['b 15 WARN', 'a 20 FAILURE', 'b 25 NOTRUN']],
    ['one status', { status: 'NOTRUN' }, ['b 25 NOTRUN']],
    ['OK', { status: 'OK' }, ['b 5 OK', 'a 10 OK', 'a 30 OK']],
    ['the runner', { runner: 'other' }, ['a 10 OK']],
    ['the cron', { uid: 'a' }, ['a 10 OK', 'a 20 FAILURE', 'a 30 OK']],
    ['forced runs', { forced: true }, ['a 10 OK']],
    ['planned runs', { forced: false, uid: 'a' }, ['a 20 FAILURE', 'a 30 OK']],
    [
      'the period',
      {
        since: new Date(NOON - 20 * MINUTE).toISOString(),
        until: new Date(NOON - 10 * MINUTE).toISOString(),
      },
      ['b 15 WARN', 'a 20 FAILURE'],
    ],
  ])('Runs are filtered by %s', async (_, request, expected) => {
    expect(await find(undefined, request)).toEqual(expected);
  });

  it('A page names where the next one begins, and has the beginning of the first message', async () => {
    const first = await readRuns(world.ports, undefined, { count: 4 });
    expect(first.runs).toHaveLength(4);
    expect(first.runs[3]).toMatchObject({
      site: 'default',
      id: String((NOON - 20 * MINUTE) / 1000),
      runner: 'task',
      forced: false,
      messages: ['The disk is full.'],
    });
    expect(await find(undefined, { count: 4, cursor: first.cursor ?? '' })).toEqual([
      'b 25 NOTRUN',
      'a 30 OK',
    ]);
  });

  it('The runs of one cron at a site are one query of its records, by planned time', async () => {
    let calls = 0;
    const store = intercept(world.ports.store, 'records', (call) => {
      calls += 1;
      return call();
    });
    const since = new Date(NOON - 20 * MINUTE).toISOString();
    expect(await find('default', { uid: 'a', since }, { store })).toEqual(['a 10 OK', 'a 20 FAILURE']);
    expect(await find('default', { uid: 'a', status: 'FAILURE' }, { store })).toEqual(['a 20 FAILURE']);
    expect(calls).toBe(2);
  });

  it('The first pages have the runs in progress, unless a status or an end of the period excludes them', async () => {
    await record(
      'shop',
      'c',
      [recordOf(7)],
      [2, 3, 4].map((minutes) => leaseOf(NOON - minutes * MINUTE)),
    );
    const running = ['c 2 RUNNING', 'c 3 RUNNING', 'c 4 RUNNING'];
    expect(await find('shop', {})).toEqual([...running, 'b 5 OK', 'c 7 OK', 'b 15 WARN', 'b 25 NOTRUN']);
    expect(await find('shop', { uid: 'c' })).toEqual([...running, 'c 7 OK']);
    expect(await find('shop', { uid: 'c', tag: 'eu' })).toEqual([]);
    expect(await find(undefined, { status: 'ATTENTION', count: 4 })).toEqual([...running, 'b 15 WARN']);
    expect(await find('shop', { status: 'OK' })).toEqual(['b 5 OK', 'c 7 OK']);
    expect(await find('shop', { until: new Date(NOON - 6 * MINUTE).toISOString(), count: 1 })).toEqual([
      'c 7 OK',
    ]);
  });

  it.each([1, 2, 3, 4])(
    'Pages of %i runs list those in progress and then those that ended, each once',
    async (count) => {
      await record(
        'shop',
        'c',
        [],
        [2, 3, 4].map((minutes) => leaseOf(NOON - minutes * MINUTE)),
      );
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await readRuns(world.ports, 'shop', { count, cursor });
        expect(page.runs.length).toBeLessThanOrEqual(count);
        found.push(...page.runs.map(({ uid, plannedAt }) => `${uid} ${(NOON - plannedAt) / MINUTE}`));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(found).toEqual(['c 2', 'c 3', 'c 4', 'b 5', 'b 15', 'b 25']);
    },
  );

  it('The runs in progress come from the jobs', async () => {
    const lease = { ...leaseOf(NOON - 3 * MINUTE), runId: 'r3' };
    const forced = { ...leaseOf(NOON - 2 * MINUTE), forced: 'x', runId: 'x', requestedBy: 'ada' };
    await record('shop', 'c', [], [lease, forced]);
    expect(await find(undefined, { status: 'RUNNING' })).toEqual(['c 2 RUNNING', 'c 3 RUNNING']);
    expect(await find('shop', { status: 'RUNNING', forced: true })).toEqual(['c 2 RUNNING']);
    expect(await find('shop', { status: 'RUNNING', uid: 'b' })).toEqual([]);
    expect(await find('default', { status: 'RUNNING' })).toEqual([]);
    const first = await readRuns(world.ports, 'shop', { status: 'RUNNING', count: 1 });
    expect(first.runs.map(({ runId }) => runId)).toEqual(['x']);
    const { cursor } = first;
    const second = await readRuns(world.ports, 'shop', { status: 'RUNNING', count: 1, cursor });
    expect(second).toEqual({ runs: [expect.objectContaining({ runId: 'r3' })] });
    const { runs } = await readRuns(world.ports, 'shop', { status: 'RUNNING' });
    expect(runs[0]).toEqual({
      site: 'shop',
      uid: 'c',
      runner: '',
      id: `${(NOON - 2 * MINUTE) / 1000}-x`,
      plannedAt: NOON - 2 * MINUTE,
      startedAt: forced.claimedAt,
      status: 'RUNNING',
      messages: [],
      runId: 'x',
      forced: true,
      requestedBy: 'ada',
    });
  });
});
