import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import {
  announceTo,
  deliverTo,
  eventsOf,
  SCHEDULER_PATHS,
} from '../../../lib/adapters/local/scheduler-client.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Delivery } from '../../../lib/core/domain/occurrence.ts';
import { type Serving, serve } from '../../../lib/surfaces/web/local-server.ts';
import { type SentEvent, withSchedulerRoutes } from '../../../lib/surfaces/web/scheduler-routes.ts';

const TOKEN = 'x'.repeat(43);
const DELIVERY = { site: 'default', uid: 'a', plannedAt: 1_000, forced: 'run-1', requestedBy: 'ada' };

let serving: Serving | undefined;
let server: Server | undefined;
let ending: AbortController;
afterEach(async () => {
  await serving?.close();
  server?.close();
  [serving, server] = [undefined, undefined];
});

const inside = { fetch: () => new Response('inside') };

const announced: SentEvent[] = [];
const listeners = new Set<(event: SentEvent) => void>();

async function doorTo(deliver: (delivery: Delivery) => Promise<void>) {
  const announce = async (event: SentEvent) => void announced.push(event);
  const subscribe = (listen: (event: SentEvent) => void) => {
    listeners.add(listen);
    return () => void listeners.delete(listen);
  };
  ending = new AbortController();
  const app = withSchedulerRoutes(inside, SCHEDULER_PATHS, {
    deliver,
    announce,
    subscribe,
    ending: ending.signal,
  });
  serving = await serve(app, { port: 0, token: () => TOKEN });
  return { address: serving.address, token: TOKEN, version: '0', pid: 7 };
}

it('A run that another process asks for is delivered to the scheduler, as the door lets it in', async () => {
  const delivered: Delivery[] = [];
  const door = await doorTo(async (delivery) => void delivered.push(delivery));
  await deliverTo(door, DELIVERY);
  expect(delivered).toEqual([DELIVERY]);
  await expect(deliverTo({ ...door, token: 'y'.repeat(43) }, DELIVERY)).rejects.toThrow(
    'The scheduler of this folder refused: Not found.',
  );
  expect(delivered).toHaveLength(1);
});

it('An event of an edit in another process is announced by the scheduler', async () => {
  const door = await doorTo(async () => undefined);
  const event = {
    type: 'ModifiedCrontab',
    detail: { site: 'default', version: 2, change: 'saved' },
  } as const;
  await announceTo(door, event);
  expect(announced).toEqual([event]);
});

it('A program receives the events of the scheduler until it stops, or until the scheduler ends', async () => {
  const door = await doorTo(async () => undefined);
  const stopping = new AbortController();
  const events = (await eventsOf(door, stopping.signal))[Symbol.asyncIterator]();
  const others = (await eventsOf(door, AbortSignal.timeout(60_000)))[Symbol.asyncIterator]();
  const event = { type: 'ServerRestart', detail: { crons: 2 } };
  for (const listen of listeners) listen(event);
  expect([(await events.next()).value, (await others.next()).value]).toEqual([event, event]);
  stopping.abort();
  await expect(events.next()).rejects.toThrow();
  await expect.poll(() => listeners.size).toBe(1);
  const next = others.next();
  ending.abort();
  expect(await next).toMatchObject({ done: true });
  expect(listeners.size).toBe(0);
  await expect(eventsOf({ ...door, token: 'y'.repeat(43) }, AbortSignal.timeout(60_000))).rejects.toThrow(
    UnavailableError,
  );
});

it('A scheduler says why it refuses a run, and what is wrong with a request', async () => {
  const door = await doorTo(() => Promise.reject(new ConfigurationError('no such file.')));
  await expect(deliverTo(door, DELIVERY)).rejects.toThrow(
    'The scheduler of this folder refused: no such file.',
  );
  const { forced: _, ...planned } = DELIVERY;
  await expect(deliverTo(door, planned)).rejects.toThrow('1 problem found; nothing was changed.');
});

it('Every other request reaches the application', async () => {
  const { address } = await doorTo(async () => undefined);
  const headers = { Authorization: `Bearer ${TOKEN}` };
  expect(await (await fetch(`${address}${SCHEDULER_PATHS.deliver}`, { headers })).text()).toBe('inside');
  const posted = await fetch(`${address}/x`, { method: 'POST', headers: { ...headers, 'X-Cloudtab': '1' } });
  expect(await posted.text()).toBe('inside');
});

it('A scheduler that does not answer is named by its process', async () => {
  server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const door = { address: `http://127.0.0.1:${port}`, token: TOKEN, version: '0', pid: 7 };
  await expect(deliverTo(door, DELIVERY)).rejects.toThrow(UnavailableError);
  await expect(deliverTo(door, DELIVERY)).rejects.toThrow(
    'The scheduler of this folder, process 7, does not answer.',
  );
});
