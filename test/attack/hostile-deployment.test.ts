/** A server whose address a user was made to give as `--url`, and which is no deployment. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signingProxy } from '../../lib/adapters/aws/signing-proxy.ts';
import type { Call } from '../../lib/app/door/call.ts';
import { wholeSiteNames } from '../../lib/app/door/whole-lists.ts';
import type { CronView } from '../../lib/app/operations/cron-view.ts';
import { deploymentClient } from '../../lib/client/deployment-client.ts';
import { logsOf } from '../../lib/client/logs-of.ts';
import { CloudtabError, UnavailableError } from '../../lib/core/domain/errors.ts';
import { openUrl } from '../../lib/surfaces/sdk/crontabs.ts';
import { behindDoor } from '../../lib/surfaces/web/local-door.ts';

let answer: RequestListener;
let server: Server;
let asked: string[];
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function sites() {
  const names = { url: address(), name: 'it', title: 'it', option: '--url' };
  return deploymentClient(names).call('siteNames', {}, {});
}

it('It does not fill the memory with a small answer that is large without its compression', async () => {
  const bomb = gzipSync(Buffer.alloc(64_000_000, ' '));
  answer = (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb);
  await expect(sites()).rejects.toThrow('its answer has more than 8 MB');
});

it('It does not keep a command by lists without an end', async () => {
  let asked = 0;
  const call = (async (id: string) => {
    asked++;
    return id === 'readLogsOf' ? { logs: [], left: ['a'] } : { items: ['shop'], cursor: `${asked}` };
  }) as Call;
  await expect(wholeSiteNames(call)).rejects.toThrow('more than 1000 pages');
  expect(asked).toBe(1_001);
  const cron = { uid: 'a', job: { last: {} } } as CronView;
  await expect(logsOf(call, 'shop', [cron])).rejects.toThrow('The logs of no cron were sent.');
});

it('It does not lead the signed request to another place', async () => {
  answer = (_, response) => response.writeHead(307, { Location: `${address()}/elsewhere` }).end();
  await expect(sites()).rejects.toThrow(CloudtabError);
  expect(asked).toEqual(['/calls/siteNames']);
});

describe('It does not crash the command by an error', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('with the code %s', async (code) => {
    answer = (_, response) => response.writeHead(400).end(JSON.stringify({ code, detail: 'words' }));
    await expect(sites()).rejects.toThrow(new CloudtabError('words'));
  });

  it('with problems that are none', async () => {
    answer = (_, response) => response.writeHead(422).end('{"code": "invalid", "detail": 1, "problems": {}}');
    await expect(sites()).rejects.toMatchObject({ name: 'InvalidError' });
  });
});

it.each([
  'http://deployment.example/',
  'http://10.0.0.5/',
  'https://me:password@deployment.example/',
  'http://127.0.0.1.example/',
])('No request is signed for %s', async (url) => {
  await expect(openUrl(url)).rejects.toThrow('wanted the function URL of a deployment');
});

it('Its pages do not act on other servers of this computer, when a browser looks at them through "cloudtab open"', async () => {
  const headers = {
    'content-type': 'text/html',
    'service-worker-allowed': '/',
    'clear-site-data': '"*"',
    'set-cookie': 'a=b',
    'access-control-allow-origin': '*',
    'content-security-policy': "default-src 'unsafe-inline' *",
    refresh: '0; url=http://127.0.0.1:1/',
  };
  const proxy = signingProxy({
    url: 'https://deployment.example/',
    sign: async () => ({}),
    fetch: async () => new Response('<script src="/evil.js"></script>', { headers }),
  });
  const door = behindDoor(proxy, () => 'the-token');
  const shown = await door.fetch(new Request('http://127.0.0.1/the-token/'));
  for (const name of Object.keys(headers).slice(1, 5))
    expect([name, shown.headers.get(name)]).toEqual([name, null]);
  expect(shown.headers.get('refresh')).toBeNull();
  expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none';.* worker-src 'none'/);
});

it('A server that ends the connection is reported', async () => {
  answer = (request) => request.socket.destroy();
  await expect(sites()).rejects.toThrow(UnavailableError);
});
