import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { EVENTS_PATH, eventsOf, postTo } from '../../../lib/adapters/local/scheduler-client.ts';
import { makeDoor } from '../../../lib/app/door/call.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Serving } from '../../../lib/surfaces/web/local-server.ts';
import { type SentEvent, serveScheduler } from '../../../lib/surfaces/web/scheduler-server.ts';
import { makeWorld } from '../../support/world.ts';

const TOKEN = 'x'.repeat(43);
const OTHER_TOKEN = 'y'.repeat(43);

let serving: Serving | undefined;
let server: Server | undefined;
afterEach(async () => {
  await serving?.close();
  server?.close();
  [serving, server] = [undefined, undefined];
});

const listeners = new Set<(event: SentEvent) => void>();

async function doorTo(ready: Promise<void> = Promise.resolve()) {
  const world = makeWorld();
  serving = await serveScheduler(
    {
      calls: makeDoor(world.ports),
      door: { token: () => TOKEN },
      eventsPath: EVENTS_PATH,
      ready,
      subscribe(listen) {
        listeners.add(listen);
        return () => void listeners.delete(listen);
      },
    },
    0,
  );
  return { address: serving.address, token: TOKEN, version: '0', pid: 7 };
}

it('A program receives the events of the scheduler until it stops, or until the scheduler ends', async () => {
  const door = await doorTo();
  const stopping = new AbortController();
  const events = (await eventsOf(door, stopping.signal))[Symbol.asyncIterator]();
  const others = (await eventsOf(door, AbortSignal.timeout(60_000)))[Symbol.asyncIterator]();
  const event = { type: 'ServerRestart', detail: { crons: 2 } };
  for (const listen of listeners) listen(event);
  expect([(await events.next()).value, (await others.next()).value]).toEqual([event, event]);
  stopping.abort();
  await expect(events.next()).rejects.toThrow();
  await expect.poll(() => listeners.size).toBe(1);
  const stranger = { ...door, token: OTHER_TOKEN };
  await expect(eventsOf(stranger, AbortSignal.timeout(60_000))).rejects.toThrow(UnavailableError);
  const next = others.next();
  await serving?.close();
  serving = undefined;
  expect(await next).toMatchObject({ done: true });
  expect(listeners.size).toBe(0);
});

it('A call of another process is done with the token of the door alone, and nothing takes events of others', async () => {
  const door = await doorTo();
  const call = (token: string) => postTo({ ...door, token }, '/calls/siteNames', '{"input":{}}');
  expect(JSON.parse((await call(TOKEN)).text)).toEqual({ items: ['default'] });
  expect((await call(OTHER_TOKEN)).status).toBe(404);
  const event = { type: 'ServerRestart', detail: { crons: 2 } };
  expect((await postTo(door, EVENTS_PATH, JSON.stringify(event))).status).toBe(404);
});

it('While the scheduler reads the crontab, its page is served, and calls wait for the end', async () => {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const door = await doorTo(ready);
  let isAnswered = false;
  const answer = postTo(door, '/calls/siteNames', '{"input":{}}').finally(() => {
    isAnswered = true;
  });
  const page = await fetch(`${door.address}/${TOKEN}/`);
  expect(page.status).toBe(200);
  expect(isAnswered).toBe(false);
  resolve();
  expect(JSON.parse((await answer).text)).toEqual({ items: ['default'] });
});

it('The answer to a call has what its Retry-After asks for', async () => {
  server = createServer((_, response) => response.writeHead(429, { 'Retry-After': '3' }).end('{}'));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const door = { address: `http://127.0.0.1:${port}`, token: TOKEN, version: '0', pid: 7 };
  expect(await postTo(door, '/calls/siteNames', '{}')).toEqual({ status: 429, text: '{}', retryAfter: '3' });
});

it('A scheduler that does not answer is named by its process', async () => {
  server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const door = { address: `http://127.0.0.1:${port}`, token: TOKEN, version: '0', pid: 7 };
  const call = () => postTo(door, '/calls/siteNames', '{}');
  await expect(call()).rejects.toThrow(UnavailableError);
  await expect(call()).rejects.toThrow('The scheduler of this folder, process 7, does not answer.');
});
