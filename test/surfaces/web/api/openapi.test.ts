import { afterEach, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { removeCron } from '../../../../lib/app/operations/remove-cron.ts';
import { SITE } from '../../../../lib/core/domain/names.ts';
import { type Api, apiOf } from '../../../support/api.ts';
import { commitJob } from '../../../support/commit-job.ts';
import { HOUR, leaseOf } from '../../../support/jobs.ts';
import { makeWorld, type World } from '../../../support/world.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { readonly pattern?: string };
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: { readonly [status: string]: { readonly content: Content } };
}
type Content = { readonly [type: string]: { readonly schema: z.core.JSONSchema.JSONSchema } };
type Paths = { readonly [path: string]: { readonly [method: string]: Operation } };

let world: World;
let api: Api;
let paths: Paths;

beforeEach(async () => {
  world = makeWorld();
  const line = { time: world.clock.now(), level: 'INFO', message: 'Done', fields: { rows: 2 } };
  const runners = [
    {
      name: 'report',
      site: 'shop',
      summary: 'Reports.',
      settings: {},
      broken: 'line 1',
      file: '/runners/report.ts',
    },
  ];
  const published = { runners, limits: { '*': { allowedHosts: [] } }, codeVersion: '1', folder: '/runners' };
  api = apiOf({
    ...world.ports,
    output: { read: async () => ({ lines: [line], cursor: '1', hasMore: true }) },
    catalogue: { read: async () => published },
  });
  const { status, body } = await api('GET', '/api/openapi.json');
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  paths = body.paths as Paths;
  await world.edit(undefined, '{"timezone":"Europe/Paris"}');
  await world.save('a', {
    name: 'task',
    periodicity: '0 * * * *',
    environ: { x: 1 },
    user: 'bob',
    description: 'What it is for',
    timezone: 'UTC',
  });
  await world.clock.advance(HOUR);
  for (const delivery of world.delivered.splice(0)) await world.run(delivery);
  await world.save('gone', { name: 'task', periodicity: '0 * * * *' });
  await removeCron(world.ports, 'default', 'gone');
  await world.edit('broken', '{');
});
afterEach(() => world.close());

const strict = (schema: z.core.JSONSchema.JSONSchema) => z.fromJSONSchema(schema);

it('The OpenAPI document describes every route once, each with a unique operation id', () => {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api', '')}`),
  );
  expect(routes.sort()).toEqual([
    'DELETE /sites/{site}/crons/{uid}',
    'DELETE /sites/{site}/crons/{uid}/logs',
    'DELETE /sites/{site}/crons/{uid}/logs/{id}',
    'GET /catalogue',
    'GET /preview',
    'GET /runners',
    'GET /runs',
    'GET /sites',
    'GET /sites/{site}',
    'GET /sites/{site}/crons',
    'GET /sites/{site}/crons/{uid}',
    'GET /sites/{site}/crons/{uid}/history',
    'GET /sites/{site}/crons/{uid}/job',
    'GET /sites/{site}/crons/{uid}/logs',
    'GET /sites/{site}/crons/{uid}/logs/{id}',
    'GET /sites/{site}/crons/{uid}/logs/{id}/output',
    'GET /sites/{site}/crons/{uid}/runs/{id}',
    'GET /sites/{site}/crons/{uid}/text',
    'GET /sites/{site}/crons/{uid}/why',
    'GET /sites/{site}/history',
    'GET /sites/{site}/preview',
    'GET /sites/{site}/runs',
    'GET /sites/{site}/secrets',
    'GET /whoami',
    'PATCH /sites/{site}',
    'PATCH /sites/{site}/crons/{uid}',
    'POST /sites/{site}/bulk/power',
    'POST /sites/{site}/bulk/remove',
    'POST /sites/{site}/bulk/restore',
    'POST /sites/{site}/bulk/run',
    'POST /sites/{site}/crons',
    'POST /sites/{site}/crons/{uid}/power',
    'POST /sites/{site}/crons/{uid}/restore',
    'POST /sites/{site}/crons/{uid}/rollback',
    'POST /sites/{site}/crons/{uid}/run',
    'POST /sites/{site}/crons/{uid}/runs/{id}/stop',
    'POST /sites/{site}/power',
    'POST /sites/{site}/rollback',
  ]);
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

it('The OpenAPI document describes every key of the actual responses', async () => {
  const values: Record<string, string> = {
    site: 'default',
    uid: 'a',
    id: String(Date.parse('2026-03-02T12:00:00Z') / 1000),
  };
  const bodies: Record<string, unknown> = {
    addCron: { uid: 'b', name: 'task', periodicity: 'H * * * *' },
    editCron: { logsLimit: 9, environ: null },
    editSite: { timezone: null },
    switchSite: { activated: true, note: 'after the works' },
    switchCron: { activated: false },
    rollbackSite: { version: 1 },
    rollbackCron: { version: 1 },
    runCrons: { uids: ['a', 'gone'] },
    switchCrons: { uids: ['a'], activated: true },
    removeCrons: { uids: ['b'] },
    restoreCrons: { uids: ['b', 'never'] },
  };
  const others: Record<string, Record<string, string>> = {
    restoreCron: { uid: 'gone' },
    stopRun: { uid: 'busy' },
  };
  const runs = leaseOf(Date.parse('2026-03-02T12:00:00Z'), Number.MAX_SAFE_INTEGER);
  await commitJob(world.ports.store, 'busy', { leases: [runs] });
  const queries: Record<string, string> = {
    preview: '?periodicity=@daily',
    previewCron: '?periodicity=@daily',
    why: '?time=2026-03-02T12:00:00Z',
  };
  const order = ['get', 'post', 'patch', 'delete'];
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => ({ path, method, one })))
    .sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method) || b.path.length - a.path.length);
  for (const { path, method, one } of operations) {
    const named = { ...values, ...others[one.operationId] };
    const requestPath = path.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? '');
    const query = queries[one.operationId] ?? '';
    const { status, headers, body } = await api(
      method.toUpperCase(),
      requestPath + query,
      bodies[one.operationId],
    );
    expect([one.operationId, status, body.detail]).toEqual([one.operationId, expect.any(Number), undefined]);
    const response = one.responses[status]?.content['application/json'];
    expect(headers.get('Content-Type')).toBe('application/json');
    expect([one.operationId, response && strict(response.schema).safeParse(body).error]).toEqual([
      one.operationId,
      undefined,
    ]);
  }
});

