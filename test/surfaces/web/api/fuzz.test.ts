import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Api, apiOf } from '../../../support/api.ts';
import { makeWorld, type World } from '../../../support/world.ts';

let world: World;
let api: Api;
beforeEach(async () => {
  world = makeWorld();
  api = apiOf(world.ports);
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
  await world.edit('broken', '{');
});
afterEach(() => world.close());

const FIELDS = ['uid', 'name', 'periodicity', 'environ', 'activated', 'logsLimit', 'user', 'timezone'];
const OTHERS = [
  'overlap',
  'missed',
  'maxLateness',
  'timeout',
  'readOnly',
  '__proto__',
  'constructor',
  'toString',
];

/** A JSON value, usually an object: known field names with any values, and any names. */
const body = fc.oneof(
  fc.dictionary(
    fc.oneof(fc.constantFrom(...FIELDS, ...OTHERS), fc.string()),
    fc.oneof(
      fc.jsonValue({ noUnicodeString: false }),
      fc.constantFrom('task', '* * * * *', 'H/7 * * * *', 'UTC', '{{', null, 1, {}),
    ),
  ),
  fc.jsonValue(),
);
const bodyText = fc.oneof(
  { weight: 5, arbitrary: body.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      `{"environ":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`,
      '{"__proto__":{"name":"task"}}',
    ),
  },
);
const id = fc.oneof(
  fc.constantFrom('a', 'broken', 'default', 'b', '..', '.', '%2e%2e', '__proto__', 'x'.repeat(3000)),
  fc.string().map(encodeURIComponent),
  fc.webFragments(),
);
const path = fc
  .tuple(
    fc.constantFrom('sites', 'runners', 'preview', 'openapi.json', 'x'),
    id,
    fc.constantFrom('crons', 'history', ''),
    id,
    fc.constantFrom('', 'run', 'job', 'logs', 'history'),
    id,
  )
  .chain((parts) =>
    fc.integer({ min: 1, max: parts.length }).map((length) => `/api/${parts.slice(0, length).join('/')}`),
  );
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters().map((text) => `?${text}`),
  fc.constantFrom(
    '?periodicity=* * * * *&count=50',
    '?count=9',
    '?activated=',
    '?offset=1&offset=2',
    '?__proto__=1',
  ),
);
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'PROPFIND');
const headers = fc.record(
  {
    'If-Match': fc.constantFrom('*', '"1-1"', 'x', '', '"', 'W/"1"'),
    'Content-Type': fc.constantFrom(
      'application/json',
      'text/json',
      'application/problem+json;x=y',
      'a'.repeat(200),
    ),
    'Content-Length': fc.constantFrom('0', '-1', 'x', '10'),
  },
  { requiredKeys: [] },
);

it('The API answers every request below status 500, and gives a reason for each refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      query,
      bodyText,
      headers,
      async (verb, route, search, text, requestHeaders) => {
        const hasNoBody = verb === 'GET' || verb === 'HEAD';
        const response = await api(verb, route + search, hasNoBody ? undefined : text, requestHeaders);
        const failures = world.logger.lines
          .filter(({ level }) => level === 'error')
          .map(({ fields }) => fields.error);
        expect([response.status, ...failures]).toEqual([expect.any(Number)]);
        expect(response.status).toBeLessThan(500);
        if (response.status >= 400 && verb !== 'HEAD') {
          expect(response.body).toMatchObject({
            status: response.status,
            detail: expect.stringMatching(/./),
          });
        }
      },
    ),
    { numRuns: 750 },
  );
});

it('The API refuses a write or stores a valid definition', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('POST', 'PATCH'), body, async (verb, fields) => {
      const route = verb === 'POST' ? '/api/sites/default/crons' : '/api/sites/default/crons/a';
      const { status, body: reply } = await api(verb, route, fields);
      expect(status).toBeLessThan(500);
      if (status >= 400) return;
      const { parameter } = reply.cron as { parameter: { problems?: unknown } };
      expect(parameter.problems).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
