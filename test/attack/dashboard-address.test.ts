/** Addresses that a page or a program sends to a dashboard: to lead its user away, to write a header, or to make it fail. */

import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signingProxy } from '../../lib/adapters/aws/signing-proxy.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { behindDoor } from '../../lib/surfaces/web/local-door.ts';
import { serve } from '../../lib/surfaces/web/local-server.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '@daily' });
});
afterEach(() => world.close());

const LIST = '/sites/default';

describe('the address to which an action returns', () => {
  it.each([
    `${LIST}?x\r\nset-cookie: a=b`,
    `${LIST}?x\nlocation: https://evil.example`,
    `${LIST}\r\n`,
    `${LIST}?\u0000`,
    `${LIST}?q=\u{1f600}`,
    'https://evil.example/sites/default',
    '//evil.example/sites/default',
    '\\\\evil.example',
    'javascript:alert(1)',
    `${LIST}/../../sites/other`,
  ])('%j neither fails the action, nor leads away, nor writes a header', async (back) => {
    const body = new URLSearchParams({ do: 'off', uid: 'a', back });
    const init = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, body };
    const response = await makeApp(makeDoor(world.ports)).request(`${LIST}/do`, init);
    expect(response.status).toBe(303);
    const { origin, pathname } = new URL(response.headers.get('location') ?? '', 'http://here');
    expect([origin, pathname]).toEqual(['http://here', LIST]);
    expect([...response.headers.keys()]).not.toContain('set-cookie');
  });
});

it('No route that changes something obeys a page of another site', async () => {
  const app = makeApp(makeDoor(world.ports));
  const changing = app.routes.filter(({ method }) => !['ALL', 'GET', 'HEAD', 'OPTIONS'].includes(method));
  expect(changing.length).toBeGreaterThan(20);
  for (const { method, path } of changing) {
    const filled = path.replace(':site', 'default').replace(':uid', 'a').replace(/:\w+/, '1');
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json', 'x-cloudtab': '1' },
      { 'sec-fetch-site': 'same-site', 'content-type': 'application/x-www-form-urlencoded' },
      { origin: 'http://127.0.0.1:1', 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    ]) {
      const { status } = await app.request(filled, { method, headers, body: 'do=off&uid=a' });
      expect([method, path, headers, status]).toEqual([method, path, headers, 403]);
    }
  }
  expect((await world.ports.registry.read({ site: 'default', uid: 'a' }))?.version).toBe(1);
});

describe('the proxy of a deployment', () => {
  const DEPLOYMENT = 'https://abc.lambda-url.eu-west-1.on.aws';

  it.each([
    'GET //',
    'GET //evil.example/',
    'GET http://evil.example/',
    'GET /../../x',
    'GET /%',
    'GET /\\evil.example',
    'GET /@evil.example/',
    'GET ?',
    'GET *',
    'OPTIONS *',
    'GET ///',
    'CONNECT evil.example:443',
  ])(
    'A request with the line "%s" reaches the deployment or nothing, and is no error of the proxy',
    async (line) => {
      const reached: string[] = [];
      const proxy = signingProxy({
        url: `${DEPLOYMENT}/`,
        sign: async ({ headers }) => headers,
        fetch: async (target) => {
          reached.push(new URL(String(target)).origin);
          return new Response('the dashboard');
        },
      });
      await using serving = closing(await serve(proxy, { token: () => 'the-token', port: 0 }));
      const { hostname, port } = new URL(serving.address);
      const socket = connect(Number(port), hostname);
      const head = [`${line} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Authorization: Bearer the-token'];
      socket.end([...head, 'Connection: close', '', ''].join('\r\n'));
      const [, status = '000'] = /^HTTP\/1\.1 (\d+)/.exec(await text(socket)) ?? [];
      expect(reached.filter((origin) => origin !== DEPLOYMENT)).toEqual([]);
      expect(Number(status)).toBeLessThan(500);
    },
  );

  it('A path that leads to no URL is answered as any other that is wrong', async () => {
    const door = behindDoor({ fetch: () => new Response('inside') }, () => 'the-token');
    const response = await door.fetch(new Request('http://127.0.0.1/the-token//evil.example'));
    expect(response.status).toBe(200);
    expect(response.headers.get('location')).toBeNull();
  });
});

function closing<Closable extends { close(): Promise<void> }>(one: Closable): Closable & AsyncDisposable {
  return Object.assign(one, { [Symbol.asyncDispose]: () => one.close() });
}
