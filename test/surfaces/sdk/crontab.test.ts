/** Follows the manual of collective.cron for its programming interface, under the headings of that manual. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCron } from '../../../lib/app/operations/add-cron.ts';
import { changesText } from '../../../lib/app/operations/field-changes.ts';
import { Cron } from '../../../lib/core/domain/cron.ts';
import {
  attempt,
  CloudtabError,
  ConflictError,
  NotFoundError,
  ReadOnlyError,
  UnavailableError,
  VersionConflictError,
} from '../../../lib/core/domain/errors.ts';
import { Crontab } from '../../../lib/surfaces/sdk/crontab.ts';
import { Crontabs } from '../../../lib/surfaces/sdk/crontabs.ts';
import { clientOn } from '../../support/client.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
let crontab: Crontab;
beforeEach(async () => {
  world = makeWorld();
  crontab = await Crontab.load(clientOn(world.ports), 'default');
});
afterEach(() => world.close());

const again = () => Crontab.load(clientOn(world.ports), 'default');
const DAILY = { name: 'task', periodicity: '@daily' };

describe('Crontab', () => {
  it('A crontab holds all crons of a site, and those that are loaded come sorted by uid', async () => {
    crontab.add({ ...DAILY, uid: 'b' });
    crontab.add({ ...DAILY, uid: 'a' });
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b', 'a']);
    await crontab.save();
    expect((await again()).crons.map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect((await again()).byUid('a')).toMatchObject(DAILY);
  });

  it('A crontab can be switched off and on', async () => {
    crontab.activated = false;
    expect(await crontab.save()).toMatchObject({ changed: true, readOnly: false });
    expect((await again()).activated).toBe(false);
    crontab.activated = true;
    await crontab.save();
    expect((await again()).activated).toBe(true);
  });

  it('A crontab has a time zone for crons without their own', async () => {
    crontab.timezone = 'Europe/Paris';
    await crontab.save();
    expect((await again()).timezone).toBe('Europe/Paris');
  });

  it('A dump holds the crontab, its crons and their run records as JSON and can be loaded again', async () => {
    crontab.add({ ...DAILY, uid: 'a', environ: { foo: 'bar' } });
    await crontab.save();
    const dump = crontab.dump();
    expect(dump).toMatchObject({
      site: 'default',
      activated: true,
      crons: [{ uid: 'a', name: 'task', environ: { foo: 'bar' }, logs: [] }],
    });
    const copy = await Crontab.load(clientOn(world.ports), 'other');
    for (const cron of dump.crons) copy.add(JSON.stringify(cron));
    expect(copy.crons[0]?.similar(crontab.byUid('a'))).toBe(true);
  });

  it('Saving writes all changes, joins their messages and publishes an event for each', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b' });
    const { ports, close } = makeWorld();
    const results = [
      await addCron(ports, 'default', { ...DAILY, uid: 'a' }),
      await addCron(ports, 'default', { ...DAILY, uid: 'b' }),
    ];
    close();
    expect(await crontab.save()).toEqual({
      changed: true,
      readOnly: false,
      message: results.map(({ message }) => message).join(' '),
    });
    expect(world.events).toMatchObject([
      { type: 'ModifiedCrontab', detail: { uid: 'a', change: 'saved' } },
      { type: 'ModifiedCrontab', detail: { uid: 'b', change: 'saved' } },
    ]);
  });

  it('Saving without changes writes nothing', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    expect(await crontab.save()).toEqual({
      changed: false,
      readOnly: false,
      message: 'The crontab of "default" needs no change: nothing was saved.',
    });
    expect((await world.ports.registry.read({ site: 'default', uid: 'a' }))?.version).toBe(1);
  });

  it('Saving one cron leaves the other changes in memory', async () => {
    const a = crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b' });
    await crontab.saveCron(a);
    expect((await again()).crons.map(({ uid }) => uid)).toEqual(['a']);
  });

  it('Removing takes a cron from the crontab, and reloading drops unsaved changes', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    expect(crontab.remove('a').uid).toBe('a');
    await crontab.reload();
    expect(crontab.byUid('a')).toMatchObject(DAILY);
    crontab.remove('a');
    expect((await crontab.save()).changed).toBe(true);
    expect(world.events.at(-1)).toMatchObject({ detail: { uid: 'a', change: 'removed' } });
    expect((await again()).crons).toEqual([]);
  });

  it('A crontab finds crons by uid, by name, and by any of uid, name, activation and periodicity', () => {
    crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b', activated: false });
    expect(crontab.byName('task').map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect(crontab.by({ activated: false, periodicity: '@daily' }).map(({ uid }) => uid)).toEqual(['b']);
    expect(() => crontab.byUid('nightly')).toThrow(NotFoundError);
  });

  it('Adding a cron with a uid that is taken gives it a new one', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    const other = crontab.add({ ...DAILY, uid: 'a' });
    expect(other.uid).not.toBe('a');
    expect(crontab.add(DAILY).uid).not.toBe(other.uid);
    await crontab.save();
    expect((await again()).crons).toHaveLength(3);
  });

  it('Two crontabs are equal even when their run records differ', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    const other = await again();
    expect(crontab.equals(other)).toBe(true);
    other.edit('a', { periodicity: '@hourly' });
    expect(crontab.equals(other)).toBe(false);
  });

  it('The crontab of an unknown site is empty, and saving it creates the site', async () => {
    const shop = await Crontab.load(clientOn(world.ports), 'shop');
    expect(shop.crons).toEqual([]);
    shop.add({ ...DAILY, uid: 'a' });
    await shop.save();
    expect((await Crontab.load(clientOn(world.ports), 'shop')).crons).toHaveLength(1);
  });
});

it('A crontab throws errors of the store and the registry', async () => {
  const store = {
    ...world.ports.store,
    readSite: () => Promise.reject(new UnavailableError('The table does not answer.')),
  };
  await expect(Crontab.load(clientOn({ ...world.ports, store }), 'default')).rejects.toThrow(
    'The table does not answer.',
  );
  crontab.add({ ...DAILY, uid: 'a' });
  world.ports.registry.write = () => Promise.reject(new UnavailableError('The disk is full.'));
  await expect(crontab.save()).rejects.toThrow('The disk is full.');
});

it('Waiting for a run finds its log although a newer one has taken its place in the list', async () => {
  crontab.add({ ...DAILY, uid: 'a', logsLimit: 1 });
  await crontab.save();
  const job = crontab.job('a');
  const runs = [await job.force()];
  await world.clock.advance(1000);
  runs.push(await job.force());
  await world.clock.advance(1000);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
  expect(await job.logs()).toHaveLength(1);
  for (const { runId, finished } of runs) expect(await finished()).toMatchObject({ runId });
});

it('Waiting for a run ends with an error when it leaves no run record', async () => {
  crontab.add({ ...DAILY, uid: 'a' });
  await crontab.save();
  const run = await crontab.job('a').force();
  const assertion = expect(run.finished()).rejects.toThrow(
    new UnavailableError(
      `The run ${run.runId} of default/a has no run record after half an hour. ` +
        'See "cloudtab runs a" and the output of the run function.',
    ),
  );
  await world.clock.advance(31 * 60_000);
  await assertion;
});

describe('Cron', () => {
  it('A cron has defaults, and only fields that differ from them are written', async () => {
    const cron = crontab.add({ ...DAILY, uid: 'a', logsLimit: 3, timeout: '2m' });
    expect(cron).toMatchObject({ environ: {}, activated: true, logsLimit: 3, timeout: 120, overlap: 'skip' });
    await crontab.save();
    const written = await world.ports.registry.read({ site: 'default', uid: 'a' });
    expect(JSON.parse(written?.value ?? '')).toEqual({ ...DAILY, logsLimit: 3, timeout: 120 });
  });

  it('A cron is added from its fields, from JSON, or from another cron', () => {
    crontab.add('{"uid": "a", "name": "task", "periodicity": "@daily"}');
    crontab.add(new Cron({ ...crontab.byUid('a').fields(), uid: 'b' }));
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['a', 'b']);
  });

  it('A cron that is added with null for a field has the default of that field', async () => {
    const cron = crontab.add({ ...DAILY, uid: null, timezone: null, timeout: null, environ: null });
    expect(cron.similar(crontab.add(DAILY).withUid(cron.uid))).toBe(true);
    await crontab.save();
    const written = await world.ports.registry.read({ site: 'default', uid: cron.uid });
    expect(JSON.parse(written?.value ?? '')).toEqual(DAILY);
  });

  it('A cron is edited field by field, and null restores a default', async () => {
    crontab.add({ ...DAILY, uid: 'a', user: 'alice', environ: { foo: 'bar' } });
    await crontab.save();
    const edited = crontab.edit('a', { periodicity: '0 3 * * *', user: null });
    expect(edited).toMatchObject({ periodicity: '0 3 * * *', user: undefined, environ: { foo: 'bar' } });
    expect((await crontab.save()).message).toContain(
      changesText([
        { field: 'periodicity', kind: 'changed', was: '@daily', is: '0 3 * * *' },
        { field: 'user', kind: 'removed', was: 'alice' },
      ]),
    );
    expect((await crontab.job('a').status()).next).toBe(Date.parse('2026-03-03T03:00:00Z'));
    expect((await again()).byUid('a').similar(edited)).toBe(true);
  });

  it('An invalid cron is refused with all problems, and nothing changes', () => {
    expect(attempt(() => crontab.add({ name: 'tsk', periodicity: '61 * * * *' })).problems).toMatchObject([
      { where: 'periodicity' },
      { where: 'name' },
    ]);
    crontab.add({ ...DAILY, uid: 'a' });
    expect(attempt(() => crontab.edit('a', { logsLimit: 99 })).problems).toMatchObject([
      { where: 'logsLimit', got: '99' },
    ]);
    expect(crontab.byUid('a').logsLimit).toBe(5);
  });

  it('A cron has its next run and the result of the last one', async () => {
    crontab.add({ name: 'task', periodicity: '0 * * * *', uid: 'a' });
    await crontab.save();
    world.task = () => 'a remark';
    await crontab.job('a').force();
    await world.clock.advance(1000);
    for (const delivery of world.delivered) await world.run(delivery);
    await crontab.reload();
    const cron = crontab.byUid('a');
    expect(cron.next(world.clock.now(), crontab.timezone)).toBe(Date.parse('2026-03-02T12:00:00Z'));
    expect(cron).toMatchObject({ lastStatus: 'WARN', lastMessages: ['a remark'] });
  });
});

describe('Log', () => {
  it('A run record has a date, a status and messages, and a cron keeps the latest ones up to its limit', async () => {
    crontab.add({ ...DAILY, uid: 'a', logsLimit: 2 });
    await crontab.save();
    const job = crontab.job('a');
    for (const message of ['one', 'two', 'three']) {
      world.task = () => message;
      const run = await job.force();
      await world.clock.advance(1000);
      for (const delivery of world.delivered.splice(0)) await world.run(delivery);
      expect(await run.finished()).toMatchObject({ status: 'WARN', messages: [message] });
    }
    const logs = await job.logs();
    expect(logs.map(({ messages }) => messages[0])).toEqual(['three', 'two']);
    expect(logs[0]?.date).toBe(world.clock.now());
  });

  it('Run records can be deleted, one or all', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    const job = crontab.job('a');
    for (let runs = 0; runs < 3; runs++) {
      await job.force();
      await world.clock.advance(1000);
      for (const delivery of world.delivered.splice(0)) await world.run(delivery);
    }
    const [newest] = await job.logs();
    expect(await job.deleteLogs([newest?.id ?? ''])).toMatchObject({ deleted: 1, left: 2 });
    expect(await job.deleteLogs()).toMatchObject({ deleted: 2, left: 0 });
    expect(await job.logs()).toEqual([]);
  });
});

describe('Crontab registry manager', () => {
  beforeEach(async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    crontab.readOnly = true;
    await crontab.save();
  });

  it('Saving a read-only crontab changes nothing and returns the reason', async () => {
    const locked = await again();
    locked.edit('a', { periodicity: '@hourly' });
    locked.add({ ...DAILY, uid: 'b' });
    const refusal = { changed: false, readOnly: true, message: new ReadOnlyError('default').message };
    expect(await locked.save()).toEqual(refusal);
    expect(await locked.saveCron({ uid: 'a' })).toEqual(refusal);
    locked.activated = false;
    expect(await locked.save()).toEqual(refusal);
    expect((await again()).dump()).toMatchObject({
      activated: true,
      crons: [{ uid: 'a', periodicity: '@daily' }],
    });
  });

  it('A crontab can be unlocked together with other changes', async () => {
    const locked = await again();
    locked.readOnly = false;
    locked.edit('a', { periodicity: '@hourly' });
    expect(await locked.save()).toMatchObject({ changed: true, readOnly: false });
    expect((await again()).byUid('a').periodicity).toBe('@hourly');
  });

  it('Saving refuses to overwrite a cron that was changed in the meantime', async () => {
    crontab.readOnly = false;
    await crontab.save();
    const [first, second] = [await again(), await again()];
    first.edit('a', { periodicity: '@hourly' });
    await first.save();
    second.edit('a', { activated: false });
    await expect(second.save()).rejects.toThrow(VersionConflictError);
    await second.reload();
    second.edit('a', { activated: false });
    await second.save();
    expect((await again()).byUid('a')).toMatchObject({ periodicity: '@hourly', activated: false });
  });

  it('An invalid edit in the console leaves the last good version and is listed as a problem', async () => {
    await world.edit('a', '{"name": "task", "periodicity": "never"}');
    const loaded = await again();
    expect(loaded.byUid('a').periodicity).toBe('@daily');
    expect(loaded.problems[0]).toMatchObject({
      where: 'a.periodicity',
      got: expect.stringContaining('never'),
    });
    await world.edit('x', 'not JSON');
    expect((await again()).crons.map(({ uid }) => uid)).toEqual(['a']);
    expect((await again()).problems).toHaveLength(2);
  });
});

describe('Cron manager', () => {
  it('A job reports whether it is present, pending, running or finished, and its next time', async () => {
    await world.save('a', { name: 'task', periodicity: '0 * * * *' });
    await crontab.reload();
    const job = crontab.job('a');
    expect(await job.status()).toMatchObject({
      present: true,
      pending: true,
      running: false,
      finished: false,
      next: Date.parse('2026-03-02T12:00:00Z'),
    });
    let statusDuringRun: unknown;
    world.task = async () => {
      statusDuringRun = await job.status();
    };
    await job.force();
    await world.clock.advance(1000);
    for (const delivery of world.delivered.splice(0)) await world.run(delivery);
    expect(statusDuringRun).toMatchObject({ running: true, finished: false });
    expect(await job.status()).toMatchObject({ running: false, finished: true, pending: true });
    await expect(crontab.job('b').status()).rejects.toThrow(NotFoundError);
  });

  it('A job lists its runs, explains a time, and refuses to stop a run that is not in progress', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    const job = crontab.job('a');
    const { logId } = await job.force();
    await world.clock.advance(1000);
    for (const delivery of world.delivered.splice(0)) await world.run(delivery);
    expect((await job.runs({ forced: true })).runs).toMatchObject([{ uid: 'a', id: logId, status: 'OK' }]);
    const { runs } = await new Crontabs(clientOn(world.ports)).runs();
    expect(runs).toMatchObject([{ site: 'default', id: logId }]);
    const midnight = new Date('2026-03-03T00:00:00Z');
    expect(await job.why(midnight)).toMatchObject({ time: midnight.getTime(), effectiveTimezone: 'UTC' });
    expect((await job.why(midnight, { timezone: 'Asia/Tokyo' })).text).toContain('GMT+9');
    await expect(job.stop(logId)).rejects.toThrow(ConflictError);
    await expect(job.output(logId)).rejects.toThrow(CloudtabError);
  });

  it('A job is switched with a note, and comes back with its run records after a removal', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    const job = crontab.job('a');
    expect((await job.switch({ activated: false, note: 'the database moves' })).changed).toBe(true);
    expect((await job.history())[0]?.author).toMatch(/: the database moves$/);
    const { logId } = await job.force({ evenOff: true });
    await world.clock.advance(1000);
    for (const delivery of world.delivered.splice(0)) await world.run(delivery);
    expect((await crontab.each(['a'], 'remove')).done).toEqual(['a']);
    expect(await job.undelete()).toMatchObject({ changed: true });
    await crontab.each(['a'], 'remove');
    expect((await crontab.each(['a'], 'restore')).done).toEqual(['a']);
    expect((await again()).byUid('a').activated).toBe(false);
    expect(await job.logs()).toMatchObject([{ id: logId, status: 'OK' }]);
  });

  it('Several crons are run or switched at once, and a crontab that was loaded with readOnly only runs them', async () => {
    for (const uid of ['a', 'b']) crontab.add({ ...DAILY, uid });
    await crontab.save();
    expect((await crontab.each(['a', 'b'], { activated: false })).done).toEqual(['a', 'b']);
    const locked = await Crontab.load(clientOn(world.ports), 'default', { readOnly: true });
    expect((await locked.each(['a', 'c'], 'run')).refused).toMatchObject([{ uid: 'c' }]);
    await expect(locked.each(['a'], 'remove')).rejects.toThrow(ReadOnlyError);
    await expect(locked.job('a').switch({ activated: true })).rejects.toThrow(ReadOnlyError);
  });

  it('A job has the history of its cron and restores an earlier version', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    crontab.edit('a', { periodicity: '@hourly' });
    await crontab.save();
    const job = crontab.job('a');
    expect((await job.history()).map(({ version }) => version)).toEqual([2, 1]);
    expect((await job.restore(1)).changed).toBe(true);
    expect((await again()).byUid('a').periodicity).toBe('@daily');
  });
});
