import { beforeEach, describe, expect, it } from 'vitest';
import { type SigningProxy, signingProxy } from '../../../lib/adapters/aws/signing-proxy.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const LOCAL = 'http://127.0.0.1:4242';

let proxy: SigningProxy;
let sent: Sent[];
let answer: () => Response | Promise<Response>;
beforeEach(() => {
  sent = [];
  answer = () => new Response('the dashboard', { headers: { 'content-type': 'text/html', etag: '"1"' } });
  proxy = proxyTo('https://abc.lambda-url.eu-west-1.on.aws/');
});

function proxyTo(url: string): SigningProxy {
  return signingProxy({
    url,
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

const ask = (path: string, init?: RequestInit) => proxy.fetch(new Request(`${LOCAL}${path}`, init));

describe('the signing proxy', () => {
  it('The proxy forwards a request signed, and returns the response', async () => {
    const response = await ask('/sites/default?q=a%20b', {
      headers: { 'if-match': '"1"', 'x-forwarded-for': '1.2.3.4' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.text()).toBe('the dashboard');
    expect(sent).toEqual([
      {
        url: 'https://abc.lambda-url.eu-west-1.on.aws/sites/default?q=a%20b',
        method: 'GET',
        headers: { 'if-match': '"1"', authorization: 'AWS4-HMAC-SHA256 …' },
        body: '',
      },
    ]);
  });

  it('The proxy forwards neither the bearer of this computer, cookies of other servers, its address nor its origin', async () => {
    const headers = {
      authorization: 'Bearer secret',
      cookie: 'other=1',
      host: '127.0.0.1:4242',
      origin: LOCAL,
      referer: `${LOCAL}/secret/`,
      'x-cloudtab': '1',
    };
    await ask('/', { headers });
    expect(sent[0]?.headers).toEqual({ 'x-cloudtab': '1', authorization: 'AWS4-HMAC-SHA256 …' });
  });

  it('The proxy sets no cookie of the deployment', async () => {
    answer = () => new Response('', { headers: { etag: '"1"', 'set-cookie': 'a=b' } });
    const { headers } = await ask('/');
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.has('set-cookie')).toBe(false);
  });

  it('The proxy forwards forms, and redirects within the deployment lead to this computer', async () => {
    const location = 'https://abc.lambda-url.eu-west-1.on.aws/sites/default';
    answer = () => new Response(null, { status: 303, headers: { location } });
    const headers = {
      'sec-fetch-site': 'same-origin',
      'content-type': 'text/plain',
      'time-zone': 'Asia/Tokyo',
    };
    const response = await ask('/x', { method: 'POST', headers, body: 'a=1' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sites/default');
    expect(sent[0]).toMatchObject({ method: 'POST', body: 'a=1', headers });
    answer = () => new Response(null, { status: 303, headers: { location: '/y' } });
    expect((await ask('/x')).headers.get('location')).toBe('/y');
  });

  it('The proxy keeps the path of the function URL', async () => {
    proxy = proxyTo('http://127.0.0.1:4566/_aws/lambda-url/abc/');
    await ask('/api/sites');
    expect(sent[0]?.url).toBe('http://127.0.0.1:4566/_aws/lambda-url/abc/api/sites');
  });

  it('The proxy never leaves the host of the function URL', async () => {
    await ask('//elsewhere.example/x');
    expect(sent[0]?.url).toBe('https://abc.lambda-url.eu-west-1.on.aws//elsewhere.example/x');
  });

  it('The proxy answers with status 502 and the reason when the deployment does not respond', async () => {
    answer = () => Promise.reject(new UnavailableError('Sign in to AWS again.'));
    const refused = await ask('/');
    expect(refused.status).toBe(502);
    expect(await refused.text()).toBe('Sign in to AWS again.\n');
    answer = () => Promise.reject(new TypeError('fetch failed'));
    expect(await (await ask('/')).text()).toBe('Cannot reach the deployment: TypeError: fetch failed\n');
  });
});
