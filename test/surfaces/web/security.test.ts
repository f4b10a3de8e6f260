// cspell:ignore nosniff

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '../../../lib/app/door/call.ts';
import { makeApp } from '../../../lib/surfaces/web/app.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const CRONS = 'https://admin.example.com/api/sites/default/crons';
const JSON_BODY = JSON.stringify({ uid: 'a', name: 'task', periodicity: '@daily' });

describe('security headers', () => {
  it.each([
    ['a response with a resource', 'GET', '/api/sites'],
    ['a refusal', 'GET', '/api/sites/nowhere'],
    ['a response to an unknown path', 'GET', '/nothing'],
    ['a response to an unsupported method', 'PUT', '/api/sites'],
    ['a response to a change without an origin', 'POST', '/api/sites/default/crons'],
  ])('The security headers are set on %s', async (_, method, path) => {
    const { headers } = await makeApp(makeDoor(world.ports)).request(path, { method });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "worker-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
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

describe('CSRF protection', () => {
  const change = (headers: Record<string, string>) =>
    makeApp(makeDoor(world.ports)).request(CRONS, {
      method: 'POST',
      headers: { Host: 'admin.example.com', 'Content-Type': 'application/json', ...headers },
      body: JSON_BODY,
    });

  it.each([
    ['a page of the dashboard', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://admin.example.com' }],
    [
      'a page of the dashboard behind a proxy with another host name',
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:4242' },
    ],
    ['the user, without a page', { 'Sec-Fetch-Site': 'none' }],
    ['a page of the dashboard in a browser without Sec-Fetch-Site', { Origin: 'https://admin.example.com' }],
    ['a program with a JSON body', {}],
    ['a program with the header X-Cloudtab', { 'X-Cloudtab': '1' }],
  ])('A change requested by %s is made', async (_, headers: Record<string, string>) => {
    expect((await change(headers)).status).toBe(201);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', 'X-Cloudtab': '1' }],
    ['another site of the same domain', { 'Sec-Fetch-Site': 'same-site' }],
    [
      'another site in a browser without Sec-Fetch-Site',
      { Origin: 'https://evil.example.com', 'X-Cloudtab': '1' },
    ],
    ['a page without an origin', { Origin: 'null' }],
    ['another port', { Origin: 'https://admin.example.com:8443' }],
    [
      'a form in a browser without Sec-Fetch-Site and Origin',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
    ],
    ['a text body with JSON in its content type', { 'Content-Type': 'text/plain; application/json' }],
  ])('A change requested by %s is refused', async (_, headers: Record<string, string>) => {
    const response = await change(headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await world.ports.registry.read({ site: 'default', uid: 'a' })).toBeUndefined();
  });

  it('A change without a body needs the header X-Cloudtab', async () => {
    const app = makeApp(makeDoor(world.ports));
    const path = '/api/sites/default/crons/a';
    const refused = await app.request(path, { method: 'DELETE' });
    expect(await refused.json()).toMatchObject({
      status: 403,
      detail:
        'The change was refused, since a page of another site may have sent it. Send the header "X-Cloudtab: 1".',
    });
    expect((await app.request(path, { method: 'DELETE', headers: { 'X-Cloudtab': '1' } })).status).toBe(404);
  });
});

describe('the author of a change', () => {
  const ARN = 'arn:aws:sts::123456789012:assumed-role/Admin/alice';
  const add = (by: string | undefined, bindings: object) =>
    makeApp(makeDoor({ ...world.ports, ...(by === undefined ? {} : { by }) })).request(
      CRONS,
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON_BODY },
      bindings,
    );
  const author = async () => (await world.ports.registry.history({ site: 'default', uid: 'a' }))[0]?.author;

  it('The author is the IAM identity that signed the request, in the history and in the log lines', async () => {
    await add(undefined, { requestContext: { authorizer: { iam: { userArn: ARN } } } });
    expect(await author()).toBe(ARN);
    expect(world.logger.lines.find(({ fields }) => fields.code === 'parameter-written')?.fields.by).toBe(ARN);
  });

  it('The author is the user of the process if requests are not signed', async () => {
    await add('bob', { incoming: {}, requestContext: { authorizer: null } });
    expect(await author()).toBe('bob');
  });

  it('The author is unknown if neither the signature nor the process names one', async () => {
    await add(undefined, { requestContext: { authorizer: { iam: { userArn: '' } } } });
    expect(await author()).toBeUndefined();
    expect(world.logger.lines.every(({ fields }) => !('by' in fields))).toBe(true);
  });
});
