import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { LAMBDAS } from '../../lib/aws/environment.ts';
import { bundle } from '../../lib/bundling/bundle.ts';
import { defaultProvider } from '../../lib/bundling/credentials.ts';
import { DateTime } from '../../lib/bundling/luxon.ts';
import { parseExpression } from '../../lib/domain/expression.ts';
import { type AnsweringServer, startServer } from '../support/answering-server.ts';
import type * as Probe from './probe.ts';

const MOST_BYTES = 500_000;

const folder = mkdtempSync(join(tmpdir(), 'cloudtab-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

describe('the bundle of a Lambda', () => {
  beforeAll(() =>
    bundle(
      folder,
      LAMBDAS.map((lambda) => pathOf(`../../lambdas/${lambda}.ts`)),
    ),
  );

  it.each(LAMBDAS)('%s has at most 500 KB, SDK included', (lambda) => {
    expect(statSync(join(folder, lambda, 'index.mjs')).size).toBeLessThanOrEqual(MOST_BYTES);
  });
});

describe('what is left out of bundles is not missed:', () => {
  let probe: typeof Probe;
  let server: AnsweringServer;
  /** What AWS answers next. */
  let answer: { status: number; body: string; headers?: Record<string, string> };

  beforeAll(async () => {
    await bundle(folder, [pathOf('./probe.ts')]);
    probe = await import(pathToFileURL(join(folder, 'probe', 'index.mjs')).href);
    server = await startServer((_asked, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body);
    });
    vi.stubEnv('AWS_ENDPOINT_URL', `http://${server.host}`);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  });
  afterEach(() => server.asked.splice(0));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server[Symbol.asyncDispose]();
  });

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
  const timer = { site: 'default', uid: 'a', at: Date.parse('2999-01-01T00:00:00Z') };

  it('calls are signed with the credentials of the environment', async () => {
    answer = { status: 200, body: '{}' };
    await registry().read({ site: 'default' });
    expect(server.asked[0]?.headers.authorization).toContain('Credential=AKIDEXAMPLE/');
    expect(server.asked[0]?.headers['x-amz-security-token']).toBe('token');
  });

  it('Parameter Store answers, says that nothing is there, and refuses', async () => {
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

  it('Scheduler makes a timer, has it already, and has lost it', async () => {
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

  it('Lambda returns a value, and says that there is no such function', async () => {
    const functions = new probe.LambdaFunctions(probe.makeLambda());
    const { signal } = new AbortController();
    answer = { status: 200, body: '["done"]' };
    expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'returned', value: ['done'] });
    answer = { status: 404, body: '{}', headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    await expect(functions.invoke('report', {}, signal)).rejects.toThrow('There is no function "report"');
  });

  it('EventBridge takes events', async () => {
    answer = { status: 200, body: '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}' };
    const bus = new probe.EventBus({ client: probe.makeEventBridge(), bus: 'bus', clock: probe.systemClock });
    await bus.emit({ type: 'ServerRestart', detail: { sites: [] } });
    expect(JSON.parse(server.asked[0]?.body ?? '').Entries).toMatchObject([{ DetailType: 'ServerRestart' }]);
  });

  it('STS lends a role, and refuses one', async () => {
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
  ])('the periodicity %s means the same', (periodicity) => {
    expect(probe.parseExpression(periodicity, 'a')).toEqual(parseExpression(periodicity, 'a'));
  });

  it('any text is the same periodicity, or refused with the same problems', () => {
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
  afterEach(() => vi.unstubAllEnvs());

  it('reads credentials when they are asked for, since Lambda may change them', async () => {
    const credentials = defaultProvider();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'A');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    expect(await credentials()).toEqual({ accessKeyId: 'A', secretAccessKey: 'S' });
    vi.stubEnv('AWS_SESSION_TOKEN', 'T');
    expect(await credentials()).toEqual({ accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' });
  });

  it('says which credentials are missing', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    await expect(defaultProvider()()).rejects.toThrow(
      'There are no credentials in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    );
  });

  it('is a moment for cron-parser, and no more', () => {
    expect(DateTime.fromMillis(0, { zone: 'UTC' })).toEqual({ isValid: true, zoneName: 'UTC' });
  });
});
