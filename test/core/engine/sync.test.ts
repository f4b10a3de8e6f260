import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { ParameterKey, Timer } from '../../../lib/core/domain/names.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { projectAll, resync } from '../../../lib/core/engine/resync.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../../lib/core/engine/sync.ts';
import type { CronState, SiteState } from '../../../lib/core/ports/store.ts';
import { faulty, intercept, recorded } from '../../support/faulty.ts';
import { armedAt, cronOf, HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { settled } from '../../support/settled.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

async function* none(): AsyncIterable<Timer> {}

/** A queue that never creates timers of that cron. */
const failingFor = (uid: string) =>
  new Proxy(world.ports.queue, {
    get(target, name) {
      const value = (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target);
      if (name !== 'arm') return value;
      return (timer: Timer) =>
        timer.uid === uid ? Promise.reject(new UnavailableError('no timers')) : value(timer);
    },
  });

/** Lets pending deliveries arrive. */
const arrive = () => world.clock.advance(1);

/** Awaits the work while its backoff passes. */
async function withBackoff<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  await world.clock.advance(15_000);
  return work;
}

describe('sweep after edits', () => {
  it('The sweep repairs the timers that a slower sync of an earlier edit removed', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"activated": false}');
    const store = intercept(world.ports.store, 'commit', async (commit) => {
      await world.edit(undefined, '{"activated": true}');
      await syncSite(world.ports, 'default');
      return commit();
    });
    await withBackoff(syncSite({ ...world.ports, store }, 'default'));
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep reads each site once, and writes nothing if nothing has changed', async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    const { port: store, calls } = recorded(world.ports.store);
    await sweep({ ...world.ports, store });
    expect(calls.sort()).toEqual(['readProjection', 'readSite', 'sites']);
  });
});

describe('syncCron', () => {
  it('A sync arms the timer of a new cron and publishes CrontabSynchronisation', async () => {
    await world.save('a', HOURLY);
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.events.at(-1)).toEqual({
      type: 'CrontabSynchronisation',
      detail: { site: 'default', uid: 'a', armed: '2026-03-02T12:00:00Z' },
    });
  });

  it('A sync replaces the timer of a cron whose periodicity was edited', async () => {
    await world.save('a', HOURLY);
    await world.save('a', { ...HOURLY, periodicity: '45 * * * *' });
    expect(await world.timers()).toEqual(['a 11:45']);
  });

  it('A sync leaves the timer alone when the edit does not concern its times', async () => {
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

  it('A sync removes the timer of a removed cron and closes its job', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await projectParameter(world.ports, { site: 'default', uid: 'a' });
    await syncCron(world.ports, 'default', 'a');
    expect(await world.timers()).toEqual([]);
    expect((await world.job('a'))?.closedAt).toBe(world.clock.now());
    expect(world.events.at(-1)).toEqual({
      type: 'CrontabSynchronisation',
      detail: { site: 'default', uid: 'a' },
    });
  });

  it('The record of a time that was due when its cron was switched off says since when, by whom and why', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await world.clock.advanceTo(NOON + MINUTE);
    const { registry } = world.ports;
    const key = { site: 'default', uid: 'a' };
    await registry.write(key, JSON.stringify({ ...HOURLY, activated: false }), 'ana: stocktaking');
    await projectParameter(world.ports, key);
    await syncCron(world.ports, 'default', 'a');
    const message = expect.stringMatching(/^The cron is off since .+ by ana: stocktaking\.$/);
    expect(await world.records('a')).toMatchObject([{ plannedAt: NOON, reason: 'off', messages: [message] }]);
  });

  it('A sync does nothing for an unknown cron', async () => {
    await syncCron(world.ports, 'default', 'unknown');
    expect(await world.job('unknown')).toBeUndefined();
  });

  it('A sync that loses a race removes the timer that it made', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
    let isFirst = true;
    const store = intercept(world.ports.store, 'commit', async (save) => {
      if (isFirst) {
        isFirst = false;
        await world.save('a', { ...HOURLY, periodicity: '50 * * * *' });
      }
      return save();
    });
    await withBackoff(syncCron({ ...world.ports, store }, 'default', 'a'));
    expect(await world.timers()).toEqual(['a 11:50']);
  });

  it.each(['arm', 'disarm'] as const)(
    'A second sync and the sweep complete a sync that failed in %s',
    async (method) => {
      for (const when of ['before', 'after'] as const) {
        const fresh = makeWorld();
        await fresh.save('a', HOURLY);
        await fresh.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
        const queue = faulty(fresh.ports.queue, method, when, 20);
        const syncing = syncCron({ ...fresh.ports, queue }, 'default', 'a');
        const failure = expect(syncing).rejects.toThrow(`${method} failed`);
        await fresh.clock.advance(15_000);
        await failure;
        await syncCron(fresh.ports, 'default', 'a');
        await sweep(fresh.ports);
        expect(await fresh.timers()).toEqual(['a 11:45']);
        fresh.close();
      }
    },
  );

  it('A sync removes the timer of a removed cron even when the answer to its own write was lost', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await projectParameter(world.ports, { site: 'default', uid: 'a' });
    await withBackoff(
      syncCron({ ...world.ports, store: faulty(world.ports.store, 'commit', 'after') }, 'default', 'a'),
    );
    expect(await world.timers()).toEqual([]);
  });

  it('A sync fails with UnavailableError when every write of the job loses a race', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    let writes = 0;
    const store = intercept(world.ports.store, 'commit', async () => {
      writes += 1;
      return false;
    });
    await expect(withBackoff(syncCron({ ...world.ports, store }, 'default', 'a'))).rejects.toThrow(
      UnavailableError,
    );
    expect(writes).toBe(10);
  });
});

