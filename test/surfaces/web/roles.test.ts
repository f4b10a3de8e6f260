import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Call, type Door, makeDoor, type UntypedCall } from '../../../lib/app/door/call.ts';
import type { Grant, Role } from '../../../lib/core/domain/access.ts';
import { ThrottledError } from '../../../lib/core/domain/errors.ts';
import { makeApp } from '../../../lib/surfaces/web/app.ts';
import { attributes, flash, texts, Visitor } from '../../support/visitor.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const CRON = '/sites/default/crons/a';
/** What routes with this end need in the query string. */
const QUERIES: Record<string, string> = { preview: '?periodicity=@daily', why: '?time=2026-03-02T12:00:00Z' };

let world: World;

beforeEach(async () => {
  world = makeWorld();
  await world.save('a', HOURLY);
  await world.ports.store.putProjection({ site: 'shop' }, { modified: 1, version: 1 });
});
afterEach(() => world.close());

const roles = (role: Role, sites?: string[]) => ({
  grants: async (): Promise<Grant[]> => [{ principal: '*', role, ...(sites && { sites }) }],
});
const as = (role: Role, sites?: string[]) => new Visitor(world.ports, { access: roles(role, sites) });

it('Every route but those of assets, health and the description of the API calls an operation', async () => {
  const called = new Set<string>();
  const real = makeDoor(world.ports);
  let path = '';
  const as: Door['as'] = (who) => {
    const call = real.as(who) as UntypedCall;
    const spied: UntypedCall = (...request) => {
      called.add(path);
      return call(...request);
    };
    return spied as Call;
  };
  const spy: Door = { ...real, as };
  const app = makeApp(spy);
  const routes = app.routes.filter(({ method }) => method !== 'ALL');
  const silent: string[] = [];
  for (const { method, path: pattern } of routes) {
    path = `${method} ${pattern}`;
    const url = pattern
      .replace(':site', 'default')
      .replace(':uid', 'a')
      .replace(':id', '1')
      .replace(':operation', 'siteNames');
    const isApi = /^\/(?:api|calls)\b/.test(pattern);
    const bodies: Record<string, string> = {
      environ: '{',
      do: 'run',
      uid: 'a',
      run: '',
      name: 'x',
      runner: 'x',
    };
    await app.request(`${url}${QUERIES[pattern.split('/').at(-1) ?? ''] ?? ''}`, {
      method,
      headers: {
        Accept: isApi ? 'application/json' : 'text/html',
        'X-Cloudtab': '1',
        ...(method !== 'GET' && isApi && { 'Content-Type': 'application/json' }),
      },
      ...(method !== 'GET' && method !== 'DELETE' && { body: isApi ? '{}' : new URLSearchParams(bodies) }),
    });
    if (!called.has(path)) silent.push(path);
  }
  expect(silent.map((route) => route.replace(/-\w{8,}/, ''))).toEqual([
    'GET /health',
    'GET /api/openapi.json',
    ...silent
      .filter((route) => route.startsWith('GET /assets/'))
      .map((route) => route.replace(/-\w{8,}/, '')),
    'GET /api',
  ]);
});

