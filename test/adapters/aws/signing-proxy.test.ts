import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSigningProxy, type SigningProxy } from '../../../lib/adapters/aws/signing-proxy.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let proxy: SigningProxy;
let sent: Sent[];
let answer: () => Response | Promise<Response>;
beforeEach(async () => {
  sent = [];
  answer = () => new Response('the dashboard', { headers: { 'content-type': 'text/html', etag: '"1"' } });
  proxy = await open();
});
afterEach(() => proxy[Symbol.asyncDispose]());

function open(url = 'https://abc.lambda-url.eu-west-1.on.aws/') {
  return openSigningProxy({
    url,
    port: 0,
    sign: async ({ headers }) => ({ ...headers, authorization: 'AWS4-HMAC-SHA256 …' }),
    fetch: async (target, init) => {
      const body = init?.body instanceof Uint8Array ? Buffer.from(init.body).toString() : '';
      sent.push({
        url: String(target),
        method: init?.method,
        headers: init?.headers as Sent['headers'],
        body,
      });
      return answer();
    },
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Sends a request with `node:http`, since `fetch` does not let a test set headers such as `host` and `origin`. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  const { hostname, port } = new URL(proxy.url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;

/** Exchanges the token for the cookie that later requests need. */
async function signIn(): Promise<{ cookie: string }> {
  const { headers } = await ask(pathOf(proxy.url));
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
}

describe('the signing proxy', () => {
  it.each([
    ['/sites/shop', '/sites/shop'],
    ['//elsewhere.example/x', '/x'],
    ['/.//elsewhere.example/x', '/elsewhere.example/x'],
  ])('The proxy redirects a request with the token from %s to %s on its own host', async (path, location) => {
    const { search } = new URL(proxy.url);
    expect((await ask(`${path}${search}`)).headers.location).toBe(location);
  });

  it('The proxy accepts the token once, sets a cookie and redirects to an address without the token', async () => {
    const first = await ask(pathOf(proxy.url));
    expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    expect(String(first.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(await ask(pathOf(proxy.url))).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it('The proxy forwards a request signed and without its own cookie, and returns the response', async () => {
    const cookie = await signIn();
    const response = await ask('/sites/default?q=a%20b', {
      ...cookie,
      'if-match': '"1"',
      'x-forwarded-for': '1.2.3.4',
    });
    expect(response).toMatchObject({ status: 200, body: 'the dashboard', headers: { etag: '"1"' } });
    expect(sent).toEqual([
      {
        url: 'https://abc.lambda-url.eu-west-1.on.aws/sites/default?q=a%20b',
        method: 'GET',
        headers: { 'if-match': '"1"', authorization: 'AWS4-HMAC-SHA256 …' },
        body: '',
      },
    ]);
  });

  it('The proxy accepts a form with the origin null only when the browser reports the same origin', async () => {
    const { cookie } = await signIn();
    const form = { cookie, origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask('/', { ...form, 'sec-fetch-site': 'same-origin' }, 'POST', 'a=b')).toMatchObject({
      status: 200,
    });
    expect(await ask('/', form, 'POST', 'a=b')).toMatchObject({ status: 403 });
    expect(await ask('/', { ...form, 'sec-fetch-site': 'none' }, 'POST', 'a=b')).toMatchObject({
      status: 403,
    });
  });

  it('The proxy forwards the cookie of the dashboard and no other cookie', async () => {
    const { cookie } = await signIn();
    await ask('/', { cookie: `other=1; cloudtab-flash=abc; ${cookie}`, 'x-cloudtab-refresh': '1' });
    expect(sent[0]?.headers).toEqual({
      cookie: 'cloudtab-flash=abc',
      'x-cloudtab-refresh': '1',
      authorization: 'AWS4-HMAC-SHA256 …',
    });
  });

  it('The proxy forwards forms and rewrites redirects to its own host', async () => {
    const cookie = await signIn();
    const location = 'https://abc.lambda-url.eu-west-1.on.aws/sites/default';
    answer = () => new Response(null, { status: 303, headers: { location } });
    const origin = new URL(proxy.url).origin;
    const headers = { ...cookie, origin, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' };
    expect(await ask('/x', headers, 'POST', 'a=1')).toMatchObject({
      status: 303,
      headers: { location: '/sites/default' },
    });
    expect(sent[0]).toMatchObject({
      method: 'POST',
      body: 'a=1',
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(sent[0]?.headers).not.toHaveProperty('origin');
    answer = () => new Response(null, { status: 303, headers: { location: '/y' } });
    expect((await ask('/x', headers)).headers.location).toBe('/y');
  });

  it('The proxy keeps the path of the function URL', async () => {
    const other = await open('http://127.0.0.1:4566/_aws/lambda-url/abc/');
    await proxy[Symbol.asyncDispose]();
    proxy = other;
    await ask('/api/sites', await signIn());
    expect(sent[0]?.url).toBe('http://127.0.0.1:4566/_aws/lambda-url/abc/api/sites');
  });

  it.each([
    ['no cookie', {}],
    ['a wrong cookie', { cookie: 'cloudtab-open=x' }],
    ['a wrong cookie of the right length', { cookie: `cloudtab-open=${'x'.repeat(32)}` }],
  ])('The proxy rejects a request with %s, without a token and with a wrong one', async (_, headers) => {
    expect(await ask('/', headers)).toMatchObject({ status: 403 });
    expect(await ask(`/?token=${'x'.repeat(32)}`, headers)).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this computer', { 'sec-fetch-site': 'same-site' }],
    ['a page that reaches it by another host name', { host: 'evil.example' }],
  ])('The proxy rejects a request from %s despite the cookie', async (_, headers) => {
    const cookie = await signIn();
    expect(await ask('/', { ...cookie, ...headers }, 'POST')).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it('The proxy rejects a body that is too long', async () => {
    const cookie = await signIn();
    expect(await ask('/', cookie, 'POST', 'x'.repeat(1_000_001))).toMatchObject({ status: 413 });
    expect(sent).toEqual([]);
  });

  it('The proxy answers with status 502 and the reason when the deployment does not respond', async () => {
    const cookie = await signIn();
    answer = () => Promise.reject(new UnavailableError('Sign in to AWS again.'));
    expect(await ask('/', cookie)).toMatchObject({ status: 502, body: 'Sign in to AWS again.\n' });
    answer = () => Promise.reject(new TypeError('fetch failed'));
    expect((await ask('/', cookie)).body).toBe('Cannot reach the deployment: TypeError: fetch failed\n');
  });

  it('openSigningProxy throws when its port is taken', async () => {
    const { port } = new URL(proxy.url);
    const options = { url: 'https://x', sign: async () => ({}), fetch, port: Number(port) };
    await expect(openSigningProxy(options)).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: `);
  });
});