describe('syncSite', () => {
  it('Between some hundred crons of a site other work goes on', async () => {
    const crons = Array.from({ length: 501 }, (_, number) => ({ uid: `c${number}` }));
    const store = intercept(world.ports.store, 'readSite', async () => ({ crons }));
    let isDone = false;
    const done = syncSite({ ...world.ports, store }, 'default').then(() => {
      isDone = true;
    });
    await settled();
    expect(isDone).toBe(false);
    await world.clock.advance(1);
    await done;
  });

  it('Switching a crontab off removes every timer, and switching it on arms them again', async () => {
    await world.save('a', HOURLY);
    await world.save('b', { ...HOURLY, periodicity: '@daily' });
    await world.edit(undefined, '{"activated": false}');
    await syncSite(world.ports, 'default');
    expect(await world.timers()).toEqual([]);
    await world.edit(undefined, '{"activated": true}');
    await syncSite(world.ports, 'default');
    expect(await world.timers()).toEqual(['a 12:00', 'b 00:00']);
  });

  it('Occurrences from before a crontab was switched on never run', async () => {
    await world.save('a', { ...HOURLY, missed: 'all' });
    await world.edit(undefined, '{"activated": false}');
    await syncSite(world.ports, 'default');
    await world.clock.advanceTo(NOON + 3 * HOUR + MINUTE);
    await world.edit(undefined, '{"activated": true}');
    await syncSite(world.ports, 'default');
    await arrive();
    expect(await world.timers()).toEqual(['a 16:00']);
    expect((await world.job('a'))?.waiting).toBeUndefined();
    expect(await world.records('a')).toEqual([]);
  });

  it('A cron whose sync fails does not keep other crons from their sync', async () => {
    for (const uid of ['a', 'b', 'c']) await world.edit(uid, JSON.stringify(HOURLY));
    const queue = failingFor('b');
    await expect(withBackoff(syncSite({ ...world.ports, queue }, 'default'))).rejects.toThrow();
    expect(await world.timers()).toEqual(['a 12:00', 'c 12:00']);
  });
});