describe('the pages', () => {
  it('A viewer sees the crontab without a button that changes it', async () => {
    const viewer = as('viewer');
    for (const path of ['/sites', '/sites/default', CRON, `${CRON}/history`]) {
      const page = await viewer.get(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect([path, attributes(page, 'main form[method="post"] button', 'value')]).toEqual([path, []]);
      expect([path, attributes(page, 'main a[href$="/edit"], main a[href$="/settings"]', 'href')]).toEqual([
        path,
        [],
      ]);
    }
    expect((await viewer.get('/sites')).text).not.toContain('Another site');
  });

  it('A viewer who sends the form of an editor is refused with the reason', async () => {
    const page = await as('viewer').post(`${CRON}/do`, { do: 'off' });
    expect(flash(page)).toEqual({
      kind: 'refused',
      message:
        'this needs the role operator at the site "default", and the caller is viewer. Someone who deploys cloudtab can give it.',
    });
    const form = await as('viewer').get(`${CRON}/edit`);
    expect(form.status).toBe(403);
    expect(texts(form, 'h1')).toEqual(['Not allowed']);
  });

  it('An operator runs and switches crons and neither edits nor deletes them', async () => {
    const operator = as('operator');
    const page = await operator.get(CRON);
    expect(attributes(page, '#title button', 'value')).toEqual(['run', 'off']);
    expect(attributes(await operator.get('/sites/default'), '.with button', 'value')).toEqual([
      'run',
      'on',
      'off',
    ]);
    expect(flash(await operator.post(`${CRON}/do`, { do: 'off' }))?.kind).toBe('done');
    expect(flash(await operator.post('/sites/default/do', { do: 'crontab-off' }))?.kind).toBe('done');
    expect(flash(await operator.post(`${CRON}/do`, { do: 'delete', sure: 'yes' }))?.kind).toBe('refused');
  });

  it('A caller with a role at one site sees that site alone', async () => {
    const editor = as('editor', ['default']);
    expect(texts(await editor.get('/sites'), '#site-list .name')).toEqual(['default']);
    expect((await editor.get('/sites/shop')).status).toBe(403);
    expect((await editor.get('/')).path).toBe('/sites/default');
  });

  it('A caller without a role is refused everywhere but at the health check', async () => {
    const stranger = new Visitor(world.ports, {
      access: { grants: async () => [{ principal: 'arn:aws:iam::111122223333:user/ada', role: 'editor' }] },
    });
    const preview = '/sites/default/preview?periodicity=@daily';
    for (const path of [
      '/',
      '/sites',
      '/sites/default',
      preview,
      '/api/sites',
      '/api/whoami',
      '/api/runners',
    ]) {
      expect([path, (await stranger.get(path)).status]).toEqual([path, 403]);
    }
    expect((await stranger.get('/health')).status).toBe(200);
  });
});

describe('the API', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/ops/shop-team';
  const SESSION = 'arn:aws:sts::111122223333:assumed-role/shop-team/ada';
  const request = (method: string, path: string, userArn: string, body?: object) =>
    makeApp(makeDoor(world.ports), {
      access: { grants: async () => [{ principal: ROLE, role: 'operator' }] },
    }).request(
      `/api${path}`,
      {
        method,
        headers: { 'X-Cloudtab': '1', 'Content-Type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      },
      { requestContext: { authorizer: { iam: { userArn } } } },
    );

  it('The session of a role has its rights, and a refusal has a code', async () => {
    expect((await request('POST', `${CRON}/power`, SESSION, { activated: false })).status).toBe(200);
    const refused = await request('PATCH', CRON, SESSION, { logsLimit: 2 });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'forbidden', status: 403 });
    const other = SESSION.replace('shop-team', 'shop-team-2');
    expect((await request('GET', '/sites', other)).status).toBe(403);
    expect(await (await request('GET', '/whoami', SESSION)).json()).toEqual({
      name: SESSION,
      role: 'operator',
      sites: [],
    });
  });

  it('Grants that cannot be read refuse every request', async () => {
    const app = makeApp(makeDoor(world.ports), {
      access: { grants: () => Promise.reject(new Error('no table')) },
    });
    expect((await app.request('/api/sites')).status).toBe(500);
    expect((await app.request('/sites/default')).status).toBe(500);
  });

  it('A conflict has the tag of the current version', async () => {
    const app = makeApp(makeDoor(world.ports));
    const reply = await app.request(`/api${CRON}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'If-Match': '"0-0"' },
      body: '{"logsLimit":2}',
    });
    const tag = (await app.request(`/api${CRON}`)).headers.get('ETag');
    const problem = (await reply.json()) as Record<string, unknown>;
    expect([reply.status, problem.code, `"${problem.tag}"`]).toEqual([412, 'version-conflict', tag]);
  });

  it('A cron for a missing site is refused, unless the request asks for a new site', async () => {
    const app = makeApp(makeDoor(world.ports));
    const add = (query: string) =>
      app.request(`/api/sites/shops/crons${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(HOURLY),
      });
    const refused = await add('');
    expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
      404,
      'site "shops" not found; did you mean "shop"?',
    ]);
    expect((await add('?newSite=perhaps')).status).toBe(422);
    expect((await add('?newSite=true')).status).toBe(201);
  });

  it('A throttled request is answered with 429 and the time after which to try again', async () => {
    const store = Object.create(world.ports.store, {
      sites: { value: () => Promise.reject(new ThrottledError('DynamoDB asks for fewer calls.')) },
    });
    const reply = await makeApp(makeDoor({ ...world.ports, store })).request('/api/sites');
    expect([reply.status, reply.headers.get('Retry-After')]).toEqual([429, '2']);
  });
});