it('The OpenAPI document describes the body of a refusal', async () => {
  const refusal = (await api('GET', '/api/openapi.json')).body.components as {
    schemas: { Refusal: z.core.JSONSchema.JSONSchema };
  };
  const replies = [
    await api('GET', '/api/sites/nowhere'),
    await api('POST', '/api/sites/default/crons', {}),
    await api('PATCH', '/api/sites/default/crons/a', {}, { 'If-Match': '"x"' }),
  ];
  for (const { body } of replies) {
    expect(strict(refusal.schemas.Refusal).safeParse(body).error).toBeUndefined();
  }
});

it('The request schemas accept and refuse the same bodies as the API', async () => {
  const schemaOf = (path: string, method: string) => {
    const schema = paths[path]?.[method]?.requestBody?.content['application/json']?.schema;
    if (!schema) throw new Error(`${method} ${path} has no request body`);
    return strict(schema);
  };
  const added = schemaOf('/api/sites/{site}/crons', 'post');
  const edited = schemaOf('/api/sites/{site}/crons/{uid}', 'patch');
  const settings = schemaOf('/api/sites/{site}', 'patch');
  const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
  expect(accepts(added, { name: 'task', periodicity: '@daily', environ: { x: [1] }, timeout: '5m' })).toBe(
    true,
  );
  expect(accepts(added, { name: 'task' })).toBe(false);
  expect(accepts(added, { name: 'task', periodicity: '@daily', colour: 'red' })).toBe(false);
  expect(accepts(added, { name: 'task', periodicity: '@daily', environ: [] })).toBe(false);
  expect(accepts(edited, {})).toBe(true);
  expect(accepts(edited, { logsLimit: null, environ: null })).toBe(true);
  expect(accepts(edited, { logsLimit: 26 })).toBe(false);
  expect(accepts(edited, { uid: 'b' })).toBe(false);
  expect(accepts(edited, { name: 'task' })).toBe(true);
  for (const field of ['name', 'periodicity']) {
    expect(accepts(edited, { [field]: null })).toBe(false);
    expect((await api('PATCH', '/api/sites/default/crons/a', { [field]: null })).status).toBe(422);
  }
  expect(accepts(edited, { periodicity: '@always' })).toBe(false);
  expect(accepts(settings, { activated: false, timezone: null })).toBe(true);
  expect(accepts(settings, { activated: 'no' })).toBe(false);
  expect(JSON.stringify(paths['/api/sites/{site}/crons/{uid}']?.patch?.requestBody)).not.toContain(
    '"default"',
  );
});

it('The schemas name the rules that only code checks: time zones, crontab lines, and tags that differ', () => {
  const schema = paths['/api/sites/{site}/crons']?.post?.requestBody?.content['application/json']?.schema;
  const typesOf = (field: string) => {
    const found = schema?.properties?.[field] as z.core.JSONSchema.JSONSchema | undefined;
    return found?.anyOf ?? [found];
  };
  expect(typesOf('timezone')).toContainEqual(expect.objectContaining({ format: 'iana-time-zone' }));
  expect(typesOf('periodicity')).toMatchObject([{ type: 'string', format: 'crontab' }]);
  expect(typesOf('tags')).toContainEqual(expect.objectContaining({ type: 'array', uniqueItems: true }));
});

it('The schemas of bodies accept null where the API does, and of If-Match only tags', async () => {
  const schema =
    paths['/api/sites/{site}/crons/{uid}/power']?.post?.requestBody?.content['application/json']?.schema;
  const accepts = (value: unknown) => schema && strict(schema).safeParse(value).success;
  expect(accepts({ activated: true, note: null })).toBe(true);
  expect(accepts({ activated: null })).toBe(false);
  expect(accepts({ activated: true, note: 'two\nlines' })).toBe(false);
  const ifMatch = paths['/api/sites/{site}']?.patch?.parameters.find(({ name }) => name === 'If-Match');
  const pattern = ifMatch?.schema.pattern ?? '';
  expect(['*', '0', '1-2, 3-4', '"1-2"', 'W/"1", "2"'].every((tag) => new RegExp(pattern).test(tag))).toBe(
    true,
  );
  expect(['', '1 2', '"1', '"1" "2"'].some((tag) => new RegExp(pattern).test(tag))).toBe(false);
});

it('The name of a site has the rule of new sites where a cron may create one', () => {
  const patternAt = (path: string, method: 'get' | 'post') =>
    paths[path]?.[method]?.parameters.find(({ name }) => name === 'site')?.schema.pattern;
  expect(patternAt('/api/sites/{site}/crons', 'post')).toBe(SITE.source);
  expect(patternAt('/api/sites/{site}/crons', 'get')).toBeUndefined();
});
