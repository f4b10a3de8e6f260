import { expect, test } from 'vitest';
import { LocalEvents } from '../../../lib/adapters/local/local-events.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import { eventsContract } from '../../contracts/events.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';

const RESTART: Event = { type: 'ServerRestart', detail: { sites: ['site'] } };

eventsContract('LocalEvents', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const received: Event[] = [];
  const unsubscribe = events.subscribe((event) => {
    received.push(event);
  });
  return { events, received: async () => received, close: async () => unsubscribe() };
});

test('Every listener receives each event, in the order of subscription, before publish returns', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const calls: string[] = [];
  events.subscribe(() => void calls.push('first'));
  events.subscribe(() => void calls.push('second'));
  await events.publish(RESTART, RESTART);
  expect(calls).toEqual(['first', 'second', 'first', 'second']);
});

test('A listener that has unsubscribed receives no more events, even within one call of publish', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const calls: string[] = [];
  const listen = () => {
    calls.push('once');
    unsubscribe();
  };
  const unsubscribe = events.subscribe(listen);
  const unsubscribeOther = events.subscribe(() => void calls.push('other'));
  await events.publish(RESTART, RESTART);
  unsubscribe();
  expect(calls).toEqual(['once', 'other', 'other']);
  unsubscribeOther();
  await events.publish(RESTART);
  expect(calls).toHaveLength(3);
});

test('A function may subscribe twice, and each subscription ends separately', async () => {
  const events = new LocalEvents(new MemoryLogger());
  let count = 0;
  const listen = () => {
    count += 1;
  };
  const unsubscribe = events.subscribe(listen);
  events.subscribe(listen);
  unsubscribe();
  await events.publish(RESTART);
  expect(count).toBe(1);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no printer');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no printer'))],
])(
  'A listener that %s affects neither the other listeners nor the publisher, and its error is logged',
  async (_, listen) => {
    const logger = new MemoryLogger();
    const events = new LocalEvents(logger);
    const received: Event[] = [];
    events.subscribe(listen);
    events.subscribe((event) => void received.push(event));
    await events.publish(RESTART);
    expect(received).toEqual([RESTART]);
    expect(logger.messages('error')).toEqual(['A listener failed on ServerRestart: Error: no printer']);
  },
);
