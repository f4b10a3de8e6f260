import { expect, test } from 'vitest';
import { LocalEvents } from '../../lib/local/local-events.ts';
import type { Event } from '../../lib/ports/events.ts';
import { eventsContract } from '../contracts/events.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

const RESTART: Event = { type: 'ServerRestart', detail: { sites: ['site'] } };

eventsContract('LocalEvents', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const received: Event[] = [];
  const unsubscribe = events.subscribe((event) => {
    received.push(event);
  });
  return { events, received: async () => received, close: async () => unsubscribe() };
});

test('every listener is told, in the order of subscription, before emit returns', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const told: string[] = [];
  events.subscribe(() => void told.push('first'));
  events.subscribe(() => void told.push('second'));
  await events.emit(RESTART, RESTART);
  expect(told).toEqual(['first', 'second', 'first', 'second']);
});

test('whoever unsubscribes is told no more, also in the middle of an event and twice', async () => {
  const events = new LocalEvents(new MemoryLogger());
  const told: string[] = [];
  const listen = () => {
    told.push('told');
    leave();
  };
  const leave = events.subscribe(listen);
  const stay = events.subscribe(() => void told.push('other'));
  await events.emit(RESTART, RESTART);
  leave();
  expect(told).toEqual(['told', 'other', 'other']);
  stay();
  await events.emit(RESTART);
  expect(told).toHaveLength(3);
});

test('the same function may subscribe twice, and leaves one by one', async () => {
  const events = new LocalEvents(new MemoryLogger());
  let count = 0;
  const listen = () => {
    count += 1;
  };
  const leave = events.subscribe(listen);
  events.subscribe(listen);
  leave();
  await events.emit(RESTART);
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
])('a listener that %s harms neither the others nor the sender, and the log says so', async (_, listen) => {
  const log = new MemoryLogger();
  const events = new LocalEvents(log);
  const told: Event[] = [];
  events.subscribe(listen);
  events.subscribe((event) => void told.push(event));
  await events.emit(RESTART);
  expect(told).toEqual([RESTART]);
  expect(log.messages('error')).toEqual(['A listener failed on ServerRestart: Error: no printer']);
});
