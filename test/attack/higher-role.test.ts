/** A principal with a role at one site of a deployment, who wants a higher one, another site, or another name in the history. */
import { handle } from 'hono/aws-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { Grant } from '../../lib/core/domain/access.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { makeWorld, type World } from '../support/world.ts';

const ACCOUNT = '123456789012';
const arn = (kind: string) => `arn:aws:iam::${ACCOUNT}:${kind}`;
const GRANTS: Grant[] = [
  { principal: arn('role/viewer'), role: 'viewer' },
  { principal: arn('role/operator'), role: 'operator', sites: ['default'] },
  { principal: arn('role/shop'), role: 'editor', sites: ['shop'] },
  { principal: arn('role/editor'), role: 'editor' },
];
const CRON = { name: 'task', periodicity: '@daily' };
const session = (role: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/joe`;

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', CRON);
});
afterEach(() => world.close());

/** The status of a request that the function URL has authenticated as that principal. */
async function ask(who: string, method: string, path: string, body?: object, headers: object = {}) {
  const { ports } = world;
  const app = makeApp(makeDoor(ports), { access: { grants: async () => GRANTS } });
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const event = {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { host: 'x', 'content-type': 'application/json', 'x-cloudtab': '1', ...headers },
    requestContext: { http: { method, path: rawPath }, authorizer: { iam: { userArn: who } } },
    isBase64Encoded: false,
    ...(body && { body: JSON.stringify(body) }),
  };
  const answer = await handle(app)(event as never);
  return Number((answer as { statusCode: number }).statusCode);
}

const CRONS = '/api/sites/default/crons';
const EDITS: [string, string, object?][] = [
  ['POST', CRONS, CRON],
  ['PATCH', `${CRONS}/a`, { periodicity: '@hourly' }],
  ['DELETE', `${CRONS}/a`],
  ['PATCH', '/api/sites/default', { timezone: 'Europe/Paris' }],
];

it.each([
  ['a viewer', session('viewer')],
  ['an operator of the site', session('operator')],
  ['an editor of another site', session('shop')],
  ['a role whose session has the name of an editor', `arn:aws:sts::${ACCOUNT}:assumed-role/stranger/editor`],
  ['a role of the same name in another account', 'arn:aws:sts::999999999999:assumed-role/editor/joe'],
  ['a user with the name of the role', arn('user/editor')],
  ['a role whose name begins alike', session('editor-2')],
  ['a caller without a name', ''],
])('%s edits nothing', async (_, who) => {
  for (const [method, path, body] of EDITS) expect(await ask(who, method, path, body)).toBe(403);
  expect(await ask(session('editor'), 'PATCH', `${CRONS}/a`, { periodicity: '@hourly' })).toBe(200);
});

it('A viewer starts no run and switches nothing', async () => {
  expect(await ask(session('viewer'), 'POST', `${CRONS}/a/run`)).toBe(403);
  expect(await ask(session('viewer'), 'PATCH', `${CRONS}/a`, { activated: false })).toBe(403);
  expect(world.delivered).toEqual([]);
});

it('An editor of one site neither sees another one nor creates one', async () => {
  expect(await ask(session('shop'), 'GET', '/api/sites/default')).toBe(403);
  expect(await ask(session('shop'), 'POST', '/api/sites/other/crons?newSite=true', CRON)).toBe(403);
});

it.each([
  { 'x-amzn-iam-user-arn': session('editor') },
  { authorization: `AWS4-HMAC-SHA256 Credential=${session('editor')}` },
  { 'x-forwarded-user': 'editor', 'x-real-ip': '127.0.0.1' },
])('No header makes a viewer an editor: %j', async (headers) => {
  expect(await ask(session('viewer'), 'DELETE', `${CRONS}/a`, undefined, headers)).toBe(403);
});
