import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLogs } from '../../../lib/app/operations/delete-logs.ts';
import { history, rollback } from '../../../lib/app/operations/history.ts';
import { listSites, readCron, readCrontab, siteNames } from '../../../lib/app/operations/read.ts';
import { readLogs } from '../../../lib/app/operations/read-logs.ts';
import {
  NotFoundError,
  ReadOnlyError,
  UnavailableError,
  VersionConflictError,
} from '../../../lib/core/domain/errors.ts';
import { siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import type { State } from '../../../lib/core/ports/store.ts';
import { commitJob } from '../../support/commit-job.ts';
import { intercept } from '../../support/faulty.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const KEY = { site: 'default', uid: 'a' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const read = (uid = 'a') => readCron(world.ports, 'default', uid);

/** Advances by so many hours and runs what is delivered. */
async function runFor(hours: number): Promise<void> {
  for (let n = 0; n < hours; n++) {
    await world.clock.advance(HOUR);
    for (const delivery of world.delivered.splice(0)) await world.run(delivery);
  }
}

describe('readCron, health', () => {
  it('A cron is new before its first run, and then has the health of its last run', async () => {
    await world.save('a', HOURLY);
    expect(await read()).toMatchObject({
      health: 'new',
      job: { finished: false, pending: true, next: NOON },
    });
    await runFor(1);
    expect(await read()).toMatchObject({ health: 'ok', job: { finished: true, last: { status: 'OK' } } });
    world.task = () => 'a remark';
    await runFor(1);
    expect((await read()).health).toBe('warning');
    world.task = () => Promise.reject(new Error('broken'));
    await runFor(1);
    expect((await read()).health).toBe('failing');
  });

  it('A failing cron stays failing when its next run is skipped', async () => {
    await world.save('a', HOURLY);
    world.task = () => Promise.reject(new Error('broken'));
    await runFor(1);
    await world.save('a', { ...HOURLY, activated: false });
    await world.run({ uid: 'a', plannedAt: world.clock.now(), forced: 'x' });
    await world.save('a', HOURLY);
    expect(await read()).toMatchObject({ health: 'failing', job: { last: { status: 'NOTRUN' } } });
  });

  it('A cron is late when its time has passed by more than the grace period', async () => {
    await world.save('a', HOURLY);
    await world.clock.advanceTo(NOON + 5 * MINUTE);
    expect((await read()).health).toBe('new');
    await world.clock.advance(1);
    expect(await read()).toMatchObject({ health: 'late', job: { late: true, next: NOON } });
  });

  it('A cron is late when the process of its run died', async () => {
    await world.save('a', HOURLY);
    const lease = leaseOf(NOON, NOON + MINUTE);
    await commitJob(world.ports.store, 'a', { armedAt: NOON + HOUR, leases: [lease] });
    await world.clock.advanceTo(NOON + MINUTE - 1);
    expect(await read()).toMatchObject({
      health: 'running',
      job: { running: true, runs: [lease], finished: false },
    });
    await world.clock.advance(1);
    expect(await read()).toMatchObject({ health: 'late', job: { running: false, runs: [] } });
  });

  it('A cron is off when it or its crontab is switched off, and broken when it was never valid', async () => {
    await world.save('a', { ...HOURLY, activated: false });
    expect(await read()).toMatchObject({ health: 'off', active: false, job: { present: false } });
    await world.save('b', HOURLY);
    await world.edit(undefined, '{"activated":false}');
    expect(await read('b')).toMatchObject({ health: 'off', active: false });
    await world.edit('c', '{');
    const broken = await read('c');
    expect(broken).toMatchObject({
      health: 'broken',
      active: false,
      parameter: { problems: [{ where: 'value' }] },
    });
    expect(broken.definition).toBeUndefined();
  });

  it('A cron lists what waits: the ends of its range of planned times, and the requested runs', async () => {
    await world.save('a', HOURLY);
    const forced = { plannedAt: NOON, forced: 'x' };
    await commitJob(world.ports.store, 'a', { armedAt: undefined, waitingForced: [forced] });
    expect((await read()).job).toMatchObject({ present: true, pending: true, waiting: [forced] });
    const waiting = { from: NOON - 3 * HOUR, to: NOON - HOUR };
    await commitJob(world.ports.store, 'a', { waiting });
    const times = [{ plannedAt: waiting.from }, { plannedAt: waiting.to }];
    expect((await read()).job.waiting).toEqual([...times, forced]);
    await commitJob(world.ports.store, 'a', { waiting: { from: NOON, to: NOON }, waitingForced: [] });
    expect((await read()).job.waiting).toEqual([{ plannedAt: NOON }]);
  });
});

describe('readCron, readCrontab and listSites', () => {
  it('A cron with a rejected edit shows the problems beside the definition in force', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', '{"name":"task","periodicity":"never"}');
    expect(await read()).toMatchObject({
      definition: HOURLY,
      parameter: { version: 2, problems: [{ where: 'periodicity' }] },
    });
  });

  it('A cron shows the next time of its new definition right after an edit', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
    expect((await read()).job.next).toBe(NOON - 15 * MINUTE);
  });

  it('A crontab lists its crons sorted by uid, with counts', async () => {
    await world.save('b', HOURLY);
    await world.save('a', { ...HOURLY, periodicity: '45 * * * *' });
    await world.save('c', { ...HOURLY, activated: false });
    await world.save('gone', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'gone' });
    await world.edit('d', '{');
    await projectParameter(world.ports, { site: 'default', uid: 'gone' });
    const crontab = await readCrontab(world.ports, 'default');
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['a', 'b', 'c', 'd']);
    expect(crontab.counts).toEqual({
      crons: 4,
      active: 2,
      running: 0,
      failing: 0,
      late: 0,
      rejected: 1,
      next: { uid: 'a', plannedAt: NOON - 15 * MINUTE },
    });
    expect(crontab.parameter).toBeUndefined();
  });

  it('An unknown site is refused, except the default site', async () => {
    expect((await readCrontab(world.ports, 'default')).counts).toMatchObject({ crons: 0 });
    await world.edit(undefined, '{}');
    await expect(readCrontab(world.ports, 'nowhere')).rejects.toThrow(siteNotFound('nowhere', ['default']));
  });

  it('A crontab shows the latest state of the fresh uids even when the query of the site lags behind', async () => {
    await world.edit(undefined, '{}');
    await world.save('c', HOURLY);
    const staleSite = await world.ports.store.readSite('default');
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await world.edit(undefined, '{"activated":false}');
    const store = intercept(world.ports.store, 'readSite', async () => staleSite);
    const crontab = await readCrontab({ ...world.ports, store }, 'default', { fresh: ['b', 'a'] });
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
    expect(crontab.settings.activated).toBe(false);
  });

  it('The list of sites has counts and at least the default site', async () => {
    expect(await siteNames(world.ports)).toEqual(['default']);
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    await world.save('a', HOURLY);
    const sites = await listSites(world.ports);
    expect(sites).toMatchObject([
      { site: 'default', settings: { timezone: 'Asia/Tokyo' }, counts: { crons: 1 } },
    ]);
    expect(sites[0]).not.toHaveProperty('crons');
  });

  it('Reading a site takes one query, however many crons it has', async () => {
    for (const uid of ['a', 'b', 'c']) await world.save(uid, HOURLY);
    let calls = 0;
    const store = new Proxy(world.ports.store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'function') calls += 1;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await readCrontab({ ...world.ports, store }, 'default');
    expect(calls).toBe(1);
  });
});

