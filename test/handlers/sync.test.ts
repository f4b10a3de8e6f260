import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { project } from '../../lib/handlers/project.ts';
import { refresh, restore } from '../../lib/handlers/restore.ts';
import { sweep } from '../../lib/handlers/sweep.ts';
import { syncCron, syncSite } from '../../lib/handlers/sync.ts';
import { faulty, intercept } from '../support/faulty.ts';
import { armedAt, cronOf, HOUR, MINUTE, NOON } from '../support/jobs.ts';
import { makeWorld, type World } from '../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

/** Lets deliveries that were made meanwhile arrive. */
const arrive = () => world.clock.advance(1);

describe('settling', () => {
  const OFF = JSON.stringify({ activated: false });
  const ON = JSON.stringify({ activated: true });

  it('is for the sweep, a minute after the edit', async () => {
    await world.save('a', HOURLY);
    const settled: unknown[] = [];
    const store = intercept(world.ports.store, 'settle', async (settle) => void settled.push(await settle()));
    await sweep({ ...world.ports, store });
    expect(settled).toHaveLength(0);
    await world.clock.advance(MINUTE + 1);
    await sweep({ ...world.ports, store });
    await sweep({ ...world.ports, store });
    expect(settled).toHaveLength(1);
  });

  it('comes after those who were slower than the edit: what they undo is done again', async () => {
    await world.save('a', HOURLY);
    await world.clock.advance(MINUTE + 1);
    await sweep(world.ports);
    await world.edit(undefined, OFF);
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      await world.edit(undefined, ON);
      await syncSite(world.ports, 'default');
      return save();
    });
    await syncSite({ ...world.ports, store }, 'default');
    expect(await world.timers()).toEqual([]);
    await world.clock.advance(MINUTE + 1);
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });
});

describe('synchronising a cron', () => {
  it('makes the timer of a new one and says so', async () => {
    await world.save('a', HOURLY);
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.events.at(-1)).toEqual({
      type: 'CrontabSynchronisation',
      detail: { site: 'default', uid: 'a', armed: '2026-03-02T12:00:00Z' },
    });
  });

  it('replaces the timer of an edited one', async () => {
    await world.save('a', HOURLY);
    await world.save('a', { ...HOURLY, periodicity: '45 * * * *' });
    expect(await world.timers()).toEqual(['a 11:45']);
  });

  it('leaves the timer alone when nothing about its times was edited', async () => {
    await world.save('a', HOURLY);
    const { queue } = world.ports;
    const untouched = () => Promise.reject(new Error('the queue was written'));
    const ports = {
      ...world.ports,
      queue: intercept(intercept(queue, 'arm', untouched), 'disarm', untouched),
    };
    await world.edit('a', JSON.stringify({ ...HOURLY, environ: { other: 1 } }));
    await syncCron(ports, 'default', 'a');
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('removes timer and job of one that was removed', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await project(world.ports, { site: 'default', uid: 'a' });
    await syncCron(world.ports, 'default', 'a');
    expect(await world.timers()).toEqual([]);
    expect(await world.job('a')).toBeUndefined();
    expect(world.events.at(-1)).toEqual({
      type: 'CrontabSynchronisation',
      detail: { site: 'default', uid: 'a' },
    });
  });

  it('does nothing for one that it never heard of', async () => {
    await syncCron(world.ports, 'default', 'nobody');
    expect(await world.job('nobody')).toBeUndefined();
  });

  it('removes the timer that it made when somebody else was faster', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
    let other = true;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      if (other) {
        other = false;
        await world.save('a', { ...HOURLY, periodicity: '50 * * * *' });
      }
      return save();
    });
    await syncCron({ ...world.ports, store }, 'default', 'a');
    expect(await world.timers()).toEqual(['a 11:50']);
  });

  it.each(['arm', 'disarm'] as const)('is finished by a repetition when %s failed', async (method) => {
    for (const when of ['before', 'after'] as const) {
      const fresh = makeWorld();
      await fresh.save('a', HOURLY);
      await fresh.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
      const queue = faulty(fresh.ports.queue, method, when);
      await expect(syncCron({ ...fresh.ports, queue }, 'default', 'a')).rejects.toThrow(`${method} failed`);
      await syncCron(fresh.ports, 'default', 'a');
      await sweep(fresh.ports);
      expect(await fresh.timers()).toEqual(['a 11:45']);
      fresh.close();
    }
  });

  it('takes the timer of a cron that is gone away also when its own write is taken for that of somebody else', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await project(world.ports, { site: 'default', uid: 'a' });
    const store = intercept(world.ports.store, 'removeJob', async (remove) => {
      await remove();
      return false;
    });
    await syncCron({ ...world.ports, store }, 'default', 'a');
    expect(await world.timers()).toEqual([]);
  });

  it('gives up, to be repeated, when others always change the job first', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    const store = intercept(world.ports.store, 'saveJob', async () => undefined);
    await expect(syncCron({ ...world.ports, store }, 'default', 'a')).rejects.toThrow(
      'The job of default/a was changed by others 10 times in a row.',
    );
  });
});

