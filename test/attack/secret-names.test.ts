/** A caller without the role of an editor at a site, who wants the names of its secrets, and an editor who wants their values. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileSecrets } from '../../lib/adapters/local/file-secrets.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { Grant, Role } from '../../lib/core/domain/access.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { makeWorld, type World } from '../support/world.ts';

const VALUE = 'hunter2-hunter2';

let world: World;
let folder: string;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'http', periodicity: '@daily', environ: { url: { $secret: 'api-token' } } });
  folder = join(tempFolder(), 'secrets');
  const store = new FileSecrets(folder);
  await store.write('default', 'api-token', VALUE);
  await store.write('_deployment', 'heartbeat', VALUE);
  mkdirSync(join(folder, '..', 'private-files'));
  writeFileSync(join(folder, '..', 'private-files', 'payroll'), '');
});
afterEach(() => world.close());

async function ask(role: Role, sites: string[] | undefined, path: string, body?: object) {
  const grant: Grant = { principal: '*', role, ...(sites && { sites }) };
  const ports = { ...world.ports, secretNames: (site: string) => new FileSecrets(folder).names(site) };
  const app = makeApp(makeDoor(ports), { access: { grants: async () => [grant] } });
  const headers = { 'x-cloudtab': '1', 'content-type': 'application/json' };
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const response = await app.request(path, init);
  return { status: response.status, text: await response.text() };
}

const CALL = ['/calls/listSecrets', { site: 'default', input: {} }] as const;
const PATHS: readonly (readonly [string, object?])[] = [
  CALL,
  ['/api/sites/default/secrets'],
  ['/sites/default/new'],
  ['/sites/default/crons/a/edit'],
];

it.each([
  ['A viewer', 'viewer', undefined],
  ['An operator', 'operator', undefined],
  ['An editor of another site', 'editor', ['shop']],
] as const)('%s gets the names of secrets nowhere', async (_, role, sites) => {
  for (const [path, body] of PATHS) {
    const { status, text } = await ask(role, sites && [...sites], path, body);
    expect([path, status, text]).toEqual([path, 403, expect.not.stringContaining('api-token')]);
  }
});

it('An editor of the site gets the names, and no value', async () => {
  for (const [path, body] of PATHS) {
    const { status, text } = await ask('editor', ['default'], path, body);
    expect([path, status, text]).toEqual([path, 200, expect.stringContaining('api-token')]);
    expect(text).not.toContain(VALUE);
  }
});

it.each([
  ['_deployment', 404],
  ['..', 404],
  ['.', 404],
  ['../private-files', 422],
  ['', 422],
  ['/', 422],
  ['default/../../private-files', 422],
])('An editor of all sites gets no names of the place %j, which is no site: %i', async (site, refusal) => {
  const { status, text } = await ask('editor', undefined, '/calls/listSecrets', { site, input: {} });
  expect([status, text]).toEqual([refusal, expect.not.stringMatching(/heartbeat|payroll/)]);
  const path = `/api/sites/${encodeURIComponent(site)}/secrets`;
  expect((await ask('editor', undefined, path)).text).not.toMatch(/heartbeat|payroll/);
});
