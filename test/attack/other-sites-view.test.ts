/** An editor of one site who wants to see or change another one, at every route and with every operation that there is. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { Operation } from '../../lib/app/door/operation.ts';
import { OPERATIONS } from '../../lib/app/door/operations.ts';
import type { Grant } from '../../lib/core/domain/access.ts';
import { recordId } from '../../lib/core/domain/run-record.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { NOON } from '../support/jobs.ts';
import { makeWorld, type World } from '../support/world.ts';

const ARN = 'arn:aws:iam::123456789012:user/shop';
const GRANTS: Grant[] = [{ principal: ARN, role: 'editor', sites: ['shop'] }];
const RUNNER = { name: 'private-runner', site: 'default', summary: 'private-summary' };
const HEADERS = { 'x-cloudtab': '1' };

let world: World;
let app: ReturnType<typeof makeApp>;
let runId: string;
beforeEach(async () => {
  world = makeWorld();
  const private_ = { description: 'private-text', tags: ['private-tag'], environ: { key: 'private-value' } };
  await world.save('private-cron', { name: 'task', periodicity: '* * * * *', ...private_ });
  world.task = () => 'private-message';
  await world.clock.advanceTo(NOON);
  await world.run({ uid: 'private-cron', plannedAt: NOON });
  const [record] = await world.records('private-cron');
  runId = record ? recordId(record) : '';
  const limits = { '*': { allowedHosts: ['all.example'] }, default: { allowedHosts: ['private.example'] } };
  const catalogue = { runners: [{ name: 'task', summary: '' }, RUNNER], limits };
  const runners = Object.assign(world.ports.runners, { describe: () => [RUNNER] });
  const ports = { ...world.ports, runners, catalogue: { read: async () => catalogue } };
  app = makeApp(makeDoor(ports), { access: { grants: async () => GRANTS } });
});
afterEach(() => world.close());

async function ask(method: string, path: string, body?: object): Promise<{ status: number; text: string }> {
  const isForm = path.startsWith('/sites');
  const headers = { ...HEADERS, 'content-type': `application/${isForm ? 'x-www-form-urlencoded' : 'json'}` };
  const sent = body && (isForm ? new URLSearchParams({ do: 'off', ...body }) : JSON.stringify(body));
  const init = { method, headers, ...(sent && { body: String(sent) }) };
  const requestContext = { authorizer: { iam: { userArn: ARN } } };
  const response = await app.request(path, init, { requestContext });
  return { status: response.status, text: await response.text() };
}

it('Every route of the other site is refused, with any id that is known from elsewhere', async () => {
  const parameters = () => Array.fromAsync(world.ports.registry.list());
  const before = [await parameters(), await world.records('private-cron'), [...world.delivered]];
  const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && path.includes(':site'));
  expect(routes.length).toBeGreaterThan(40);
  for (const { method, path } of routes) {
    const filled = path
      .replace(/:site\b/, 'default')
      .replace(/:uid\b/, 'private-cron')
      .replace(/:id\b/, runId)
      .replace(/:\w+/, '1')
      .replace(/why$/, 'why?time=2026-03-02T12:00:00Z')
      .replace(/preview$/, 'preview?periodicity=@daily');
    const { status, text } = await ask(
      method,
      filled,
      method === 'GET' ? undefined : { uid: 'private-cron' },
    );
    // The forms of pages lead back to the page, which then says why it is refused.
    const statuses = path.startsWith('/api') ? [403] : [403, 303];
    expect([method, path, statuses]).toEqual([method, path, expect.arrayContaining([status])]);
    expect(text).not.toContain('private-text');
  }
  expect([await parameters(), await world.records('private-cron'), world.delivered]).toEqual(before);
});

it.each(Object.entries<Operation>(OPERATIONS).filter(([, { level }]) => level !== 'deployment'))(
  'The operation %s is refused at the other site',
  async (id, { level, isForPages }) => {
    const place = { site: 'default', ...(level === 'cron' && { uid: 'private-cron' }) };
    const { status } = await ask('POST', `/calls/${id}`, { ...place, input: { id: runId } });
    expect(status).toBe(isForPages ? 404 : 403);
  },
);

it.each([
  ['/calls/siteNames', {}],
  ['/calls/listSites', {}],
  ['/calls/whoami', {}],
  ['/calls/readCatalogue', {}],
  ['/calls/listRunners', {}],
  ['/calls/listRunners', { site: 'default' }],
  ...[
    {},
    { status: 'ATTENTION' },
    { status: 'RUNNING' },
    { tag: 'private-tag' },
    { uid: 'private-cron' },
  ].map((input): [string, object] => ['/calls/readAllRuns', input]),
])('%s with %j shows nothing of the other site', async (path, input) => {
  const { status, text } = await ask('POST', path, { input });
  expect([status, text]).toEqual([200, expect.not.stringContaining('private')]);
  expect(text).not.toContain('default"');
});

it.each(['/sites', '/runs?show=all', '/runs?show=all&tag=private-tag', '/api/runs', '/api/catalogue'])(
  'Nor does %s',
  async (path) => {
    const { status, text } = await ask('GET', path);
    expect([status, text]).toEqual([200, expect.not.stringContaining('private-message')]);
    expect(text).not.toContain('private.example');
  },
);

it('An id of the other site does not lead to it below a site that may be seen', async () => {
  for (const path of [
    `runs/${runId}`,
    `runs/${runId}/output`,
    `logs/${runId}`,
    encodeURIComponent('../../default'),
  ]) {
    for (const prefix of ['', '/api']) {
      const { status, text } = await ask('GET', `${prefix}/sites/shop/crons/private-cron/${path}`);
      expect([path, status, text]).toEqual([
        path,
        expect.any(Number),
        expect.not.stringContaining('private-text'),
      ]);
      expect(text).not.toContain('private-message');
    }
  }
});