describe('the power switch of a crontab', () => {
  it('removes every timer when switched off, and brings them back when switched on', async () => {
    await world.save('a', HOURLY);
    await world.save('b', { ...HOURLY, periodicity: '@daily' });
    await world.edit(undefined, '{"activated": false}');
    await syncSite(world.ports, 'default');
    expect(await world.timers()).toEqual([]);
    await world.edit(undefined, '{"activated": true}');
    await syncSite(world.ports, 'default');
    expect(await world.timers()).toEqual(['a 12:00', 'b 00:00']);
  });

  it('never runs what lay before it was switched on', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.edit(undefined, '{"activated": false}');
    await syncSite(world.ports, 'default');
    await world.clock.advanceTo(NOON + 3 * HOUR + MINUTE);
    await world.edit(undefined, '{"activated": true}');
    await syncSite(world.ports, 'default');
    await arrive();
    expect(await world.timers()).toEqual(['a 16:00']);
    expect(await world.job('a')).toMatchObject({ pending: [], logs: [] });
  });

  it('keeps one cron that fails from stopping the others, and says which failed', async () => {
    for (const uid of ['a', 'b', 'c']) await world.edit(uid, JSON.stringify(HOURLY));
    const queue = faulty(world.ports.queue, 'arm', 'before');
    await expect(syncSite({ ...world.ports, queue }, 'default')).rejects.toThrow();
    expect(await world.timers()).toHaveLength(2);
  });
});

