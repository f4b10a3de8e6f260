import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeApp } from '../../lib/admin/app.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const CRONS = 'https://admin.example.com/api/sites/default/crons';
const JSON_BODY = JSON.stringify({ uid: 'a', name: 'task', periodicity: '@daily' });

describe('every answer', () => {
  it.each([
    ['a resource', 'GET', '/api/sites'],
    ['a refusal', 'GET', '/api/sites/nowhere'],
    ['nothing', 'GET', '/nothing'],
    ['a wrong method', 'PUT', '/api/sites'],
    ['a foreign change', 'POST', '/api/sites/default/crons'],
  ])('that is %s says how far it may be trusted', async (_, method, path) => {
    const { headers } = await makeApp(world.ports).request(path, { method });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('a change', () => {
  const change = (headers: Record<string, string>) =>
    makeApp(world.ports).request(CRONS, {
      method: 'POST',
      headers: { Host: 'admin.example.com', 'Content-Type': 'application/json', ...headers },
      body: JSON_BODY,
    });

  it.each([
    ['a page of its own', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://admin.example.com' }],
    [
      'a page of its own, behind a proxy that has another name',
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:4242' },
    ],
    ['a person', { 'Sec-Fetch-Site': 'none' }],
    ['an older browser, on a page of its own', { Origin: 'https://admin.example.com' }],
    ['a program that sends JSON', {}],
    ['a program that sends the header', { 'X-Cloudtab': '1' }],
  ])('asked for by %s is made', async (_, headers: Record<string, string>) => {
    expect((await change(headers)).status).toBe(201);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', 'X-Cloudtab': '1' }],
    ['another site of the same domain', { 'Sec-Fetch-Site': 'same-site' }],
    ['another site, in an older browser', { Origin: 'https://evil.example.com', 'X-Cloudtab': '1' }],
    ['a page without an origin', { Origin: 'null' }],
    ['another port', { Origin: 'https://admin.example.com:8443' }],
    ['a form, in a very old browser', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['text that looks like JSON', { 'Content-Type': 'text/plain; application/json' }],
  ])('asked for by %s is refused', async (_, headers: Record<string, string>) => {
    const response = await change(headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await world.ports.registry.read({ site: 'default', uid: 'a' })).toBeUndefined();
  });

  it('without a body needs the header', async () => {
    const app = makeApp(world.ports);
    const path = '/api/sites/default/crons/a';
    const bare = await app.request(path, { method: 'DELETE' });
    expect(await bare.json()).toMatchObject({
      status: 403,
      detail:
        'Nothing shows that this change was not asked for by another site: send the header "X-Cloudtab: 1".',
    });
    expect((await app.request(path, { method: 'DELETE', headers: { 'X-Cloudtab': '1' } })).status).toBe(404);
  });
});

describe('on a laptop', () => {
  const asked = (host: string) =>
    makeApp(world.ports, { localOnly: true }).request('/health', { headers: { Host: host } });

  it.each(['127.0.0.1', '127.0.0.1:4242', 'localhost:4242', 'LOCALHOST', '[::1]:4242'])(
    'a request to %s is answered',
    async (host) => {
      expect((await asked(host)).status).toBe(200);
    },
  );

  it.each([
    'example.com',
    '127.0.0.1.example.com',
    'localhost.example.com:4242',
    '127.0.0.1:4242@example.com',
    '',
    '0.0.0.0',
  ])('a request to "%s" is refused', async (host) => {
    expect(await (await asked(host)).json()).toMatchObject({ status: 421, title: 'Misdirected Request' });
  });

  it('without a Host the address itself counts', async () => {
    const app = makeApp(world.ports, { localOnly: true });
    expect((await app.request('http://localhost/health')).status).toBe(200);
    expect((await app.request('http://example.com/health')).status).toBe(421);
  });
});

describe('who did it', () => {
  const ARN = 'arn:aws:sts::123456789012:assumed-role/Admin/alice';
  const add = (by: string | undefined, bindings: object) =>
    makeApp({ ...world.ports, ...(by === undefined ? {} : { by }) }).request(
      CRONS,
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON_BODY },
      bindings,
    );
  const author = async () => (await world.ports.registry.history({ site: 'default', uid: 'a' }))[0]?.author;

  it('is the IAM identity that signed, in the history and in every line', async () => {
    await add(undefined, { requestContext: { authorizer: { iam: { userArn: ARN } } } });
    expect(await author()).toBe(ARN);
    expect(world.log.lines.find(({ fields }) => fields.code === 'parameter-written')?.fields.by).toBe(ARN);
  });

  it('is who runs the process, where nobody signs', async () => {
    await add('bob', { incoming: {}, requestContext: { authorizer: null } });
    expect(await author()).toBe('bob');
  });

  it('is nobody known otherwise, whatever the request says of itself', async () => {
    await add(undefined, { requestContext: { authorizer: { iam: { userArn: '' } } } });
    expect(await author()).toBeUndefined();
    expect(world.log.lines.every(({ fields }) => !('by' in fields))).toBe(true);
  });
});