describe('readLogs and deleteLogs', () => {
  beforeEach(async () => {
    await world.save('a', { ...HOURLY, logsLimit: 25 });
    await runFor(12);
  });

  it('Run records are read ten at a time, newest first', async () => {
    const first = await readLogs(world.ports, 'default', 'a');
    expect(first.logs).toHaveLength(10);
    expect(first).toMatchObject({ total: 12, cursor: '10' });
    expect(first.logs[0]?.plannedAt).toBe(NOON + 11 * HOUR);
    const last = await readLogs(world.ports, 'default', 'a', { cursor: '10' });
    expect(last.logs.map(({ plannedAt }) => plannedAt)).toEqual([NOON + HOUR, NOON]);
    expect(last.cursor).toBeUndefined();
  });

  it('Selected run records are deleted, and unknown ids are ignored', async () => {
    const { logs } = await readLogs(world.ports, 'default', 'a');
    const ids = logs.slice(0, 2).map(({ id }) => id);
    expect(await deleteLogs(world.ports, 'default', 'a', [...ids, 'gone'])).toEqual({
      message: 'Deleted 2 logs of "a"; 10 logs are left.',
      changed: true,
      deleted: 2,
      left: 10,
    });
    expect(await deleteLogs(world.ports, 'default', 'a', ids)).toMatchObject({
      message: 'There was no such log of "a": nothing was deleted.',
      changed: false,
    });
    const allButOne = (await read()).logs.slice(1).map(({ id }) => id);
    expect((await deleteLogs(world.ports, 'default', 'a', allButOne)).message).toMatch(/; 1 log is left\.$/);
  });

  it('All run records are deleted at once, and the timer remains', async () => {
    const { job } = await read();
    expect((await deleteLogs(world.ports, 'default', 'a', 'all')).message).toBe(
      'Deleted 12 logs of "a"; none is left.',
    );
    expect(await read()).toMatchObject({ logs: [], health: 'new', job: { next: job.next } });
  });

  it('A run that ends while its records are deleted keeps its timer', async () => {
    const raced = Promise.withResolvers<void>();
    let isFirst = true;
    const store = intercept(world.ports.store, 'commit', async (commit) => {
      if (!isFirst) return commit();
      isFirst = false;
      await runFor(1);
      raced.resolve();
      return commit();
    });
    const deletion = deleteLogs({ ...world.ports, store }, 'default', 'a', 'all');
    await raced.promise;
    await world.clock.advance(MINUTE);
    expect(await deletion).toMatchObject({ deleted: 12, left: 1 });
    expect(await read()).toMatchObject({
      job: { next: NOON + 13 * HOUR, last: { plannedAt: NOON + 12 * HOUR } },
      logs: [{ plannedAt: NOON + 12 * HOUR }],
    });
  });

  it('Deleting the run records of a cron whose job is forgotten stores no job', async () => {
    let commits = 0;
    const forgetting = intercept(world.ports.store, 'read', async (call) => ({
      ...((await call()) as State),
      job: undefined,
    }));
    const store = intercept(forgetting, 'commit', async (commit) => {
      commits += 1;
      return commit();
    });
    expect(await deleteLogs({ ...world.ports, store }, 'default', 'a', 'all')).toMatchObject({ deleted: 12 });
    expect(commits).toBe(0);
  });

  it('Deleting run records fails with UnavailableError when every write of the job loses a race', async () => {
    let writes = 0;
    const store = intercept(world.ports.store, 'commit', async () => {
      writes += 1;
      return false;
    });
    const deletion = deleteLogs({ ...world.ports, store }, 'default', 'a', 'all');
    const refusal = expect(deletion).rejects.toThrow(UnavailableError);
    await world.clock.advance(MINUTE);
    await refusal;
    expect(writes).toBe(10);
  });

  it('Run records of a read-only crontab or an unknown cron are not deleted', async () => {
    await expect(deleteLogs(world.ports, 'default', 'b', 'all')).rejects.toThrow(NotFoundError);
    await world.edit(undefined, '{"readOnly":true}');
    await expect(deleteLogs(world.ports, 'default', 'a', 'all')).rejects.toThrow(ReadOnlyError);
    expect((await read()).logs).toHaveLength(12);
  });

  it('A cron that never ran has no run records', async () => {
    await world.edit('b', JSON.stringify(HOURLY));
    expect(await readLogs(world.ports, 'default', 'b')).toEqual({ logs: [], total: 0 });
    expect((await deleteLogs(world.ports, 'default', 'b', 'all')).changed).toBe(false);
  });
});