describe('sweep', () => {
  it('The sweep publishes no event and logs no warning when everything is consistent', async () => {
    await world.save('a', HOURLY);
    world.events.length = 0;
    await sweep(world.ports);
    expect(world.events).toEqual([]);
    expect(world.logger.messages('warn')).toEqual([]);
  });

  it('The sweep redelivers a lost occurrence with its planned time', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await world.clock.advanceTo(NOON + 2 * MINUTE);
    await sweep(world.ports);
    await arrive();
    expect(world.delivered).toEqual([{ site: 'default', uid: 'a', plannedAt: NOON }]);
    expect(world.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      {
        message: 'Redelivering an overdue occurrence: default/a at 2026-03-02T12:00:00Z',
        fields: { code: 'run-redelivered' },
      },
    ]);
  });

  it('The sweep arms a timer again that was lost before its time', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      {
        message: 'Created a timer that was lost: default/a at 2026-03-02T12:00:00Z',
        fields: { code: 'timer-lost' },
      },
    ]);
  });

  it('The sweep arms a lost timer again when a surplus timer of the same cron exists', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await world.ports.queue.arm({ site: 'default', uid: 'a', plannedAt: NOON + 30 * MINUTE });
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep arms an imminent timer again without a warning, since by another clock it may have fired', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await world.clock.advanceTo(NOON - 5_000);
    await sweep(world.ports);
    expect(world.logger.messages('warn')).toEqual([]);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('With more than twenty differences the sweep lists the timers once more, and repairs only those that differ twice', async () => {
    for (let n = 0; n < 25; n++) await world.save(`a${n}`, HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a7', plannedAt: NOON });
    const { queue } = world.ports;
    let lists = 0;
    // The first list misses everything, as if it had been read before the timers were created.
    const laggingQueue = new Proxy(queue, {
      get: (target, name) =>
        name === 'timers'
          ? () => (lists++ === 0 ? none() : queue.timers())
          : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    await sweep({ ...world.ports, queue: laggingQueue });
    expect(lists).toBe(2);
    expect(world.logger.linesOf('timer-lost')).toMatchObject([{ fields: { uid: 'a7' } }]);
    expect(await world.timers()).toHaveLength(25);
  });

  it('A lost timer that its job no longer counts on is not created', async () => {
    await world.save('a', HOURLY);
    const { crons } = await world.ports.store.readSite('default');
    await world.save('a', { ...HOURLY, periodicity: '45 * * * *' });
    const store = intercept(world.ports.store, 'readSite', async () => ({ crons }));
    await sweep({ ...world.ports, store });
    expect(await world.timers()).toEqual(['a 11:45']);
  });

  it('The sweep removes timers that belong to no job, including those of unknown crons', async () => {
    await world.save('a', HOURLY);
    await world.save('off', { ...HOURLY, activated: false });
    for (const uid of ['a', 'off', 'unknown']) {
      await world.ports.queue.arm({ site: 'default', uid, plannedAt: NOON + 30 * MINUTE });
    }
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep removes a timer that is overdue by more than an hour, and leaves a younger one to its delivery', async () => {
    await world.save('off', { ...HOURLY, activated: false });
    const oldTimers = [30 * MINUTE, 2 * HOUR].map((ago) => ({
      site: 'default',
      uid: 'off',
      plannedAt: NOON - ago,
    }));
    const removals: unknown[] = [];
    const queue = intercept(world.ports.queue, 'disarm', async () => void removals.push('disarm'));
    const queueWithOldTimers = new Proxy(queue, {
      get: (target, name) => (name === 'timers' ? () => oldTimers : Reflect.get(target, name)),
    });
    await world.clock.advanceTo(NOON);
    await sweep({ ...world.ports, queue: queueWithOldTimers });
    expect(removals).toHaveLength(1);
  });

  it('The sweep never removes the next timer of a run that has not claimed yet', async () => {
    await world.save('a', HOURLY);
    await world.clock.advanceTo(NOON);
    const store = intercept(world.ports.store, 'commit', async (save) => {
      await sweep(world.ports);
      return save();
    });
    await world.run({ uid: 'a', plannedAt: NOON }, { store });
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('The sweep syncs an edit whose notification was lost', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    await world.clock.advance(61_000);
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep closes the job of an unknown cron', async () => {
    await world.save('a', HOURLY);
    await world.ports.store.commit({ ...armedAt(NOON, cronOf()), uid: 'forgotten' }, undefined, []);
    await sweep(world.ports);
    expect((await world.job('forgotten'))?.closedAt).toBe(world.clock.now());
  });

  it('The sweep reports a cron whose state cannot be read, and repairs the others', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    await world.edit('b', JSON.stringify(HOURLY));
    const store = intercept(world.ports.store, 'readSite', async (read) => {
      const state = (await read()) as SiteState;
      return {
        ...state,
        crons: state.crons.map((cron) => (cron.uid === 'a' ? { uid: 'a', unreadable: 'no name' } : cron)),
      };
    });
    await sweep({ ...world.ports, store });
    expect(await world.timers()).toEqual(['b 12:00']);
    expect(world.logger.linesOf('cron-unreadable')).toMatchObject([{ level: 'error', fields: { uid: 'a' } }]);
  });

  it('The sweep redelivers what is overdue although the timers cannot be listed, and fails', async () => {
    await world.save('a', HOURLY);
    await world.ports.queue.disarm({ site: 'default', uid: 'a', plannedAt: NOON });
    await world.clock.advanceTo(NOON + 3 * MINUTE);
    const unlisted = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new UnavailableError('no list')) }),
    };
    const queue = new Proxy(world.ports.queue, {
      get: (target, name) => (name === 'timers' ? () => unlisted : Reflect.get(target, name).bind(target)),
    });
    await expect(sweep({ ...world.ports, queue })).rejects.toThrow('no list');
    expect(world.logger.linesOf('run-redelivered')).toHaveLength(1);
  });

  it('The sweep removes no timer of a cron whose state cannot be read', async () => {
    await world.save('a', HOURLY);
    const unreadable = { unreadable: 'no name' };
    const site = intercept(world.ports.store, 'readSite', async () => ({
      crons: [{ uid: 'a', ...unreadable }],
    }));
    await sweep({ ...world.ports, store: intercept(site, 'read', async () => unreadable) });
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('A cron whose stored definition has a time zone or periodicity that cannot be read stops no other', async () => {
    await world.save('a', HOURLY);
    await world.edit('b', JSON.stringify(HOURLY));
    const store = intercept(world.ports.store, 'readSite', async (read) => {
      const state = (await read()) as SiteState;
      const broken = (cron: CronState) => ({
        ...cron,
        cron: { modified: 1, version: 1, value: cronOf({ uid: 'a', periodicity: 'now and then' }).fields() },
      });
      return { ...state, crons: state.crons.map((cron) => (cron.uid === 'a' ? broken(cron) : cron)) };
    });
    await sweep({ ...world.ports, store });
    expect(await world.timers()).toEqual(['a 12:00', 'b 12:00']);
    expect(world.logger.linesOf('cron-unreadable')).toHaveLength(1);
  });

  it('The sweep syncs a site whose switch was edited when the notification was lost', async () => {
    await world.save('a', HOURLY);
    await world.edit(undefined, '{"activated": false}');
    await world.clock.advance(61_000);
    await sweep(world.ports);
    expect(await world.timers()).toEqual([]);
  });

  it('The sweep continues with other crons when one fails, and fails at the end', async () => {
    for (const uid of ['a', 'b']) await world.edit(uid, JSON.stringify(HOURLY));
    const queue = failingFor('a');
    await expect(withBackoff(sweep({ ...world.ports, queue }))).rejects.toThrow(
      'The sweep could not repair everything: UnavailableError: The job of default/a could not be written: no timers',
    );
    expect(await world.timers()).toEqual(['b 12:00']);
  });
});

