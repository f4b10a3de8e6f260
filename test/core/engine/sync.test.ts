import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import { projectParameter } from '../../../lib/core/engine/project-parameter.ts';
import { projectAll, resync } from '../../../lib/core/engine/resync.ts';
import { sweep } from '../../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../../lib/core/engine/sync.ts';
import { faulty, intercept } from '../../support/faulty.ts';
import { armedAt, cronOf, HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

/** Lets pending deliveries arrive. */
const arrive = () => world.clock.advance(1);

describe('sweep, settling edits', () => {
  const OFF = JSON.stringify({ activated: false });
  const ON = JSON.stringify({ activated: true });

  it('The sweep settles an edit once, a minute after it', async () => {
    await world.save('a', HOURLY);
    const calls: unknown[] = [];
    const store = intercept(world.ports.store, 'settle', async (settle) => void calls.push(await settle()));
    await sweep({ ...world.ports, store });
    expect(calls).toHaveLength(0);
    await world.clock.advance(MINUTE + 1);
    await sweep({ ...world.ports, store });
    await sweep({ ...world.ports, store });
    expect(calls).toHaveLength(1);
  });

  it('The sweep repairs the timers that a slower sync of an earlier edit removed', async () => {
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

  it('A sync removes the timer and the job of a removed cron', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await projectParameter(world.ports, { site: 'default', uid: 'a' });
    await syncCron(world.ports, 'default', 'a');
    expect(await world.timers()).toEqual([]);
    expect(await world.job('a')).toBeUndefined();
    expect(world.events.at(-1)).toEqual({
      type: 'CrontabSynchronisation',
      detail: { site: 'default', uid: 'a' },
    });
  });

  it('A sync does nothing for an unknown cron', async () => {
    await syncCron(world.ports, 'default', 'unknown');
    expect(await world.job('unknown')).toBeUndefined();
  });

  it('A sync that loses a race removes the timer that it made', async () => {
    await world.save('a', HOURLY);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '45 * * * *' }));
    let isFirst = true;
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      if (isFirst) {
        isFirst = false;
        await world.save('a', { ...HOURLY, periodicity: '50 * * * *' });
      }
      return save();
    });
    await syncCron({ ...world.ports, store }, 'default', 'a');
    expect(await world.timers()).toEqual(['a 11:50']);
  });

  it.each(['arm', 'disarm'] as const)(
    'A second sync and the sweep complete a sync that failed in %s',
    async (method) => {
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
    },
  );

  it('A sync removes the timer of a removed cron even when the answer to its own write was lost', async () => {
    await world.save('a', HOURLY);
    await world.ports.registry.remove({ site: 'default', uid: 'a' });
    await projectParameter(world.ports, { site: 'default', uid: 'a' });
    const store = intercept(world.ports.store, 'removeJob', async (remove) => {
      await remove();
      return false;
    });
    await syncCron({ ...world.ports, store }, 'default', 'a');
    expect(await world.timers()).toEqual([]);
  });

  it('A sync fails with UnavailableError when every write of the job loses a race', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    let writes = 0;
    const store = intercept(world.ports.store, 'saveJob', async () => void writes++);
    await expect(syncCron({ ...world.ports, store }, 'default', 'a')).rejects.toThrow(UnavailableError);
    expect(writes).toBe(10);
  });
});

describe('syncSite', () => {
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
    expect(await world.job('a')).toMatchObject({ pending: [], logs: [] });
  });

  it('A cron whose sync fails does not keep other crons from their sync', async () => {
    for (const uid of ['a', 'b', 'c']) await world.edit(uid, JSON.stringify(HOURLY));
    const queue = faulty(world.ports.queue, 'arm', 'before');
    await expect(syncSite({ ...world.ports, queue }, 'default')).rejects.toThrow();
    expect(await world.timers()).toHaveLength(2);
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
    await world.clock.advanceTo(NOON + 5 * MINUTE);
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

  it('The sweep does not report a timer as lost that was made while it listed the timers', async () => {
    await world.save('a', HOURLY);
    const { queue } = world.ports;
    const laggingQueue = {
      arm: queue.arm.bind(queue),
      disarm: queue.disarm.bind(queue),
      deliver: queue.deliver.bind(queue),
      timers: (of?: Required<ParameterKey>) => queue.timers(of ?? { site: 'default', uid: 'b' }),
    };
    await sweep({ ...world.ports, queue: laggingQueue });
    expect(world.logger.messages('warn')).toEqual([]);
    expect(await world.timers()).toEqual(['a 12:00']);
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
    const store = intercept(world.ports.store, 'saveJob', async (save) => {
      await sweep(world.ports);
      return save();
    });
    await world.run({ uid: 'a', plannedAt: NOON }, { store });
    expect(await world.timers()).toEqual(['a 13:00']);
  });

  it('The sweep ignores an armed time that the index reports too late', async () => {
    await world.save('a', HOURLY);
    const store = new Proxy(world.ports.store, {
      get(target, name) {
        if (name === 'armed') {
          return async function* () {
            yield { site: 'default', uid: 'a', plannedAt: NOON + HOUR };
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await sweep({ ...world.ports, store });
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep syncs an edit whose notification was lost', async () => {
    await world.edit('a', JSON.stringify(HOURLY));
    await world.clock.advance(61_000);
    await sweep(world.ports);
    expect(await world.timers()).toEqual(['a 12:00']);
  });

  it('The sweep removes the job of an unknown cron', async () => {
    await world.ports.store.saveJob(armedAt(NOON, cronOf(), { revision: 0, uid: 'forgotten' }));
    await world.clock.advanceTo(NOON + 6 * MINUTE);
    await sweep(world.ports);
    expect(await world.job('forgotten')).toBeUndefined();
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
    await world.clock.advance(61_000);
    const queue = faulty(world.ports.queue, 'arm', 'before');
    await expect(sweep({ ...world.ports, queue })).rejects.toThrow(
      'The sweep could not repair everything: UnavailableError: arm failed before its effect',
    );
    expect(await world.timers()).toHaveLength(1);
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
    await resync(world.ports);
    expect(await world.timers()).toEqual(['b 11:45']);
    const { crontab } = await world.ports.store.readSite('default');
    expect(crontab?.removed).toBe(true);
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
    expect((await world.ports.store.readProjection({ site: 'default', uid: 'a' }))?.value).toBeUndefined();
    expect(await world.timers()).toEqual([]);
  });

  it('A refresh projects everything and arms no timer', async () => {
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