describe('history and restoreVersion', () => {
  const write = (text: string, by?: string) => world.ports.registry.write(KEY, text, by);
  const ONE = JSON.stringify(HOURLY);
  const TWO = JSON.stringify({ ...HOURLY, timeout: 60, environ: { token: 'x' } });

  it('A version is compared with the last valid one before it, not with a rejected one', async () => {
    const versions = [
      '{"name":"task","periodicity":"@daily"}',
      '{"name":"task","periodicity":"@dayly","timeout":60}',
      '{"name":',
      '{"name":"task","periodicity":"@hourly"}',
    ];
    for (const text of versions) await world.edit('b', text);
    const [repaired, broken, rejected, first] = await history(world.ports, { site: 'default', uid: 'b' });
    expect(repaired?.changes).toEqual([
      { field: 'periodicity', kind: 'changed', was: '@daily', is: '@hourly' },
    ]);
    expect(broken?.changes.map(({ field }) => field)).toEqual(['name', 'periodicity']);
    expect(rejected?.changes.map(({ field }) => field)).toEqual(['periodicity', 'timeout']);
    expect(first?.changes.map(({ field }) => field)).toEqual(['name', 'periodicity']);
  });

  it('The history lists the changes, the author and the problems of each version', async () => {
    await write(ONE);
    await write(TWO, 'alice');
    await write('{"name":"task","secret":"hunter2"}');
    await write('not even JSON');
    const versions = await history(world.ports, KEY);
    expect(versions.map(({ version, author, current }) => [version, author, current])).toEqual([
      [4, undefined, true],
      [3, undefined, false],
      [2, 'alice', false],
      [1, undefined, false],
    ]);
    expect(versions[3]).toMatchObject({
      definition: HOURLY,
      changes: [
        { field: 'name', kind: 'set', is: 'task' },
        { field: 'periodicity', kind: 'set', is: '0 * * * *' },
      ],
    });
    expect(versions[2]?.changes).toEqual([
      { field: 'environ.token', kind: 'set' },
      { field: 'timeout', kind: 'set', is: 60 },
    ]);
    expect(versions[1]).toMatchObject({ problems: [{ where: 'periodicity' }, { where: 'secret' }] });
    expect(JSON.stringify(versions)).not.toContain('hunter2');
    expect(versions[1]?.definition).toBeUndefined();
    expect(versions[0]).toMatchObject({ problems: [{ where: 'value' }] });
  });

  it('An earlier version is written again as the latest', async () => {
    await world.edit('a', ONE);
    await world.edit('a', TWO);
    expect(await rollback(world.ports, KEY, 1)).toEqual({
      message: expect.stringMatching(
        /^The cron "a" of "default" was rolled back to version 1\. It runs next at /,
      ),
      changed: true,
    });
    expect(await read()).toMatchObject({ definition: { timeout: 300 }, parameter: { version: 3 } });
    expect(await rollback(world.ports, KEY, 3)).toEqual({
      message: 'The cron "a" of "default" already equals version 3: nothing was saved.',
      changed: false,
    });
  });

  it('An earlier version of crontab settings is written again as the latest', async () => {
    await world.edit(undefined, '{"timezone":"Asia/Tokyo"}');
    await world.edit(undefined, '{}');
    await rollback(world.ports, { site: 'default' }, 1);
    expect((await readCrontab(world.ports, 'default')).settings.timezone).toBe('Asia/Tokyo');
    expect(await history(world.ports, { site: 'default' })).toHaveLength(3);
  });

  it('A version that is invalid, unknown or based on an outdated tag is not restored', async () => {
    await world.edit('a', '{');
    await world.edit('a', ONE);
    const { tag } = (await read()).parameter;
    await expect(rollback(world.ports, KEY, 1)).rejects.toMatchObject({
      name: 'InvalidError',
      problems: [{ where: 'value' }],
    });
    await expect(rollback(world.ports, KEY, 9)).rejects.toThrow(
      new NotFoundError('The cron "a" of "default" has no version 9.'),
    );
    await world.edit('a', TWO);
    await expect(rollback(world.ports, KEY, 2, { expected: [tag] })).rejects.toThrow(VersionConflictError);
    await world.edit(undefined, '{"readOnly":true}');
    await expect(rollback(world.ports, KEY, 2)).rejects.toThrow(ReadOnlyError);
    expect((await read()).parameter.version).toBe(3);
  });

  it('A defect in a runner check fails history and is not listed as a problem', async () => {
    await write(ONE);
    const runners = {
      describe: () => [],
      problems: () => {
        throw new TypeError('defect');
      },
    };
    await expect(history({ ...world.ports, runners }, KEY)).rejects.toThrow('defect');
  });
});