describe('resync and projectAll', () => {
  it('A resync restores every site from the registry alone', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    await world.ports.registry.write({ site: 'shop', uid: 'b' }, JSON.stringify(HOURLY));
    await world.ports.registry.write({ site: 'shop' }, '{"timezone": "Asia/Kolkata"}');
    await resync(world.ports);
    expect(await world.timers()).toEqual(['a 12:00', 'b 12:30']);
    expect(world.events.at(-1)).toEqual({ type: 'ServerRestart', detail: { sites: ['default', 'shop'] } });
  });

  it('A resync writes nothing to the queue when nothing has changed', async () => {
    for (const uid of ['a', 'b', 'c']) await world.save(uid, HOURLY);
    const untouched = () => Promise.reject(new Error('the queue was written'));
    const { queue } = world.ports;
    const ports = {
      ...world.ports,
      queue: intercept(intercept(queue, 'arm', untouched), 'disarm', untouched),
    };
    await resync(ports);
    expect(await world.timers()).toHaveLength(3);
  });

  it('A resync finds edits and removals whose events were lost', async () => {
    await world.save('a', HOURLY);
    await world.save('b', HOURLY);
    await world.edit(undefined, '{"timezone": "Asia/Kolkata"}');
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await world.ports.registry.remove({ site: 'default' });
    await world.ports.registry.write(
      { site: 'default', uid: 'b' },
      JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }),
    );
    await withBackoff(resync(world.ports));
    expect(await world.timers()).toEqual(['b 11:45']);
    const { crontab } = await world.ports.store.readSite('default');
    expect(crontab?.removedAt).toBeGreaterThan(NOON - 30 * MINUTE);
  });

  it('A resync keeps a new parameter that its list and its first reading do not show yet', async () => {
    await world.save('a', HOURLY);
    let reads = 0;
    const registry = new Proxy(world.ports.registry, {
      get: (target, name) => {
        if (name === 'list') return none;
        if (name !== 'read') return Reflect.get(target, name).bind(target);
        return async (key: ParameterKey) => (++reads === 1 ? undefined : await target.read(key));
      },
    });
    await withBackoff(resync({ ...world.ports, registry }));
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('A resync projects no value of an unknown parameter that is removed between listing and projection', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    let isFirst = true;
    const store = intercept(world.ports.store, 'readProjection', async (read) => {
      if (isFirst) {
        isFirst = false;
        await world.ports.registry.remove({ site: 'default', uid: 'a' });
        await projectParameter(world.ports, { site: 'default', uid: 'a' });
      }
      return read();
    });
    await resync({ ...world.ports, store });
    expect((await world.ports.store.read('default', 'a')).cron?.removedAt).toBeDefined();
    expect(await world.timers()).toEqual([]);
  });

  it('projectAll projects everything and arms no timer', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, JSON.stringify(HOURLY));
    await projectAll(world.ports);
    expect((await world.ports.store.read('default', 'a')).cron?.value?.name).toBe('task');
    expect(await world.timers()).toEqual([]);
  });

  it('A resync continues when one parameter cannot be projected, and fails at the end', async () => {
    for (const uid of ['a', 'b']) {
      await world.ports.registry.write({ site: 'default', uid }, JSON.stringify(HOURLY));
    }
    const store = faulty(world.ports.store, 'putProjection', 'before');
    await expect(resync({ ...world.ports, store })).rejects.toThrow('The resync could not repair everything');
    expect(await world.timers()).toHaveLength(1);
  });
});
