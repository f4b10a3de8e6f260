/**
 * What every Store must do. An adapter's test calls `storeContract` with a way to make an empty store; what only
 * one medium can show (calls, table layout, migrations) stays in that adapter's own test.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CronFields } from '../../lib/domain/cron.ts';
import { CRON_DEFAULTS } from '../../lib/domain/cron.ts';
import type { CrontabSettings } from '../../lib/domain/crontab-settings.ts';
import { dueTime, GRACE, type Job, newJob } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { type Projection, SETTLE_GRACE, type Store } from '../../lib/ports/store.ts';

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

function log(at: number, more: Partial<Log> = {}): Log {
  return { id: String(at / 1000), at, date: at + 1234, status: 'OK', messages: [], ...more };
}

function armedJob(site: string, uid: string, at = NOW): Job {
  return { ...newJob(site, uid), armed: { at, timing: '*/5 * * * * UTC' } };
}

/** A job that uses every field. */
function fullJob(site: string, uid: string): Job {
  return {
    ...newJob(site, uid),
    armed: { at: NOW, timing: '*/5 * * * * Europe/Paris' },
    pending: [{ at: NOW - 2 * MINUTE }, { at: NOW - MINUTE, forced: 'run-2' }],
    leases: [
      { at: NOW - 3 * MINUTE, runId: 'run-3', started: NOW - 3 * MINUTE + 250, expires: NOW + 9 * MINUTE },
      { at: NOW - 4 * MINUTE, forced: 'run-4', runId: 'run-4', started: NOW, expires: NOW + 8 * MINUTE },
    ],
    logs: [
      log(NOW - MINUTE, {
        status: 'WARN',
        messages: ['one', '', 'π “three” 🕐'],
        started: NOW,
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
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const keyText = ({ site, uid }: ParameterKey) => (uid === undefined ? site : `${site}/${uid}`);

/** The suite of the Store port. `make` gives an empty store each time, and `close` frees what it holds. */
export function storeContract(name: string, make: () => Promise<{ store: Store; close(): Promise<void> }>) {
  describe(`${name} keeps the contract of Store`, () => {
    let store: Store;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const made = await make();
      store = made.store;
      close = () => made.close();
    });
    afterEach(() => close());

    /** What `overdue` names, each once, sorted: a parameter may be named for its job and for itself. */
    const overdue = async (now: number) => [...new Set((await all(store.overdue(now))).map(keyText))].sort();

    /** Saves a job and returns it with its revision. */
    async function save(job: Job): Promise<Job> {
      const result = await store.saveJob(job);
      if (!result) throw new Error(`the job of ${job.site}/${job.uid} was not saved`);
      return result;
    }

    describe('when it is empty', () => {
      test('it knows no cron, no parameter, no site and no timer', async () => {
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
      test('a projected cron is read back with everything in it', async () => {
        const projection = saved('a', NOW, {
          user: 'arn:aws:iam::123456789012:role/editor',
          timezone: 'Europe/Paris',
          environ: { text: '', none: null, list: [1, [], {}], deep: { 'a.b': 'π 🕐', '#': -0.5 } },
        });
        expect(await store.project({ site: 'site', uid: 'a' }, projection, NOW)).toBe(true);

        expect(await store.read('site', 'a')).toEqual({ cron: projection });
        expect(await store.readProjection({ site: 'site', uid: 'a' })).toEqual(projection);
      });

      test('any JSON is an environ, also numbers and names that a medium may find odd', async () => {
        const environ = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
        await fc.assert(
          fc.asyncProperty(environ, async (drawn) => {
            const projection = saved('a', NOW, { environ: JSON.parse(JSON.stringify(drawn)) });
            await store.project({ site: 'site', uid: 'a' }, projection, NOW);
            expect((await store.read('site', 'a')).cron).toEqual(projection);
          }),
          { numRuns: 25 },
        );
        const odd = saved('a', NOW, { environ: { big: 1e300, small: 5e-324, long: 12345678901234567000 } });
        await store.project({ site: 'site', uid: 'a' }, odd, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(odd);
      });

      test('a bad version keeps the last good value beside its problems', async () => {
        const problems = [{ where: 'name', got: 'nothing', wanted: 'a runner', cure: 'Add a name.' }];
        const projection = { ...saved('a'), problems };
        await store.project({ site: 'site', uid: 'a' }, projection, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(projection);
      });

      test('a bad version that never was good has problems and no value', async () => {
        const problems = [{ where: 'value', got: '"{"', wanted: 'JSON', cure: 'Close the brace.' }];
        const projection: Projection<CronFields> = { modified: NOW, version: 3, problems };
        await store.project({ site: 'site', uid: 'a' }, projection, NOW);
        expect((await store.read('site', 'a')).cron).toEqual(projection);
      });

      test('the crontab of a site is read with each of its crons, and with no other site', async () => {
        const settings = switched(NOW, { activated: false, timezone: 'Asia/Tokyo' });
        expect(await store.project({ site: 'site' }, settings, NOW)).toBe(true);
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);

        expect(await store.read('site', 'a')).toEqual({ crontab: settings, cron: saved('a') });
        expect(await store.read('site', 'b')).toEqual({ crontab: settings });
        expect(await store.read('site-2', 'a')).toEqual({});
        expect(await store.readProjection({ site: 'site' })).toEqual(settings);
      });

      test('crons that are called like parts of the layout stay apart', async () => {
        for (const uid of ['cron', 'job', 'crontab', 'site']) {
          await store.project({ site: 'site', uid }, saved(uid), NOW);
        }
        const { crontab, crons } = await store.readSite('site');
        expect(crontab).toBeUndefined();
        expect(crons.map((cron) => cron.cron?.value?.uid)).toEqual(['cron', 'crontab', 'job', 'site']);
      });

      const presence = saved('a', NOW);
      test.each<[string, Projection<CronFields>, Projection<CronFields>, boolean]>([
        ['a later version replaces an earlier one', presence, { ...saved('a', NOW + 1), version: 2 }, true],
        ['an earlier version changes nothing', presence, { ...saved('a', NOW - 1), version: 9 }, false],
        ['the same version may come again', presence, presence, true],
        ['a version of the same instant may replace it', presence, { ...presence, version: 2 }, true],
        ['a later removal replaces a version', presence, gone(NOW + 1), true],
        ['a removal of the same instant replaces a version', presence, gone(NOW), true],
        ['an earlier removal changes nothing', presence, gone(NOW - 1), false],
        ['a version of the same instant does not replace a removal', gone(NOW), presence, false],
        ['an earlier version does not replace a removal', gone(NOW), saved('a', NOW - 1), false],
        ['a later version replaces a removal', gone(NOW), saved('a', NOW + 1), true],
        ['a removal may come again', gone(NOW), gone(NOW), true],
        ['a later removal replaces a removal', gone(NOW), gone(NOW + 5), true],
        ['an earlier removal does not replace a removal', gone(NOW), gone(NOW - 5), false],
      ])('%s', async (_, first, second, replaced) => {
        const key = { site: 'site', uid: 'a' };
        expect(await store.project(key, first, NOW)).toBe(true);
        expect(await store.project(key, second, NOW)).toBe(replaced);
        expect((await store.read('site', 'a')).cron).toEqual(replaced ? second : first);
      });

      test('of many versions in any order the last one stands', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.uuid(),
            fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 }),
            async (uid, order) => {
              await Promise.all(
                order.map((n) =>
                  store.project({ site: 'site', uid }, { ...saved(uid, NOW + n), version: n }, NOW),
                ),
              );
              expect((await store.read('site', uid)).cron?.version).toBe(Math.max(...order));
            },
          ),
          { numRuns: 15 },
        );
      });

      test('projecting leaves the job alone', async () => {
        const job = await save(fullJob('site', 'a'));
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);
        expect((await store.read('site', 'a')).job).toEqual(job);
      });
    });

    describe('sites', () => {
      test('they are known from their first parameter on, sorted, each once', async () => {
        await store.project({ site: 'zoo', uid: 'a' }, saved('a'), NOW);
        await store.project({ site: 'zoo', uid: 'b' }, saved('b'), NOW);
        await store.project({ site: 'b-2' }, switched(), NOW);
        await store.project({ site: 'b', uid: 'a' }, saved('a'), NOW);
        expect(await store.sites()).toEqual(['b', 'b-2', 'zoo']);
      });

      test('a site whose parameters are all gone is still known', async () => {
        await store.project({ site: 'zoo', uid: 'a' }, saved('a'), NOW);
        await store.project({ site: 'zoo', uid: 'a' }, gone(NOW + 1), NOW + 1);
        expect(await store.sites()).toEqual(['zoo']);
      });

      test('a site shows its crontab and its crons sorted by uid, with jobs, removals and orphans', async () => {
        await store.project({ site: 'site' }, switched(), NOW);
        await store.project({ site: 'site', uid: 'b' }, saved('b'), NOW);
        await store.project({ site: 'site', uid: 'a-1' }, gone(), NOW);
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.project({ site: 'site', uid: 'B' }, saved('B'), NOW);
        await store.project({ site: 'other', uid: 'x' }, saved('x'), NOW);
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

      test('a site of many crons with long logs is shown whole', async () => {
        const uids = Array.from({ length: 30 }, (_, n) => `cron-${String(n).padStart(2, '0')}`);
        const logs = Array.from({ length: 25 }, (_, n) =>
          log(NOW - n * MINUTE, { messages: Array.from({ length: 8 }, () => 'x'.repeat(500)) }),
        );
        for (const uid of uids) {
          await store.project({ site: 'site', uid }, saved(uid), NOW);
          await save({ ...armedJob('site', uid), logs });
        }
        const { crons } = await store.readSite('site');
        expect(crons.map((cron) => cron.uid)).toEqual(uids);
        for (const { job } of crons) expect(job?.logs).toEqual(logs);
        expect((await all(store.armed())).length).toBe(uids.length);
      });
    });

    describe('jobs', () => {
      test('a job is read back with everything in it, under the next revision', async () => {
        const job = fullJob('site', 'a');
        expect(await store.saveJob(job)).toEqual({ ...job, revision: 1 });
        expect(await store.read('site', 'a')).toEqual({ job: { ...job, revision: 1 } });
      });

      test('a job is replaced whole', async () => {
        const first = await save(fullJob('site', 'a'));
        const second = await save({ ...newJob('site', 'a'), revision: first.revision });
        expect(second.revision).toBe(2);
        expect((await store.read('site', 'a')).job).toEqual({ ...newJob('site', 'a'), revision: 2 });
      });

      test('whoever has not seen the latest revision changes nothing', async () => {
        const first = await save(armedJob('site', 'a'));
        const second = await save({ ...first, armed: { at: NOW + MINUTE, timing: 'x' } });
        expect(await store.saveJob(newJob('site', 'a'))).toBeUndefined();
        expect(await store.saveJob(first)).toBeUndefined();
        expect(await store.saveJob({ ...first, revision: 9 })).toBeUndefined();
        expect((await store.read('site', 'a')).job).toEqual(second);
      });

      test('a job that is not stored cannot be replaced', async () => {
        expect(await store.saveJob({ ...newJob('site', 'a'), revision: 3 })).toBeUndefined();
        expect(await store.read('site', 'a')).toEqual({});
      });

      test('of many who write at once one wins', async () => {
        const seen = await save(newJob('site', 'a'));
        const runs = Array.from({ length: 8 }, (_, n) => `run-${n}`);
        const results = await Promise.all(
          runs.map((runId) =>
            store.saveJob({ ...seen, leases: [{ at: NOW, runId, started: NOW, expires: NOW + MINUTE }] }),
          ),
        );
        const winners = results.filter((result) => result !== undefined);
        expect(winners).toHaveLength(1);
        expect((await store.read('site', 'a')).job).toEqual(winners[0]);
      });

      test('a job is removed by whoever has seen its latest revision, and by nobody else', async () => {
        const first = await save(armedJob('site', 'a'));
        const second = await save(first);
        expect(await store.removeJob(first)).toBe(false);
        expect((await store.read('site', 'a')).job).toEqual(second);
        expect(await store.removeJob(second)).toBe(true);
        expect(await store.read('site', 'a')).toEqual({});
        expect(await store.removeJob(second)).toBe(false);
      });

      test('a removed job starts again at its first revision', async () => {
        const job = await save(armedJob('site', 'a'));
        await store.removeJob(job);
        expect(await store.saveJob(job)).toBeUndefined();
        expect((await save(newJob('site', 'a'))).revision).toBe(1);
      });

      test('removing the job leaves the cron alone', async () => {
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.removeJob(await save(armedJob('site', 'a')));
        expect(await store.read('site', 'a')).toEqual({ cron: saved('a') });
      });

      test('the longest logs fit: at worst the oldest lose messages, and say so', async () => {
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

    describe('what is overdue', () => {
      test('an armed job, from its due time on', async () => {
        const job = await save(armedJob('site', 'a'));
        expect(await overdue(NOW + GRACE - 1)).toEqual([]);
        expect(await overdue(NOW + GRACE)).toEqual(['site/a']);
        await save({ ...job, armed: { at: NOW + MINUTE, timing: 'x' } });
        expect(await overdue(NOW + GRACE)).toEqual([]);
      });

      test.each<[string, Partial<Job>]>([
        [
          'a lease that expired',
          { leases: [{ at: NOW, runId: 'r', started: NOW, expires: NOW + 7 * MINUTE }] },
        ],
        ['an occurrence that waits for nobody', { pending: [{ at: NOW + 3 * MINUTE, forced: 'r' }] }],
      ])('%s', async (_, more) => {
        const job = await save({ ...newJob('site', 'a'), ...more });
        const due = dueTime(job) ?? 0;
        expect(await overdue(due - 1)).toEqual([]);
        expect(await overdue(due)).toEqual(['site/a']);
        await store.removeJob(job);
        expect(await overdue(due)).toEqual([]);
      });

      test('never a job that waits for nothing', async () => {
        await save(newJob('site', 'a'));
        expect(await overdue(Number.MAX_SAFE_INTEGER)).toEqual([]);
      });

      test('a parameter that is unsettled for more than a minute, until it is settled', async () => {
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.project({ site: 'site' }, switched(), NOW);
        expect(await overdue(NOW + SETTLE_GRACE - 1)).toEqual([]);
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual(['site', 'site/a']);
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual(['site']);
        await store.settle({ site: 'site' }, { modified: NOW });
        expect(await overdue(NOW + SETTLE_GRACE + 1)).toEqual([]);
      });

      test('a removal that is unsettled', async () => {
        await store.project({ site: 'site', uid: 'a' }, gone(), NOW);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
        await store.settle({ site: 'site', uid: 'a' }, gone());
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
        expect((await store.read('site', 'a')).cron).toEqual(gone());
      });

      test('a removal, also when the presence before it is settled too late', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.project(key, saved('a', NOW), NOW);
        await store.project(key, gone(), NOW);
        await store.settle(key, { modified: NOW });
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
      });

      test('what was settled before is unsettled again by a later version', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.project(key, saved('a', NOW), NOW);
        await store.settle(key, { modified: NOW });
        await store.project(key, saved('a', NOW + 1), NOW + MINUTE);
        expect(await overdue(NOW + 3 * MINUTE)).toEqual(['site/a']);
      });

      test('settling an earlier version does not settle a later one', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.project(key, saved('a', NOW + 1), NOW);
        await store.settle(key, { modified: NOW });
        expect(await overdue(NOW + 2 * MINUTE)).toEqual(['site/a']);
      });

      test('an earlier version that comes late does not unsettle', async () => {
        const key = { site: 'site', uid: 'a' };
        await store.project(key, saved('a', NOW), NOW);
        await store.settle(key, { modified: NOW });
        await store.project(key, saved('a', NOW - 1), NOW);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
      });

      test('settling what is unknown makes nothing, and settling changes nothing that is read', async () => {
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await store.read('site', 'a')).toEqual({});
        expect(await store.readSite('site')).toEqual({ crons: [] });
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);
        await store.settle({ site: 'site', uid: 'a' }, { modified: NOW });
        expect(await store.read('site', 'a')).toEqual({ cron: saved('a') });
      });

      test('all of many, of any site', async () => {
        const wanted: string[] = [];
        for (let n = 0; n < 60; n++) {
          const site = `site-${n % 7}`;
          await save(armedJob(site, `cron-${n}`, NOW + n * MINUTE));
          if (n < 40) wanted.push(`${site}/cron-${n}`);
        }
        expect(await overdue(NOW + GRACE + 39 * MINUTE)).toEqual(wanted.sort());
      });

      test('it can be settled while it is read', async () => {
        for (let n = 0; n < 20; n++) await store.project({ site: 'site', uid: `c${n}` }, saved(`c${n}`), NOW);
        const seen = new Set<string>();
        for await (const key of store.overdue(NOW + 2 * MINUTE)) {
          seen.add(keyText(key));
          await store.settle(key, { modified: NOW });
        }
        expect(seen.size).toBe(20);
        expect(await overdue(NOW + 2 * MINUTE)).toEqual([]);
      });
    });

    describe('armed times', () => {
      test('they are those of every job that has one, also far ahead', async () => {
        const far = NOW + 50 * 365 * 24 * 60 * MINUTE;
        await save(armedJob('site', 'a', NOW));
        await save(armedJob('other', 'a', far));
        await save(newJob('site', 'idle'));
        await save({ ...newJob('site', 'waiting'), pending: [{ at: NOW }] });
        await store.project({ site: 'site', uid: 'a' }, saved('a'), NOW);

        const timers = await all(store.armed());
        expect(timers.sort((a, b) => a.at - b.at)).toEqual([
          { site: 'site', uid: 'a', at: NOW },
          { site: 'other', uid: 'a', at: far },
        ]);
      });

      test('they follow the job', async () => {
        const job = await save(armedJob('site', 'a'));
        const later = await save({ ...job, armed: { at: NOW + MINUTE, timing: 'x' } });
        expect(await all(store.armed())).toEqual([{ site: 'site', uid: 'a', at: NOW + MINUTE }]);
        const { armed: _, ...idle } = later;
        const last = await save(idle);
        expect(await all(store.armed())).toEqual([]);
        const again = await save({ ...last, armed: { at: NOW, timing: 'x' } });
        await store.removeJob(again);
        expect(await all(store.armed())).toEqual([]);
      });
    });
  });
}
