import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeApp } from '../../lib/admin/app.ts';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { type Serving, serve } from '../../lib/local/server.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
const open: Serving[] = [];

beforeEach(() => {
  world = makeWorld();
});
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
  world.close();
});

async function start(port?: number): Promise<Serving> {
  const serving = await serve(makeApp(world.ports, { localOnly: true }), port === undefined ? {} : { port });
  open.push(serving);
  return serving;
}

/** The status of an answer to a request for another name; `fetch` does not let a test say that. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const asked = request(`${url}/health`, { headers: { host } });
  asked.end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

test('the application is served on the loopback address', async () => {
  const { url } = await start(0);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ ok: true });
});

test('a request that was sent to another name is refused', async () => {
  const { url } = await start(0);
  expect(await statusFor(url, 'rebound.example.com')).toBe(421);
  expect(await statusFor(url, new URL(url).host)).toBe(200);
});

test('without a port, the next free one is taken', async () => {
  const first = await start();
  const second = await start();
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(new URL(first.url).port));
});

test('a port that is taken is an error that says what to do', async () => {
  const { url } = await start(0);
  const port = Number(new URL(url).port);
  await expect(start(port)).rejects.toThrow(
    new ConfigurationError(
      `The port ${port} of 127.0.0.1 is taken by another process. Choose another with --port, or 0 for any.`,
    ),
  );
});

test.each([-1, 70_000, 1.5])('the port %s is none', async (port) => {
  await expect(start(port)).rejects.toThrow(
    `There is no port ${port}. Choose one from 1024 to 65535 with --port, or 0 for any.`,
  );
});

test('when the usual ports are all taken, that is an error', async () => {
  const taken = Array.from({ length: 20 }, (_, n) => createServer().listen(4242 + n, '127.0.0.1'));
  // Where somebody else listens already, as a crontab that its owner keeps running, the port is taken, too.
  await Promise.all(taken.map((server) => once(server, 'listening').catch(() => {})));
  await expect(start()).rejects.toThrow(
    'The ports 4242 to 4261 of 127.0.0.1 are all taken. Choose another with --port.',
  );
  await Promise.all(
    taken.filter((server) => server.listening).map((server) => once(server.close(), 'close')),
  );
});

test('closing waits for what is being answered, and not for idle browsers', async () => {
  const { url, close } = await start(0);
  open.pop();
  await (await fetch(`${url}/health`)).text();
  await close();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});
