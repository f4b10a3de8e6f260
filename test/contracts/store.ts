/**
 * The contract of Store. The test of an adapter calls `storeContract` with a factory of empty stores; that test also
 * covers what only its medium can show: calls, table layout, migrations.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CronFields } from '../../lib/core/domain/cron.ts';
import { CRON_DEFAULTS } from '../../lib/core/domain/cron.ts';
import type { CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import { type Job, newJob, nextCheckTime } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { GRACE_MS } from '../../lib/core/domain/occurrence.ts';
import type { Projection } from '../../lib/core/domain/projection.ts';
import { SETTLE_GRACE, type Store } from '../../lib/core/ports/store.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;

function cronFields(uid: string, more: Partial<CronFields> = {}): CronFields {
  return { ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '*/5 * * * *', ...more };
}

function saved(uid: string, modified = NOW, more: Partial<CronFields> = {}): Projection<CronFields> {
  return { modified, version: 1, value: cronFields(uid, more) };
}

function switched(modified = NOW, more: Partial<CrontabSettings> = {}): Projection<CrontabSettings> {
  return { modified, version: 1, value: { activated: true, readOnly: false, timezone: 'UTC', ...more } };
}

function gone(modified = NOW): Projection<CronFields> {
  return { modified, version: 1, removed: true };
}

function log(plannedAt: number, more: Partial<Log> = {}): Log {
  return {
    id: String(plannedAt / 1000),
    plannedAt,
    date: plannedAt + 1234,
    status: 'OK',
    messages: [],
    ...more,
  };
}

function armedJob(site: string, uid: string, plannedAt = NOW): Job {
  return { ...newJob(site, uid), armed: { plannedAt, timing: '*/5 * * * * UTC' } };
}

