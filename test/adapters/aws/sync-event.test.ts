import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onSyncEvent } from '../../../lib/adapters/aws/sync-event.ts';
import { InvalidError } from '../../../lib/core/domain/errors.ts';
import { intercept } from '../../support/faulty.ts';
import { MINUTE } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = JSON.stringify({ name: 'task', periodicity: '0 * * * *' });

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

function record(sequence: string, pk: string, sk: string): DynamoDBRecord {
  return { dynamodb: { SequenceNumber: sequence, Keys: { pk: { S: pk }, sk: { S: sk } } } };
}

describe('onSyncEvent, for a batch of stream records', () => {
  it('onSyncEvent arms the timers of changed crons and crontabs', async () => {
    await world.edit('a', HOURLY);
    await world.edit('b', HOURLY);
    await world.edit(undefined, '{"timezone":"Asia/Kolkata"}');
    const Records = [record('1', 'default', 'cron#a'), record('2', 'default', 'crontab')];
    const answer = onSyncEvent(world.ports, { Records });
    // Both synchronise a, and the second one that commits tries again after a pause.
    await world.clock.advance(MINUTE);
    expect(await answer).toEqual({ batchItemFailures: [] });
    // In Asia/Kolkata, full hours are half hours in UTC. The edit of the crontab changes the timer of b as well.
    expect(await world.timers()).toEqual(['a 12:30', 'b 12:30']);
  });

  it('onSyncEvent synchronises a cron once when several records name it', async () => {
    await world.edit('a', HOURLY);
    let reads = 0;
    const store = intercept(world.ports.store, 'read', (call) => {
      reads += 1;
      return call();
    });
    const Records = ['1', '2', '3'].map((sequence) => record(sequence, 'default', 'cron#a'));
    await onSyncEvent({ ...world.ports, store }, { Records });
    expect(reads).toBe(1);
  });

  it('onSyncEvent reports each record whose sync failed and completes the others', async () => {
    await world.edit('a', HOURLY);
    await world.edit('b', HOURLY);
    const queue = new Proxy(world.ports.queue, {
      get: (target, name) =>
        name === 'arm'
          ? async (timer: { readonly uid: string; readonly site: string; readonly plannedAt: number }) => {
              if (timer.uid === 'a') throw new Error('no timer for a');
              await target.arm(timer);
            }
          : Reflect.get(target, name),
    });
    const Records = [
      record('1', 'default', 'cron#a'),
      record('2', 'default', 'cron#b'),
      record('3', 'default', 'cron#a'),
    ];
    expect(await onSyncEvent({ ...world.ports, queue }, { Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }],
    });
    expect(await world.timers()).toEqual(['b 12:00']);
    expect(world.logger.lines.filter(({ fields }) => fields.code === 'sync-failed')).toMatchObject([
      { level: 'error', fields: { site: 'default', uid: 'a' } },
    ]);
  });

  it('onSyncEvent repeats no record of a cron whose state cannot be read', async () => {
    await world.save('a', JSON.parse(HOURLY));
    world.damage('job', 'a', '{"token":"one"}');
    const Records = [record('1', 'default', 'cron#a')];
    expect(await onSyncEvent(world.ports, { Records })).toEqual({ batchItemFailures: [] });
    expect(world.logger.linesOf('cron-unreadable')).toMatchObject([{ level: 'error', fields: { uid: 'a' } }]);
  });

  it('onSyncEvent ignores each record that is not a definition and logs it', async () => {
    const Records = [
      record('1', 'default', 'cron#a#job'),
      record('2', 'default/a', 'run#1767614400'),
      record('3', '', 'crontab'),
      { dynamodb: { Keys: { pk: { S: 'default/a' }, sk: { S: 'cron' } } } },
      {},
    ];
    expect(await onSyncEvent(world.ports, { Records })).toEqual({ batchItemFailures: [] });
    const warnings = world.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ fields }) => fields.code)).toEqual(Array(5).fill('event-ignored'));
  });
});

describe('onSyncEvent, for a task of a rule', () => {
  it('The task resync resyncs every site', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, HOURLY);
    expect(await onSyncEvent(world.ports, { task: 'resync' })).toBeUndefined();
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.eventTypes()).toContain('ServerRestart');
  });

  it('The task sweep arms the timer of a cron that was not synchronised', async () => {
    await world.edit('a', HOURLY);
    await world.clock.advance(2 * 60_000);
    expect(await onSyncEvent(world.ports, { task: 'sweep' })).toBeUndefined();
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.eventTypes()).not.toContain('ServerRestart');
  });

  it('The heartbeat follows a sweep that has repaired everything, and nothing else', async () => {
    let beats = 0;
    const heartbeat = async () => {
      beats += 1;
    };
    await onSyncEvent({ ...world.ports, heartbeat }, { task: 'resync' });
    expect(beats).toBe(0);
    await onSyncEvent({ ...world.ports, heartbeat }, { task: 'sweep' });
    expect(beats).toBe(1);
    const sites = () => Promise.reject(new Error('no table'));
    const store = new Proxy(world.ports.store, {
      get: (target, name) => (name === 'sites' ? sites : Reflect.get(target, name).bind(target)),
    });
    await expect(onSyncEvent({ ...world.ports, store, heartbeat }, { task: 'sweep' })).rejects.toThrow();
    expect(beats).toBe(1);
  });
});

it('onSyncEvent rejects an event that is absent', async () => {
  await expect(onSyncEvent(world.ports, undefined)).rejects.toThrow(
    new InvalidError([
      {
        where: 'value',
        got: 'nothing',
        wanted: 'records of the table, {"task":"sweep"} or {"task":"resync"}',
        fix: 'Invoke it as the rules of the stack do.',
      },
    ]),
  );
});

it.each([{ task: 'dance' }, {}, null, 'sweep', { Records: 'none' }])(
  'onSyncEvent rejects the event %j',
  async (event) => {
    await expect(onSyncEvent(world.ports, event)).rejects.toMatchObject({
      problems: [{ where: 'value', got: JSON.stringify(event) }],
    });
  },
);
