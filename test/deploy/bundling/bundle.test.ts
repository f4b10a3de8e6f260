// cspell:ignore unstub AKIDEXAMPLE
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LAMBDAS, type LambdaName, writeEnvironment } from '../../../lib/adapters/aws/environment.ts';
import { parseExpression } from '../../../lib/core/domain/expression.ts';
import { bundle } from '../../../lib/deploy/bundling/bundle.ts';
import { METRICS_FILE } from '../../../lib/deploy/bundling/lazy-metrics.ts';
import { defaultProvider } from '../../../lib/deploy/bundling/stand-ins/credentials.ts';
import { describeApi } from '../../../lib/surfaces/web/api/description.ts';
import { assets } from '../../../lib/surfaces/web/assets/assets.ts';
import { type AnsweringServer, startServer } from '../../support/answering-server.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import type * as Probe from './probe.ts';
import { SETTINGS } from './settings.ts';

/** Milliseconds that bundling may take on a busy machine. */
const BUNDLING = 60_000;

const MAX_BYTES = { run: 550_000, sync: 450_000, registry: 450_000, setup: 450_000, admin: 700_000 };

const folder = mkdtempSync(join(tmpdir(), 'cloudtab-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const startBundle = (name: string) => import(pathToFileURL(join(folder, name, 'index.mjs')).href);

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

let server: AnsweringServer;
/** The next answers of AWS. */
let first: Answer[];
/** The answer of AWS after those. */
let answer: Answer;

beforeAll(async () => {
  server = await startServer((_asked, response) => {
    const { status, headers, body } = first.shift() ?? answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  });
});
beforeEach(() => {
  first = [];
  server.asked.splice(0);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${server.host}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => server[Symbol.asyncDispose]());

describe('the bundle of a Lambda', () => {
  beforeAll(
    () =>
      bundle(
        folder,
        LAMBDAS.map((lambda) => pathOf(`../../../lambdas/${lambda}.ts`)),
      ),
    BUNDLING,
  );

  it.each(LAMBDAS)('The bundle of the %s Lambda stays within its budget, SDK included', (lambda) => {
    expect(statSync(join(folder, lambda, 'index.mjs')).size).toBeLessThanOrEqual(MAX_BYTES[lambda]);
  });

  it.each(LAMBDAS)('The %s Lambda starts from its bundle alone', async (lambda) => {
    stubSettings(lambda);
    expect((await startBundle(lambda)).handler).toBeTypeOf('function');
  });

  it('Starting a bundle loads no HTTP client and no WebSocket of Node, which take a quarter of a cold start', () => {
    const bundles = LAMBDAS.map((lambda) => pathToFileURL(join(folder, lambda, 'index.mjs')).href);
    const load =
      'for (const url of process.argv.slice(1)) await import(url);' +
      'console.log(process.moduleLoadList.filter((name) => name.endsWith("/undici/undici")).join());';
    const env = Object.assign({}, ...LAMBDAS.map((lambda) => writeEnvironment(lambda, SETTINGS)));
    const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', load, ...bundles], {
      env,
    });
    expect(loaded.toString()).toBe('\n');
  });

  it('Only the functions that end occurrences have Powertools, in a file that their start does not load', () => {
    const having = LAMBDAS.filter((lambda) => existsSync(join(folder, lambda, METRICS_FILE)));
    expect(having).toEqual(['sync', 'run']);
    const bundles = LAMBDAS.map((lambda) => readFileSync(join(folder, lambda, 'index.mjs'), 'utf8'));
    expect(bundles.filter((code) => code.includes('POWERTOOLS_'))).toEqual([]);
  });

  describe('the bundle of the admin Lambda', () => {
    let ask: (path: string) => Promise<{ statusCode: number; body: string; headers: Record<string, string> }>;

    beforeEach(async () => {
      stubSettings('admin');
      // No cron, no role, and no limits.
      answer = { status: 200, body: '{"Items":[],"Item":{"grants":{"L":[]},"limits":{"M":{}}}}' };
      const { handler } = await startBundle('admin');
      ask = (path) =>
        handler({
          version: '2.0',
          rawPath: path,
          rawQueryString: '',
          headers: { host: 'example.org', accept: 'text/html' },
          requestContext: { domainName: 'example.org', http: { method: 'GET', path } },
          isBase64Encoded: false,
        });
    });

    it('The bundled admin Lambda answers a health check', async () => {
      expect(await ask('/health')).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
    });

    it('The bundled admin Lambda renders a page from the table', async () => {
      const { statusCode, body } = await ask('/sites');
      expect(statusCode).toBe(200);
      expect(body).toContain('<!doctype html>');
      expect(server.asked.at(-1)?.headers['x-amz-target']).toBe('DynamoDB_20120810.Query');
    });

    it('The bundled admin Lambda serves its assets minified', async () => {
      for (const { path, type, content } of Object.values(assets)) {
        const { statusCode, headers, body } = await ask(path);
        expect(statusCode).toBe(200);
        expect(headers['content-type']).toBe(type);
        expect(body.length).toBeGreaterThan(content.length / 3);
        expect(body.length).toBeLessThanOrEqual(content.length);
      }
    });

    it('The bundled admin Lambda serves the OpenAPI description of the source', async () => {
      const { headers, body } = await ask('/api/openapi.json');
      expect(headers['content-type']).toBe('application/json');
      expect(body).toBe(describeApi());
    });

    it('The bundled admin Lambda answers unknown methods and paths', async () => {
      expect(await ask('/api/sites/default/crons/a/run')).toMatchObject({
        statusCode: 405,
        headers: { allow: 'POST' },
      });
      expect((await ask('/none')).statusCode).toBe(404);
    });
  });
});

describe('a bundle with stand-ins', () => {
  let probe: typeof Probe;

  beforeAll(async () => {
    await bundle(folder, [pathOf('./probe.ts')]);
    probe = await startBundle('probe');
  }, BUNDLING);

  const registry = () =>
    new probe.ParameterRegistry({ client: probe.makeSsm(), root: 'cloudtab', clock: probe.systemClock });
  const queue = () =>
    new probe.SchedulerQueue({
      scheduler: probe.makeScheduler(),
      lambda: probe.makeLambda(),
      clock: probe.systemClock,
      group: 'group',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
      roleArn: 'arn:aws:iam::123456789012:role/scheduler',
      deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
    });
  const timer = { site: 'default', uid: 'a', plannedAt: Date.parse('2999-01-01T00:00:00Z') };

  it('A bundle loads Powertools to write the metrics of a cron', async () => {
    const time = new Date().toISOString();
    const log = { id: '1', plannedAt: time, date: time, status: 'NOTRUN' as const, messages: [] };
    const detail = { site: 'shop', uid: 'a', name: 'task', plannedAt: time, log };
    const parts = { namespace: 'cloudtab/shop', logger: new MemoryLogger() };
    expect(JSON.parse(await probe.metricLine(parts, detail))).toMatchObject({ uid: 'a', NOTRUN: 1 });
  });

  it('A bundle signs its calls with the credentials of the environment', async () => {
    answer = { status: 200, body: '{}' };
    await registry().read({ site: 'default' });
    expect(server.asked[0]?.headers.authorization).toContain('Credential=AKIDEXAMPLE/');
    expect(server.asked[0]?.headers['x-amz-security-token']).toBe('token');
  });

  it('A bundle reads a parameter, finds none, and reports a refusal', async () => {
    const Parameter = { Name: '/cloudtab/default/crontab', Value: '{}', Version: 3, LastModifiedDate: 1.5 };
    answer = { status: 200, body: JSON.stringify({ Parameter }) };
    expect(await registry().read({ site: 'default' })).toMatchObject({
      value: '{}',
      version: 3,
      modified: 1500,
    });
    answer = { status: 400, body: '{"__type":"ParameterNotFound"}' };
    expect(await registry().read({ site: 'default' })).toBeUndefined();
    answer = { status: 400, body: '{"__type":"AccessDeniedException","message":"not you"}' };
    await expect(registry().read({ site: 'default' })).rejects.toThrow(/AccessDeniedException.*not you/s);
  });

  it('A bundle creates a timer that is new or exists, and removes one that is gone', async () => {
    answer = { status: 200, body: '{"ScheduleArn":"arn:aws:scheduler:x"}' };
    await queue().arm(timer);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({ ActionAfterCompletion: 'DELETE' });
    answer = {
      status: 409,
      body: '{"Message":"exists"}',
      headers: { 'x-amzn-errortype': 'ConflictException' },
    };
    await expect(queue().arm(timer)).resolves.toBeUndefined();
    answer = { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    await expect(queue().disarm(timer)).resolves.toBeUndefined();
  });

  it('A bundle reads the item of a failed condition, retries a throttled write, and reports a refusal', async () => {
    const table = new probe.DynamoTable(probe.makeDynamo(), 'table', probe.systemClock);
    const item = { Item: { pk: 'a', sk: 'b' } };
    const error = (name: string, more = {}) =>
      JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...more });
    const Item = { token: { S: 'me' } };
    answer = { status: 400, body: error('ConditionalCheckFailedException', { Item }) };
    expect(await table.put('write', item, 'me')).toBe(true);
    expect(await table.put('write', item, 'other')).toBe(false);
    server.asked.splice(0);
    first = [{ status: 400, body: error('ProvisionedThroughputExceededException') }];
    answer = { status: 200, body: '{}' };
    expect(await table.put('write', item)).toBe(true);
    expect(server.asked).toHaveLength(2);
    answer = { status: 400, body: error('ResourceNotFoundException', { message: 'no such table' }) };
    await expect(table.put('write', item)).rejects.toThrow(
      'Cannot write the table table: AWS answered ResourceNotFoundException: no such table.',
    );
  });

  it('A bundle commits an item with its records, and leaves out a record that exists', async () => {
    const table = new probe.DynamoTable(probe.makeDynamo(), 'table', probe.systemClock);
    const put = (sk: string) => ({ Item: { pk: 'a', sk } });
    const cancelled = (...CancellationReasons: unknown[]): Answer => ({
      status: 400,
      body: JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        CancellationReasons,
      }),
    });
    const exists = { Code: 'ConditionalCheckFailed', Item: { token: { S: 'me' } } };
    answer = { status: 200, body: '{}' };
    first = [cancelled({ Code: 'None' }, exists, { Code: 'None' })];
    expect(await table.commit('write', put('job'), [put('one'), put('two')], 'me')).toBe(true);
    const writes = server.asked.map(({ body }) =>
      JSON.parse(body).TransactItems.map(
        ({ Put }: { Put: { Item: { sk: { S: string } } } }) => Put.Item.sk.S,
      ),
    );
    expect(writes).toEqual([
      ['job', 'one', 'two'],
      ['job', 'two'],
    ]);
    answer = cancelled(exists, { Code: 'None' });
    expect(await table.commit('write', put('job'), [put('one')], 'me')).toBe(true);
    expect(await table.commit('write', put('job'), [put('one')], 'other')).toBe(false);
  });

  it('A bundle invokes a function, and reports one that does not exist', async () => {
    const functions = new probe.LambdaFunctions(probe.makeLambda());
    const { signal } = new AbortController();
    answer = { status: 200, body: '["done"]' };
    expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'returned', value: ['done'] });
    answer = { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    await expect(functions.invoke('report', {}, signal)).rejects.toThrow('Function "report" not found');
  });

  it('A bundle publishes events', async () => {
    answer = { status: 200, body: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}' };
    const bus = new probe.EventBus({ client: probe.makeEventBridge(), bus: 'bus', clock: probe.systemClock });
    await bus.publish({ type: 'ServerRestart', detail: { sites: [] } });
    expect(JSON.parse(server.asked[0]?.body ?? '').Entries).toMatchObject([{ DetailType: 'ServerRestart' }]);
    expect(server.asked[0]?.headers.authorization).toMatch(/\/eu-west-1\/events\/aws4_request/);
  });

  it('A bundle assumes a role, and reports a refusal', async () => {
    const identity = new probe.StsIdentity(probe.makeSts());
    const role = 'arn:aws:iam::123456789012:role/cron';
    const session = { site: 'default', uid: 'a' };
    const credentials =
      '<AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>' +
      '<Expiration>2026-01-01T00:00:00Z</Expiration>';
    const headers = { 'content-type': 'text/xml' };
    const body = `<AssumeRoleResponse><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    answer = { status: 200, headers, body };
    expect(await identity.assume(role, session)).toMatchObject({ accessKeyId: 'A', sessionToken: 'T' });
    const error = '<Error><Code>AccessDenied</Code><Message>not you</Message></Error>';
    answer = { status: 403, headers, body: `<ErrorResponse>${error}</ErrorResponse>` };
    await expect(identity.assume(role, session)).rejects.toThrow(/AccessDenied: not you/);
  });

  it.each([
    '@daily',
    '0 9 * * mon-fri',
    '*/7 3 29 2 *',
    'H H(1-4) * * *',
    '0 0 L * *',
    '0 0 * * 5#2',
    '0 0 * * 5L',
  ])('The periodicity %s means the same in a bundle', (periodicity) => {
    expect(probe.parseExpression(periodicity, 'a')).toEqual(parseExpression(periodicity, 'a'));
  });

  it('A bundle parses any text as the source does, or reports the same problems', () => {
    const field = fc.oneof(
      fc.constantFrom('*', '*/5', 'H', 'L', '?', '0', '61', 'mon', 'jan-mar', '1,2,3', '5-1', 'x', 'W'),
      fc.nat({ max: 70 }).map(String),
    );
    const read = (parse: typeof parseExpression, text: string) => {
      try {
        return parse(text, 'a');
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(fc.array(field, { minLength: 4, maxLength: 6 }), (fields) => {
        const text = fields.join(' ');
        expect(read(probe.parseExpression, text)).toEqual(read(parseExpression, text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a stand-in', () => {
  it('The credentials are read at each call, since Lambda may change them', async () => {
    const credentials = defaultProvider();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'A');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    expect(await credentials()).toEqual({ accessKeyId: 'A', secretAccessKey: 'S' });
    vi.stubEnv('AWS_SESSION_TOKEN', 'T');
    expect(await credentials()).toEqual({ accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' });
  });

  it('The credential provider names the variables that are missing', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    await expect(defaultProvider()()).rejects.toThrow(
      'There are no credentials in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    );
  });
});

/** Sets the environment of the Lambda as the stack does. */
function stubSettings(lambda: LambdaName): void {
  for (const [name, value] of Object.entries(writeEnvironment(lambda, SETTINGS))) vi.stubEnv(name, value);
}
