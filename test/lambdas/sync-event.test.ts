import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onSyncEvent } from '../../lib/aws/sync-event.ts';
import { InvalidError } from '../../lib/domain/errors.ts';
import { intercept } from '../support/faulty.ts';
import { makeWorld, type World } from '../support/world.ts';

const HOURLY = JSON.stringify({ name: 'task', periodicity: '0 * * * *' });

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

function record(sequence: string, pk: string, sk: string): DynamoDBRecord {
  return { dynamodb: { SequenceNumber: sequence, Keys: { pk: { S: pk }, sk: { S: sk } } } };
}

describe('a batch of changes of the table', () => {
  it('gives changed crons and crontabs their timers', async () => {
    await world.edit('a', HOURLY);
    await world.edit('b', HOURLY);
    await world.edit(undefined, '{"timezone":"Asia/Kolkata"}');
    const Records = [record('1', 'default/a', 'cron'), record('2', 'default', 'crontab')];
    expect(await onSyncEvent(world.ports, { Records })).toEqual({ batchItemFailures: [] });
    // Half past eleven in UTC is five in the afternoon there; the crontab's change concerns b as well.
    expect(await world.timers()).toEqual(['a 12:30', 'b 12:30']);
  });

  it('synchronises what several records name once', async () => {
    await world.edit('a', HOURLY);
    let reads = 0;
    const store = intercept(world.ports.store, 'read', (call) => {
      reads += 1;
      return call();
    });
    const Records = ['1', '2', '3'].map((sequence) => record(sequence, 'default/a', 'cron'));
    await onSyncEvent({ ...world.ports, store }, { Records });
    expect(reads).toBe(1);
  });

  it('answers each record of what failed, and finishes the others', async () => {
    await world.edit('a', HOURLY);
    await world.edit('b', HOURLY);
    const queue = new Proxy(world.ports.queue, {
      get: (target, name) =>
        name === 'arm'
          ? async (timer: { readonly uid: string; readonly site: string; readonly at: number }) => {
              if (timer.uid === 'a') throw new Error('no timer for a');
              await target.arm(timer);
            }
          : Reflect.get(target, name),
    });
    const Records = [
      record('1', 'default/a', 'cron'),
      record('2', 'default/b', 'cron'),
      record('3', 'default/a', 'cron'),
    ];
    expect(await onSyncEvent({ ...world.ports, queue }, { Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }],
    });
    expect(await world.timers()).toEqual(['b 12:00']);
    expect(world.log.lines.filter(({ fields }) => fields.code === 'sync-failed')).toMatchObject([
      { level: 'error', message: 'Could not synchronise', fields: { site: 'default', uid: 'a' } },
    ]);
  });

  it('ignores records of another shape with a line each', async () => {
    const Records = [
      record('1', 'default/a', 'job'),
      record('2', 'default', 'cron'),
      record('3', '', 'crontab'),
      { dynamodb: { Keys: { pk: { S: 'default/a' }, sk: { S: 'cron' } } } },
      {},
    ];
    expect(await onSyncEvent(world.ports, { Records })).toEqual({ batchItemFailures: [] });
    expect(world.log.messages('warn')).toEqual(Array(5).fill('Ignored a record of another shape'));
  });
});

describe('a schedule of the stack', () => {
  it('restores every site', async () => {
    await world.ports.registry.write({ site: 'default', uid: 'a' }, HOURLY);
    expect(await onSyncEvent(world.ports, { task: 'restore' })).toBeUndefined();
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.eventTypes()).toContain('ServerRestart');
  });

  it('sweeps up what was not synchronised', async () => {
    await world.edit('a', HOURLY);
    await world.clock.advance(2 * 60_000);
    expect(await onSyncEvent(world.ports, { task: 'sweep' })).toBeUndefined();
    expect(await world.timers()).toEqual(['a 12:00']);
    expect(world.eventTypes()).not.toContain('ServerRestart');
  });
});

it.each([{ task: 'dance' }, {}, undefined, null, 'sweep', { Records: 'none' }])(
  'refuses %j',
  async (event) => {
    await expect(onSyncEvent(world.ports, event)).rejects.toThrow(
      new InvalidError([
        {
          where: 'value',
          got: event === undefined ? 'nothing' : JSON.stringify(event),
          wanted: 'records of the table, {"task":"sweep"} or {"task":"restore"}',
          cure: 'Invoke it as the rules of the stack do.',
        },
      ]),
    );
  },
);
