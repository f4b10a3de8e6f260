/** The manual of the system that this one follows, for its programming interface, under its own headings. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Crontab } from '../../lib/api/crontab.ts';
import { Cron } from '../../lib/domain/cron.ts';
import { UnavailableError } from '../../lib/domain/errors.ts';
import { ChangedError } from '../../lib/operations/refusals.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
let crontab: Crontab;
beforeEach(async () => {
  world = makeWorld();
  crontab = await Crontab.load(world.ports, 'default');
});
afterEach(() => world.close());

const again = () => Crontab.load(world.ports, 'default');
const DAILY = { name: 'task', periodicity: '@daily' };

describe('Crontab', () => {
  it('is the collection of all crons of a site, in order, by uid', async () => {
    crontab.add({ ...DAILY, uid: 'b' });
    crontab.add({ ...DAILY, uid: 'a' });
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['b', 'a']);
    await crontab.save();
    expect((await again()).crons.map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect((await again()).byUid('a')).toMatchObject(DAILY);
  });

  it('can be switched off and on as a whole', async () => {
    crontab.activated = false;
    const { message } = await crontab.save();
    expect(message).toBe('The crontab of "default" is now switched off: none of its crons runs.');
    expect((await again()).activated).toBe(false);
    crontab.activated = true;
    await crontab.save();
    expect((await again()).activated).toBe(true);
  });

  it('has a time zone for crons that have none', async () => {
    crontab.timezone = 'Europe/Paris';
    await crontab.save();
    expect((await again()).timezone).toBe('Europe/Paris');
  });

  it('dumps itself, its crons and their logs as JSON, which loads again', async () => {
    crontab.add({ ...DAILY, uid: 'a', environ: { foo: 'bar' } });
    await crontab.save();
    const dump = crontab.dump();
    expect(dump).toMatchObject({
      site: 'default',
      activated: true,
      crons: [{ uid: 'a', name: 'task', environ: { foo: 'bar' }, logs: [] }],
    });
    const copy = await Crontab.load(world.ports, 'other');
    for (const cron of dump.crons) copy.add(JSON.stringify(cron));
    expect(copy.crons[0]?.similar(crontab.byUid('a'))).toBe(true);
  });

  it('saves all that was changed, says so, and emits an event for each', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b' });
    expect(await crontab.save()).toEqual({
      changed: true,
      readOnly: false,
      message:
        'Added "a" to the crontab of "default". It runs next at 2026-03-03T00:00:00Z. ' +
        'Added "b" to the crontab of "default". It runs next at 2026-03-03T00:00:00Z.',
    });
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'ModifiedCrontab']);
  });

  it('writes nothing when nothing was changed', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    expect(await crontab.save()).toEqual({
      changed: false,
      readOnly: false,
      message: 'The crontab of "default" is so already: nothing was changed.',
    });
    expect((await world.ports.registry.read({ site: 'default', uid: 'a' }))?.version).toBe(1);
  });

  it('saves one cron and leaves the rest in memory', async () => {
    const a = crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b' });
    await crontab.saveCron(a);
    expect((await again()).crons.map(({ uid }) => uid)).toEqual(['a']);
  });

  it('removes, and forgets what was changed when it is loaded again', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    expect(crontab.remove('a').uid).toBe('a');
    await crontab.reload();
    expect(crontab.byUid('a')).toMatchObject(DAILY);
    crontab.remove('a');
    expect((await crontab.save()).message).toBe('The cron "a" of "default" was removed, with its logs.');
    expect((await again()).crons).toEqual([]);
  });

  it('finds by uid, by name, and by any of uid, name, activation and periodicity', () => {
    crontab.add({ ...DAILY, uid: 'a' });
    crontab.add({ ...DAILY, uid: 'b', activated: false });
    expect(crontab.byName('task').map(({ uid }) => uid)).toEqual(['a', 'b']);
    expect(crontab.by({ activated: false, periodicity: '@daily' }).map(({ uid }) => uid)).toEqual(['b']);
    expect(() => crontab.byUid('nightly')).toThrow('The crontab of "default" has no cron "nightly".');
  });

  it('gives a new uid to a cron whose own is taken', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    const other = crontab.add({ ...DAILY, uid: 'a' });
    expect(other.uid).not.toBe('a');
    expect(crontab.add(DAILY).uid).not.toBe(other.uid);
    await crontab.save();
    expect((await again()).crons).toHaveLength(3);
  });

  it('is equal to another one whatever the logs say', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    const other = await again();
    expect(crontab.equals(other)).toBe(true);
    other.edit('a', { periodicity: '@hourly' });
    expect(crontab.equals(other)).toBe(false);
  });

  it('of a site that nobody made is empty, and saving makes it', async () => {
    const shop = await Crontab.load(world.ports, 'shop');
    expect(shop.crons).toEqual([]);
    shop.add({ ...DAILY, uid: 'a' });
    await shop.save();
    expect((await Crontab.load(world.ports, 'shop')).crons).toHaveLength(1);
  });
});

it('what cannot be read, or what was not foreseen, is thrown', async () => {
  const store = {
    ...world.ports.store,
    readSite: () => Promise.reject(new UnavailableError('The table does not answer.')),
  };
  await expect(Crontab.load({ ...world.ports, store }, 'default')).rejects.toThrow(
    'The table does not answer.',
  );
  crontab.add({ ...DAILY, uid: 'a' });
  world.ports.registry.write = () => Promise.reject(new UnavailableError('The disk is full.'));
  await expect(crontab.save()).rejects.toThrow('The disk is full.');
});

it('a run that leaves no log is not waited for in vain', async () => {
  crontab.add({ ...DAILY, uid: 'a' });
  await crontab.save();
  const run = await crontab.job('a').force();
  const finished = expect(run.finished()).rejects.toThrow(/left no log in half an hour\.$/);
  await world.clock.advance(31 * 60_000);
  await finished;
});

describe('Cron', () => {
  it('has defaults, and only what differs from them is written', async () => {
    const cron = crontab.add({ ...DAILY, uid: 'a', logsLimit: 3, timeout: '2m' });
    expect(cron).toMatchObject({ environ: {}, activated: true, logsLimit: 3, timeout: 120, overlap: 'skip' });
    await crontab.save();
    const written = await world.ports.registry.read({ site: 'default', uid: 'a' });
    expect(JSON.parse(written?.value ?? '')).toEqual({ ...DAILY, logsLimit: 3, timeout: 120 });
  });

  it('is added as fields, as JSON, or as another one', () => {
    crontab.add('{"uid": "a", "name": "task", "periodicity": "@daily"}');
    crontab.add(new Cron({ ...crontab.byUid('a').fields(), uid: 'b' }));
    expect(crontab.crons.map(({ uid }) => uid)).toEqual(['a', 'b']);
  });

  it('is edited field by field; null takes one away', async () => {
    crontab.add({ ...DAILY, uid: 'a', user: 'alice', environ: { foo: 'bar' } });
    await crontab.save();
    const edited = crontab.edit('a', { periodicity: '0 3 * * *', user: null });
    expect(edited).toMatchObject({ periodicity: '0 3 * * *', user: undefined, environ: { foo: 'bar' } });
    expect((await crontab.save()).message).toBe(
      'The cron "a" of "default" was changed: periodicity from "@daily" to "0 3 * * *", user from "alice" to nothing. It runs next at 2026-03-03T03:00:00Z.',
    );
    expect((await again()).byUid('a').similar(edited)).toBe(true);
  });

  it('that is not valid is refused with all problems, and nothing changes', () => {
    expect(() => crontab.add({ name: 'tsk', periodicity: '61 * * * *' })).toThrow(/periodicity: .*\nname: /);
    crontab.add({ ...DAILY, uid: 'a' });
    expect(() => crontab.edit('a', { logsLimit: 99 })).toThrow('logsLimit: got 99');
    expect(crontab.byUid('a').logsLimit).toBe(5);
  });

  it('tells its next run and how the last one went', async () => {
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
  it('has a date, a status and messages; newest first, at most as many as the cron wants', async () => {
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

  it('can be deleted, one or all', async () => {
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

  it('read only: every change is a no-op that says so', async () => {
    const locked = await again();
    locked.edit('a', { periodicity: '@hourly' });
    locked.add({ ...DAILY, uid: 'b' });
    const refused = {
      changed: false,
      readOnly: true,
      message: 'The crontab of "default" is read only, so nothing was changed. Switch "readOnly" off first.',
    };
    expect(await locked.save()).toEqual(refused);
    expect(await locked.saveCron({ uid: 'a' })).toEqual(refused);
    locked.activated = false;
    expect(await locked.save()).toEqual(refused);
    expect((await again()).dump()).toMatchObject({
      activated: true,
      crons: [{ uid: 'a', periodicity: '@daily' }],
    });
  });

  it('read only can be switched off, with other changes in the same save', async () => {
    const locked = await again();
    locked.readOnly = false;
    locked.edit('a', { periodicity: '@hourly' });
    expect(await locked.save()).toMatchObject({ changed: true, readOnly: false });
    expect((await again()).byUid('a').periodicity).toBe('@hourly');
  });

  it('somebody else changed the cron in the meantime: nothing of theirs is lost', async () => {
    crontab.readOnly = false;
    await crontab.save();
    const [mine, theirs] = [await again(), await again()];
    theirs.edit('a', { periodicity: '@hourly' });
    await theirs.save();
    mine.edit('a', { activated: false });
    await expect(mine.save()).rejects.toThrow(ChangedError);
    await mine.reload();
    mine.edit('a', { activated: false });
    await mine.save();
    expect((await again()).byUid('a')).toMatchObject({ periodicity: '@hourly', activated: false });
  });

  it('an edit in the console that is not valid leaves the last good version, and says why', async () => {
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
  it('tells whether a job is present, pending, running, finished, and its next time', async () => {
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
    let during: unknown;
    world.task = async () => {
      during = await job.status();
    };
    await job.force();
    await world.clock.advance(1000);
    for (const delivery of world.delivered.splice(0)) await world.run(delivery);
    expect(during).toMatchObject({ running: true, finished: false });
    expect(await job.status()).toMatchObject({ running: false, finished: true, pending: true });
    await expect(crontab.job('b').status()).rejects.toThrow('There is no cron "b" on the site "default".');
  });

  it('keeps the history of a cron, and puts an earlier version back', async () => {
    crontab.add({ ...DAILY, uid: 'a' });
    await crontab.save();
    crontab.edit('a', { periodicity: '@hourly' });
    await crontab.save();
    const job = crontab.job('a');
    expect((await job.history()).map(({ version }) => version)).toEqual([2, 1]);
    expect((await job.restore(1)).message).toBe('The cron "a" of "default" is as in version 1 again.');
    expect((await again()).byUid('a').periodicity).toBe('@daily');
  });
});