/** A job that uses every field. */
function fullJob(site: string, uid: string): Job {
  return {
    ...newJob(site, uid),
    armed: { plannedAt: NOW, timing: '*/5 * * * * Europe/Paris' },
    pending: [{ plannedAt: NOW - 2 * MINUTE }, { plannedAt: NOW - MINUTE, forced: 'run-2' }],
    leases: [
      {
        plannedAt: NOW - 3 * MINUTE,
        runId: 'run-3',
        startedAt: NOW - 3 * MINUTE + 250,
        expiresAt: NOW + 9 * MINUTE,
      },
      {
        plannedAt: NOW - 4 * MINUTE,
        forced: 'run-4',
        runId: 'run-4',
        startedAt: NOW,
        expiresAt: NOW + 8 * MINUTE,
      },
    ],
    logs: [
      log(NOW - MINUTE, {
        status: 'WARN',
        messages: ['one', '', 'π “three” 🕐'],
        startedAt: NOW,
        runId: 'run-1',
      }),
      log(NOW - 9 * MINUTE, {
        status: 'NOTRUN',
        messages: ['missed'],
        covers: { from: NOW - MINUTE * 60, count: 12 },
      }),
    ],
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const array: T[] = [];
  for await (const item of items) array.push(item);
  return array;
}

const keyText = ({ site, uid }: ParameterKey) => (uid === undefined ? site : `${site}/${uid}`);

/** The contract of Store. `make` returns an empty store, and `close` releases its resources. */
export function storeContract(name: string, make: () => Promise<{ store: Store; close(): Promise<void> }>) {
  describe(`${name} as Store`, () => {
    let store: Store;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const subject = await make();
      store = subject.store;
      close = () => subject.close();
    });
    afterEach(() => close());

    /** The sorted keys of `overdue`, each once: it may list a parameter for its job and for itself. */
    const overdue = async (now: number) => [...new Set((await all(store.overdue(now))).map(keyText))].sort();

    /** Saves a job and returns it with its revision. */
    async function save(job: Job): Promise<Job> {
      const result = await store.saveJob(job);
      if (!result) throw new Error(`the job of ${job.site}/${job.uid} was not saved`);
      return result;
    }

    describe('an empty store', () => {
      test('An empty store has no cron, parameter, site or timer', async () => {
        expect(await store.read('site', 'a')).toEqual({});
        expect(await store.readProjection({ site: 'site', uid: 'a' })).toBeUndefined();
        expect(await store.readProjection({ site: 'site' })).toBeUndefined();
        expect(await store.readSite('site')).toEqual({ crons: [] });
        expect(await store.sites()).toEqual([]);
        expect(await overdue(NOW)).toEqual([]);
        expect(await all(store.armed())).toEqual([]);
      });
    });

    describe('projections', () => {
      test('A projected cron is read back with all its fields', async () => {
        const projection = saved('a', NOW, {
          user: 'arn:aws:iam::123456789012:role/editor',
          timezone: 'Europe/Paris',
          environ: { text: '', none: null, list: [1, [], {}], deep: { 'a.b': 'π 🕐', '#': -0.5 } },
        });
        expect(await store.putProjection({ site: 'site', uid: 'a' }, projection, NOW)).toBe(true);

        expect(await store.read('site', 'a')).toEqual({ cron: projection });
        expect(await store.readProjection({ site: 'site', uid: 'a' })).toEqual(projection);
      });

      test('An environ may be any JSON, including numbers and names that a medium may treat specially', async () => {
        const environ = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
        await fc.assert(
          fc.asyncProperty(environ, async (anyEnviron) => {
            const projection = saved('a', NOW, { environ: JSON.parse(JSON.stringify(anyEnviron)) });
            await store.putProjection({ site: 'site', uid: 'a' }, projection, NOW);
            expect((await store.read('site', 'a')).cron).toEqual(projection);
          }),
          { numRuns: 25 },
        );
        const extremes = saved('a', NOW, {
          environ: { big: 1e300, small: 5e-324, long: 12345678901234567000 },
        });
        await store.putProjection({ site: 'site', uid: 'a' }, extremes, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(extremes);
      });

      test('A projection of an invalid version keeps the last good value beside its problems', async () => {
        const problems = [{ where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' }];
        const projection = { ...saved('a'), problems };
        await store.putProjection({ site: 'site', uid: 'a' }, projection, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(projection);
      });

      test('A projection of a parameter that was never valid has problems and no value', async () => {
        const problems = [{ where: 'value', got: '"{"', wanted: 'JSON', fix: 'Close the brace.' }];
        const projection: Projection<CronFields> = { modified: NOW, version: 3, problems };
        await store.putProjection({ site: 'site', uid: 'a' }, projection, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(projection);
      });

      test('The crontab of a site is read with each of its crons, and with no other site', async () => {
        const settings = switched(NOW, { activated: false, timezone: 'Asia/Tokyo' });
        expect(await store.putProjection({ site: 'site' }, settings, NOW)).toBe(true);
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);

        expect(await store.read('site', 'a')).toEqual({ crontab: settings, cron: saved('a') });
        expect(await store.read('site', 'b')).toEqual({ crontab: settings });
        expect(await store.read('site-2', 'a')).toEqual({});
        expect(await store.readProjection({ site: 'site' })).toEqual(settings);
      });

      test('Crons whose uids are names of the layout do not collide with it', async () => {
        for (const uid of ['cron', 'job', 'crontab', 'site']) {
          await store.putProjection({ site: 'site', uid }, saved(uid), NOW);
        }
        const { crontab, crons } = await store.readSite('site');
        expect(crontab).toBeUndefined();
        expect(crons.map((cron) => cron.cron?.value?.uid)).toEqual(['cron', 'crontab', 'job', 'site']);
      });

      const presence = saved('a', NOW);
      test.each<[string, Projection<CronFields>, Projection<CronFields>, boolean]>([
        ['A later version replaces an earlier one', presence, { ...saved('a', NOW + 1), version: 2 }, true],
        ['An earlier version changes nothing', presence, { ...saved('a', NOW - 1), version: 9 }, false],
        ['The same version may be projected again', presence, presence, true],
        ['A version replaces another of the same time', presence, { ...presence, version: 2 }, true],
        ['A later removal replaces a version', presence, gone(NOW + 1), true],
        ['A removal of the same time replaces a version', presence, gone(NOW), true],
        ['An earlier removal changes nothing', presence, gone(NOW - 1), false],
        ['A version of the same time does not replace a removal', gone(NOW), presence, false],
        ['An earlier version does not replace a removal', gone(NOW), saved('a', NOW - 1), false],
        ['A later version replaces a removal', gone(NOW), saved('a', NOW + 1), true],
        ['A removal may be projected again', gone(NOW), gone(NOW), true],
        ['A later removal replaces a removal', gone(NOW), gone(NOW + 5), true],
        ['An earlier removal does not replace a removal', gone(NOW), gone(NOW - 5), false],
      ])('%s', async (_, first, second, isReplaced) => {
        const key = { site: 'site', uid: 'a' };
        expect(await store.putProjection(key, first, NOW)).toBe(true);
        expect(await store.putProjection(key, second, NOW)).toBe(isReplaced);
        expect((await store.read('site', 'a')).cron).toEqual(isReplaced ? second : first);
      });

      test('The latest of many versions remains, in whatever order they are projected', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.uuid(),
            fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }),
            async (uid, order) => {
              await Promise.all(
                order.map((n) =>
                  store.putProjection({ site: 'site', uid }, { ...saved(uid, NOW + n), version: n }, NOW),
                ),
              );
              expect((await store.read('site', uid)).cron?.version).toBe(Math.max(...order));
            },
          ),
          { numRuns: 15 },
        );
      });

      test('Projecting a cron leaves its job alone', async () => {
        const job = await save(fullJob('site', 'a'));
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);
        expect((await store.read('site', 'a')).job).toEqual(job);
      });
    });

    describe('sites', () => {
      test('The list of sites is sorted and has each site once, from its first parameter on', async () => {
        await store.putProjection({ site: 'zoo', uid: 'a' }, saved('a'), NOW);
        await store.putProjection({ site: 'zoo', uid: 'b' }, saved('b'), NOW);
        await store.putProjection({ site: 'b-2' }, switched(), NOW);
        await store.putProjection({ site: 'b', uid: 'a' }, saved('a'), NOW);
        expect(await store.sites()).toEqual(['b', 'b-2', 'zoo']);
      });

      test('A site whose parameters are all removed is still listed', async () => {
        await store.putProjection({ site: 'zoo', uid: 'a' }, saved('a'), NOW);
        await store.putProjection({ site: 'zoo', uid: 'a' }, gone(NOW + 1), NOW + 1);
        expect(await store.sites()).toEqual(['zoo']);
      });

      test('A site is read with its crontab and its crons sorted by uid, with jobs, removals and orphans', async () => {
        await store.putProjection({ site: 'site' }, switched(), NOW);
        await store.putProjection({ site: 'site', uid: 'b' }, saved('b'), NOW);
        await store.putProjection({ site: 'site', uid: 'a-1' }, gone(), NOW);
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.putProjection({ site: 'site', uid: 'B' }, saved('B'), NOW);
        await store.putProjection({ site: 'other', uid: 'x' }, saved('x'), NOW);
        const job = await save(fullJob('site', 'a'));
        const orphan = await save(newJob('site', 'c'));

        expect(await store.readSite('site')).toEqual({
          crontab: switched(),
          crons: [
            { uid: 'B', cron: saved('B') },
            { uid: 'a', cron: saved('a'), job },
            { uid: 'a-1', cron: gone() },
            { uid: 'b', cron: saved('b') },
            { uid: 'c', job: orphan },
          ],
        });
      });

      test('A site of many crons with long run records is read completely', async () => {
        const uids = Array.from({ length: 30 }, (_, n) => `cron-${String(n).padStart(2, '0')}`);
        const logs = Array.from({ length: 25 }, (_, n) =>
          log(NOW - n * MINUTE, { messages: Array.from({ length: 8 }, () => 'x'.repeat(500)) }),
        );
        for (const uid of uids) {
          await store.putProjection({ site: 'site', uid }, saved(uid), NOW);
          await save({ ...armedJob('site', uid), logs });
        }
        const { crons } = await store.readSite('site');
        expect(crons.map((cron) => cron.uid)).toEqual(uids);
        for (const { job } of crons) expect(job?.logs).toEqual(logs);
        expect((await all(store.armed())).length).toBe(uids.length);
      });
    });

    describe('jobs', () => {
      test('A job is read back with all its fields, under the next revision', async () => {
        const job = fullJob('site', 'a');
        expect(await store.saveJob(job)).toEqual({ ...job, revision: 1 });
        expect(await store.read('site', 'a')).toEqual({ job: { ...job, revision: 1 } });
      });

      test('Saving a job replaces all of it', async () => {
        const first = await save(fullJob('site', 'a'));
        const second = await save({ ...newJob('site', 'a'), revision: first.revision });
        expect(second.revision).toBe(2);
        expect((await store.read('site', 'a')).job).toEqual({ ...newJob('site', 'a'), revision: 2 });
      });

      test('A write with an outdated revision of the job changes nothing', async () => {
        const first = await save(armedJob('site', 'a'));
        const second = await save({ ...first, armed: { plannedAt: NOW + MINUTE, timing: 'x' } });
        expect(await store.saveJob(newJob('site', 'a'))).toBeUndefined();
        expect(await store.saveJob(first)).toBeUndefined();
        expect(await store.saveJob({ ...first, revision: 9 })).toBeUndefined();
        expect((await store.read('site', 'a')).job).toEqual(second);
      });

      test('A job that is not stored cannot be replaced', async () => {
        expect(await store.saveJob({ ...newJob('site', 'a'), revision: 3 })).toBeUndefined();
        expect(await store.read('site', 'a')).toEqual({});
      });

      test('One of many concurrent writes of a job succeeds', async () => {
        const job = await save(newJob('site', 'a'));
        const runs = Array.from({ length: 8 }, (_, n) => `run-${n}`);
        const results = await Promise.all(
          runs.map((runId) =>
            store.saveJob({
              ...job,
              leases: [{ plannedAt: NOW, runId, startedAt: NOW, expiresAt: NOW + MINUTE }],
            }),
          ),
        );
        const winners = results.filter((result) => result !== undefined);
        expect(winners).toHaveLength(1);
        expect((await store.read('site', 'a')).job).toEqual(winners[0]);
      });

      test('Removing a job needs its latest revision', async () => {
        const first = await save(armedJob('site', 'a'));
        const second = await save(first);
        expect(await store.removeJob(first)).toBe(false);
        expect((await store.read('site', 'a')).job).toEqual(second);
        expect(await store.removeJob(second)).toBe(true);
        expect(await store.read('site', 'a')).toEqual({});
        expect(await store.removeJob(second)).toBe(false);
      });

      test('A removed job restarts at its first revision', async () => {
        const job = await save(armedJob('site', 'a'));
        await store.removeJob(job);
        expect(await store.saveJob(job)).toBeUndefined();
        expect((await save(newJob('site', 'a'))).revision).toBe(1);
      });

      test('Removing the job leaves the cron alone', async () => {
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.removeJob(await save(armedJob('site', 'a')));
        expect(await store.read('site', 'a')).toEqual({ cron: saved('a') });
      });

      test('The longest run records fit into a job, and at worst the oldest ones lose messages and report it', async () => {
        const logs = Array.from({ length: 25 }, (_, n) =>
          log(NOW - n * MINUTE, { messages: Array.from({ length: 20 }, () => '時'.repeat(500)) }),
        );
        await save({ ...armedJob('site', 'a'), logs });
        const job = (await store.read('site', 'a')).job;
        expect(job?.logs.map(({ messages, ...rest }) => rest)).toEqual(
          logs.map(({ messages, ...rest }) => rest),
        );
        expect(job?.logs.slice(0, 5)).toEqual(logs.slice(0, 5));
        for (const { messages } of job?.logs ?? []) expect(messages).not.toEqual([]);
      });
    });

    describe('overdue', () => {
      test('A job with an armed time is overdue from its due time on', async () => {
        const job = await save(armedJob('site', 'a'));
        expect(await overdue(NOW + GRACE_MS - 1)).toEqual([]);
        expect(await overdue(NOW + GRACE_MS)).toEqual(['site/a']);
        await save({ ...job, armed: { plannedAt: NOW + MINUTE, timing: 'x' } });
        expect(await overdue(NOW + GRACE_MS)).toEqual([]);
      });

      test.each<[string, Partial<Job>]>([
        [
          'an expired lease',
          { leases: [{ plannedAt: NOW, runId: 'r', startedAt: NOW, expiresAt: NOW + 7 * MINUTE }] },
        ],
        ['a pending occurrence and no lease', { pending: [{ plannedAt: NOW + 3 * MINUTE, forced: 'r' }] }],
      ])('A job with %s is overdue from its due time on, until it is removed', async (_, more) => {
        const job = await save({ ...newJob('site', 'a'), ...more });
        const due = nextCheckTime(job) ?? 0;
        expect(await overdue(due - 1)).toEqual([]);
        expect(await overdue(due)).toEqual(['site/a']);
        await store.removeJob(job);
        expect(await overdue(due)).toEqual([]);
      });

      test('A job without an armed time, a lease or a pending occurrence is never overdue', async () => {
        await save(newJob('site', 'a'));
        expect(await overdue(Number.MAX_SAFE_INTEGER)).toEqual([]);
      });

      test('A parameter is overdue from a minute after its projection until it is settled', async () => {
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.putProjection({ site: 'site' }, switched(), NOW);
        expect(await overdue(NOW + SETTLE_GRACE - 1)).toEqual([]);
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual(['site', 'site/a']);
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual(['site']);
        await store.settle({ site: 'site' }, { modified: NOW });
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual([]);
      });

      test('An unsettled removal is overdue', async () => {
        await store.putProjection({ site: 'site', uid: 'a' }, gone(), NOW);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
        await store.settle({ site: 'site', uid: 'a' }, gone());
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
        expect((await store.read('site', 'a')).cron).toEqual(gone());
      });

      test('A removal is overdue even when the version before it is settled after it', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.putProjection(key, saved('a', NOW), NOW);
        await store.putProjection(key, gone(), NOW);
        await store.settle(key, { modified: NOW });
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
      });

      test('A later version makes a settled parameter overdue again', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.putProjection(key, saved('a', NOW), NOW);
        await store.settle(key, { modified: NOW });
        await store.putProjection(key, saved('a', NOW + 1), NOW + MINUTE);
        expect(await overdue(NOW + 3 * MINUTE)).toEqual(['site/a']);
      });

      test('Settling an earlier version does not settle a later one', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.putProjection(key, saved('a', NOW + 1), NOW);
        await store.settle(key, { modified: NOW });
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
      });

      test('An earlier version that arrives late does not unsettle a later one', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.putProjection(key, saved('a', NOW), NOW);
        await store.settle(key, { modified: NOW });
        await store.putProjection(key, saved('a', NOW - 1), NOW);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
      });

      test('Settling an unknown parameter makes nothing, and settling changes nothing that is read', async () => {
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await store.read('site', 'a')).toEqual({});
        expect(await store.readSite('site')).toEqual({ crons: [] });
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await store.read('site', 'a')).toEqual({ cron: saved('a') });
      });

      test('All of many overdue jobs are found, on any site', async () => {
        const dueKeys: string[] = [];
        for (let n = 0; n < 60; n++) {
          const site = `site-${n % 7}`;
          await save(armedJob(site, `cron-${n}`, NOW + n * MINUTE));
          if (n < 40) dueKeys.push(`${site}/cron-${n}`);
        }
        expect(await overdue(NOW + GRACE_MS + 39 * MINUTE)).toEqual(dueKeys.sort());
      });

      test('Overdue parameters can be settled while they are listed', async () => {
        for (let n = 0; n < 20; n++)
          await store.putProjection({ site: 'site', uid: `c${n}` }, saved(`c${n}`), NOW);
        const listedKeys = new Set<string>();
        for await (const key of store.overdue(NOW + 2 * MINUTE)) {
          listedKeys.add(keyText(key));
          await store.settle(key, { modified: NOW });
        }
        expect(listedKeys.size).toBe(20);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
      });
    });

    describe('armed', () => {
      test('Every job with an armed time is listed, even when it is far ahead', async () => {
        const far = NOW + 50 * 365 * 24 * 60 * MINUTE;
        await save(armedJob('site', 'a', NOW));
        await save(armedJob('other', 'a', far));
        await save(newJob('site', 'idle'));
        await save({ ...newJob('site', 'waiting'), pending: [{ plannedAt: NOW }] });
        await store.putProjection({ site: 'site', uid: 'a' }, saved('a'), NOW);

        const timers = await all(store.armed());
        expect(timers.sort((a, b) => a.plannedAt - b.plannedAt)).toEqual([
          { site: 'site', uid: 'a', plannedAt: NOW },
          { site: 'other', uid: 'a', plannedAt: far },
        ]);
      });

      test('The listed armed time follows the job', async () => {
        const job = await save(armedJob('site', 'a'));
        const later = await save({ ...job, armed: { plannedAt: NOW + MINUTE, timing: 'x' } });
        expect(await all(store.armed())).toEqual([{ site: 'site', uid: 'a', plannedAt: NOW + MINUTE }]);
        const { armed: _, ...idle } = later;
        const last = await save(idle);
        expect(await all(store.armed())).toEqual([]);
        const again = await save({ ...last, armed: { plannedAt: NOW, timing: 'x' } });
        await store.removeJob(again);
        expect(await all(store.armed())).toEqual([]);
      });
    });
  });
}
