import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSigningProxy, type SigningProxy } from '../../lib/aws/signing-proxy.ts';
import { UnavailableError } from '../../lib/domain/errors.ts';

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

interface Got {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** fetch would not let a test say who it is. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Got> {
  const { hostname, port } = new URL(proxy.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
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
    asked.on('error', reject);
    asked.end(body);
  });
}

const { search: none } = new URL('http://x/');
const pathOf = (url: string) => new URL(url).pathname + (new URL(url).search || none);

async function letIn(): Promise<{ cookie: string }> {
  const { headers } = await ask(pathOf(proxy.url));
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
}

describe('the signing proxy', () => {
  it.each([
    ['/sites/shop', '/sites/shop'],
    ['//elsewhere.example/x', '/x'],
    ['/.//elsewhere.example/x', '/elsewhere.example/x'],
  ])('leads whoever brings the token to %s to %s, and never to another host', async (asked, location) => {
    const { search } = new URL(proxy.url);
    expect((await ask(`${asked}${search}`)).headers.location).toBe(location);
  });

  it('lets in the browser that has the token, once, and forgets the token', async () => {
    const first = await ask(pathOf(proxy.url));
    expect(first).toMatchObject({ status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
    expect(String(first.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(await ask(pathOf(proxy.url))).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it('hands on signed what the browser asks, without the way in, and returns the answer', async () => {
    const cookie = await letIn();
    const got = await ask('/sites/default?q=a%20b', {
      ...cookie,
      'if-match': '"1"',
      'x-forwarded-for': '1.2.3.4',
    });
    expect(got).toMatchObject({ status: 200, body: 'the dashboard', headers: { etag: '"1"' } });
    expect(sent).toEqual([
      {
        url: 'https://abc.lambda-url.eu-west-1.on.aws/sites/default?q=a%20b',
        method: 'GET',
        headers: { 'if-match': '"1"', authorization: 'AWS4-HMAC-SHA256 …' },
        body: '',
      },
    ]);
  });

  it('takes a form of a page that tells no referrer', async () => {
    const { cookie } = await letIn();
    const form = { cookie, origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask('/', { ...form, 'sec-fetch-site': 'same-origin' }, 'POST', 'a=b')).toMatchObject({
      status: 200,
    });
    expect(await ask('/', form, 'POST', 'a=b')).toMatchObject({ status: 403 });
    expect(await ask('/', { ...form, 'sec-fetch-site': 'none' }, 'POST', 'a=b')).toMatchObject({
      status: 403,
    });
  });

  it("hands on the dashboard's own cookie, and no other", async () => {
    const { cookie } = await letIn();
    await ask('/', { cookie: `other=1; cloudtab-flash=abc; ${cookie}`, 'x-cloudtab-refresh': '1' });
    expect(sent[0]?.headers).toEqual({
      cookie: 'cloudtab-flash=abc',
      'x-cloudtab-refresh': '1',
      authorization: 'AWS4-HMAC-SHA256 …',
    });
  });

  it('hands on forms, and keeps redirects on itself', async () => {
    const cookie = await letIn();
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

  it('keeps the path in front of a function URL that has one', async () => {
    const other = await open('http://127.0.0.1:4566/_aws/lambda-url/abc/');
    await proxy[Symbol.asyncDispose]();
    proxy = other;
    await ask('/api/sites', await letIn());
    expect(sent[0]?.url).toBe('http://127.0.0.1:4566/_aws/lambda-url/abc/api/sites');
  });

  it.each([
    ['nobody', {}],
    ['a wrong cookie', { cookie: 'cloudtab-open=x' }],
    ['a cookie of the right length', { cookie: `cloudtab-open=${'x'.repeat(32)}` }],
  ])('refuses %s', async (_, headers) => {
    expect(await ask('/', headers)).toMatchObject({ status: 403 });
    expect(await ask(`/?token=${'x'.repeat(32)}`, headers)).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this computer', { 'sec-fetch-site': 'same-site' }],
    ['another name for this computer', { host: 'evil.example' }],
  ])('refuses a page of %s, even with the cookie', async (_, headers) => {
    const cookie = await letIn();
    expect(await ask('/', { ...cookie, ...headers }, 'POST')).toMatchObject({ status: 403 });
    expect(sent).toEqual([]);
  });

  it('refuses what is too long', async () => {
    const cookie = await letIn();
    expect(await ask('/', cookie, 'POST', 'x'.repeat(1_000_001))).toMatchObject({ status: 413 });
    expect(sent).toEqual([]);
  });

  it('says why when the deployment does not answer', async () => {
    const cookie = await letIn();
    answer = () => Promise.reject(new UnavailableError('Sign in to AWS again.'));
    expect(await ask('/', cookie)).toMatchObject({ status: 502, body: 'Sign in to AWS again.\n' });
    answer = () => Promise.reject(new TypeError('fetch failed'));
    expect((await ask('/', cookie)).body).toBe('The deployment did not answer: TypeError: fetch failed\n');
  });

  it('says when its port is taken', async () => {
    const { port } = new URL(proxy.url);
    const options = { url: 'https://x', sign: async () => ({}), fetch, port: Number(port) };
    await expect(openSigningProxy(options)).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: `);
  });
});
