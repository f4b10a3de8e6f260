import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Server as HttpServer, request } from 'node:http';
import { connect, Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeDoor } from '../../../lib/app/door/call.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { makeApp } from '../../../lib/surfaces/web/app.ts';
import { type Serving, serve } from '../../../lib/surfaces/web/local-server.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
const open: Serving[] = [];
const TOKEN = 'the-token';
const headers = { authorization: `Bearer ${TOKEN}` };

beforeEach(() => {
  world = makeWorld();
});
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close();
  world.close();
});

async function start(port?: number): Promise<Serving> {
  const serving = await serve(makeApp(makeDoor(world.ports)), {
    token: () => TOKEN,
    ...(port === undefined ? {} : { port }),
  });
  open.push(serving);
  return serving;
}

/** The status of the response to a request with that host name, which `fetch` cannot set. */
async function statusFor(address: string, host: string): Promise<number | undefined> {
  const outgoing = request(`${address}/health`, { headers: { ...headers, host } });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  response.resume();
  return response.statusCode;
}

test('The server listens on the loopback address', async () => {
  const { address } = await start(0);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(`${address}/health`, { headers })).json()).toEqual({ ok: true });
});

test('The server refuses a request for another host name', async () => {
  const { address } = await start(0);
  expect(await statusFor(address, 'rebound.example.com')).toBe(421);
  expect(await statusFor(address, new URL(address).host)).toBe(200);
});

test('The server closes connections beyond the 64th', async () => {
  const { address } = await start(0);
  const port = Number(new URL(address).port);
  const sockets: Socket[] = [];
  for (let count = 0; count < 64; count++) {
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    await once(socket, 'data');
    sockets.push(socket);
  }
  const surplus = connect(port, '127.0.0.1').resume();
  await once(surplus, 'close');
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([]);
  for (const socket of sockets) socket.destroy();
});

test('The server gives up a client that takes more than 10 s for its headers, or 30 s for its request', async () => {
  const { address } = await start(0);
  const servers: HttpServer[] = [];
  // Waiting for the timeouts themselves would take half a minute.
  const note = (message: unknown) => servers.push((message as { readonly server: HttpServer }).server);
  subscribe('http.server.request.start', note);
  await fetch(`${address}/health`, { headers });
  unsubscribe('http.server.request.start', note);
  expect(servers).toMatchObject([{ headersTimeout: 10_000, requestTimeout: 30_000 }]);
});

test('The method TRACE, which no Request can have, is not allowed', async () => {
  const { address } = await start(0);
  const outgoing = request(`${address}/health`, {
    headers: { ...headers, 'x-cloudtab': '1' },
    method: 'TRACE',
  });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  expect([response.statusCode, response.resume().headers.allow]).toEqual([
    405,
    'GET, HEAD, POST, PATCH, DELETE',
  ]);
});

test('The server without a port takes the next free one', async () => {
  const first = await start();
  const second = await start();
  const port = Number(new URL(second.address).port);
  expect(port).toBeGreaterThan(Number(new URL(first.address).port));
  expect(second.note).toBe(`The port 4242 is taken by another process, so the dashboard uses ${port}.\n`);
  expect(await start(0)).not.toHaveProperty('note');
});

test('The server refuses a port that is taken or invalid and names the option for another one', async () => {
  const { address } = await start(0);
  const port = Number(new URL(address).port);
  await expect(start(port)).rejects.toThrow(
    new ConfigurationError(
      `The port ${port} of 127.0.0.1 is taken by another process. Choose another with --port, or 0 for any.`,
    ),
  );
  await expect(start(-1)).rejects.toThrow(
    new ConfigurationError(
      'The port -1 is invalid. Choose one from 1024 to 65535 with --port, or 0 for any.',
    ),
  );
});

test.each([-1, 70_000, 1.5])('The server refuses %s as a port', async (port) => {
  await expect(start(port)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringContaining(String(port)),
    cause: { code: 'ERR_SOCKET_BAD_PORT' },
  });
});

test.each([
  ['EACCES', /reserved for the system/],
  ['EADDRNOTAVAIL', /EADDRNOTAVAIL/],
])('The server reports the error %s of the operating system', async (code, message) => {
  const error = Object.assign(new Error(code), { code });
  using _listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    setImmediate(() => this.emit('error', error));
    return this;
  });
  await expect(start(80)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(message),
    cause: error,
  });
});

test('The server refuses to start when all default ports are taken', async () => {
  const servers = Array.from({ length: 20 }, (_, n) => createServer().listen(4242 + n, '127.0.0.1'));
  // A port on which another process listens, such as a running crontab of the developer, is taken as well.
  await Promise.all(servers.map((server) => once(server, 'listening').catch(() => {})));
  await expect(start()).rejects.toThrow(
    'The ports 4242 to 4261 of 127.0.0.1 are all taken. Choose another with --port.',
  );
  await Promise.all(
    servers.filter((server) => server.listening).map((server) => once(server.close(), 'close')),
  );
});

test('Closing the server waits for requests in progress and not for idle connections', async () => {
  const { address, close } = await start(0);
  open.pop();
  await (await fetch(`${address}/health`, { headers })).text();
  await close();
  await expect(fetch(`${address}/health`, { headers })).rejects.toThrow();
});