describe('the sweep', () => {
  it('finds nothing to do when all is well', async () => {
    await world.save('a', HOURLY);
    world.events.length = 0;
    await sweep(world.ports);
    expect(world.events).toEqual([]);
    expect(world.log.messages('warn')).toEqual([]);
  });

  it('delivers again what was lost on its way, with its planned time', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', at: NOON });
    await world.clock.advanceTo(NOON + 5 * MINUTE);
    await sweep(world.ports);
    await arrive();
    expect(world.delivered).toEqual([{ site: 'default', uid: 'a', at: NOON }]);
    expect(world.log.messages('warn')).toEqual([
      'Delivering again what should have run: default/a at 2026-03-02T12:00:00Z',
    ]);
  });

  it('makes a timer again that was lost before its time', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', at: NOON });
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.log.messages('warn')).toEqual([
      'Made a timer that was lost: default/a at 2026-03-02T12:00:00Z',
    ]);
  });

  it('makes a timer again that was lost also when another one stands that belongs to nobody', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', at: NOON });
    await world.ports.queue.arm({ site: 'default', uid: 'a', at: NOON + 30 * MINUTE });
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('makes sure of what is about to fire, and calls nothing lost: by another clock it may have fired already', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', at: NOON });
    await world.clock.advanceTo(NOON - 5_000);
    await sweep(world.ports);
    expect(world.log.messages('warn')).toEqual([]);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('takes no timer for lost that was made while it looked', async () => {
    await world.save('a', HOURLY);
    const { queue } = world.ports;
    const behind = {
      arm: queue.arm.bind(queue),
      disarm: queue.disarm.bind(queue),
      deliver: queue.deliver.bind(queue),
      timers: (of?: Required<ParameterKey>) => queue.timers(of ?? { site: 'default', uid: 'b' }),
    };
    await sweep({ ...world.ports, queue: behind });
    expect(world.log.messages('warn')).toEqual([]);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('removes timers that belong to no job, also of crons that nobody knows', async () => {
    await world.save('a', HOURLY);
    await world.save('off', { ...HOURLY, activated: false });
    for (const uid of ['a', 'off', 'nobody']) {
      await world.ports.queue.arm({ site: 'default', uid, at: NOON + 30 * MINUTE });
    }
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('leaves a timer of the last hour to its delivery, and removes an older one that never went', async () => {
    await world.save('off', { ...HOURLY, activated: false });
    const stuck = [30 * MINUTE, 2 * HOUR].map((ago) => ({ site: 'default', uid: 'off', at: NOON - ago }));
    const removed: unknown[] = [];
    const queue = intercept(world.ports.queue, 'disarm', async () => void removed.push('disarm'));
    const listed = new Proxy(queue, {
      get: (target, name) => (name === 'timers' ? () => stuck : Reflect.get(target, name)),
    });
    await world.clock.advanceTo(NOON);
    await sweep({ ...world.ports, queue: listed });
    expect(removed).toHaveLength(1);
  });

  it('never removes the next timer of a run that has made it and not claimed yet', async () => {
    await world.save('a', HOURLY);
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      await sweep(world.ports);
      return save();
    });
    await world.run({ uid: 'a', at: NOON }, { store });
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('leaves alone what the index tells too late', async () => {
    await world.save('a', HOURLY);
    const store = new Proxy(world.ports.store, {
      get(target, name) {
        if (name === 'armed') {
          return async function* () {
            yield { site: 'default', uid: 'a', at: NOON + HOUR };
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await sweep({ ...world.ports, store });
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('synchronises an edit whose news was lost', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    await world.clock.advance(61_000);
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('takes away the job of a cron that nobody remembers', async () => {
    await world.ports.store.saveJob(armedAt(NOON, cronOf(), { revision: 0, uid: 'forgotten' }));
    await world.clock.advanceTo(NOON + 6 * MINUTE);
    await sweep(world.ports);
    expect(await world.job('forgotten')).toBeUndefined();
  });

  it('synchronises a site whose switch was edited and whose news was lost', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"activated": false}');
    await world.clock.advance(61_000);
    await sweep(world.ports);
    expect(await world.timers()).toEqual([]);
  });

  it('goes on with the others when one cannot be healed, and fails at the end', async () => {
    for (const uid of ['a', 'b']) await world.edit(uid, JSON.stringify(HOURLY));
    await world.clock.advance(61_000);
    const queue = faulty(world.ports.queue, 'arm', 'before');
    await expect(sweep({ ...world.ports, queue })).rejects.toThrow(
      'The sweep could not heal everything: UnavailableError: arm failed before its effect',
    );
    expect(await world.timers()).toHaveLength(1);
  });
});

describe('the restart', () => {
  it('restores every site from the registry alone', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    await world.ports.registry.write({ site: 'shop', uid: 'b' }, JSON.stringify(HOURLY));
    await world.ports.registry.write({ site: 'shop' }, '{"timezone": "Asia/Kolkata"}');
    await restore(world.ports);
    expect(await world.timers()).toEqual(['a 12:00', 'b 12:30']);
    expect(world.events.at(-1)).toEqual({ type: 'ServerRestart', detail: { sites: ['default', 'shop'] } });
  });

  it('writes nothing to the queue when nothing has changed', async () => {
    for (const uid of ['a', 'b', 'c']) await world.save(uid, HOURLY);
    const untouched = () => Promise.reject(new Error('the queue was written'));
    const { queue } = world.ports;
    const ports = {
      ...world.ports,
      queue: intercept(intercept(queue, 'arm', untouched), 'disarm', untouched),
    };
    await restore(ports);
    expect(await world.timers()).toHaveLength(3);
  });

  it('finds edits and removals whose events were lost', async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await world.edit(undefined, '{"timezone": "Asia/Kolkata"}');
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await world.ports.registry.remove({ site: 'default' });
    await world.ports.registry.write(
      { site: 'default', uid: 'b' },
      JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }),
    );
    await restore(world.ports);
    expect(await world.timers()).toEqual(['b 11:45']);
    const { crontab } = await world.ports.store.readSite('default');
    expect(crontab?.removed).toBe(true);
  });

  it('puts nothing in force that was removed between the list and its projection, unknown until then', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    let isThere = true;
    const store = intercept(world.ports.store, 'readProjection', async (read) => {
      if (isThere) {
        isThere = false;
        await world.ports.registry.remove({ site: 'default', uid: 'a' });
        await project(world.ports, { site: 'default', uid: 'a' });
      }
      return read();
    });
    await restore({ ...world.ports, store });
    expect((await world.ports.store.readProjection({ site: 'default', uid: 'a' }))?.value).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('can be asked to project everything and to make no timer', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    await refresh(world.ports);
    expect((await world.ports.store.read('default', 'a')).cron?.value?.name).toBe('task');
    expect(await world.timers()).toEqual([]);
  });

  it('is not stopped by one parameter that cannot be projected', async () => {
    for (const uid of ['a', 'b']) {
      await world.ports.registry.write({ site: 'default', uid }, JSON.stringify(HOURLY));
    }
    const store = faulty(world.ports.store, 'project', 'before');
    await expect(restore({ ...world.ports, store })).rejects.toThrow(
      'The restart could not restore everything',
    );
    expect(await world.timers()).toHaveLength(1);
  });
});
