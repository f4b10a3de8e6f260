import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LAMBDAS, type LambdaName, type Settings, writeEnvironment } from '../../lib/aws/environment.ts';

const SETTINGS: Settings = {
  root: 'cloudtab',
  tableName: 'table',
  busName: 'bus',
  groupName: 'group',
  runFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
  runLogGroupName: 'run-lines',
  schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
  allowedHosts: [],
  allowedFunctions: [],
  allowedUsers: [],
  sites: ['default'],
  timezone: 'UTC',
};

/** The handler of a Lambda that has just started with its environment. */
async function start<Name extends LambdaName>(lambda: Name) {
  for (const [name, value] of Object.entries(writeEnvironment(lambda, SETTINGS))) vi.stubEnv(name, value);
  return await import(`../../lambdas/${lambda}.ts`);
}

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.doUnmock('../../lib/aws/set-up.ts');
});

it.each(LAMBDAS)(
  'the %s Lambda does not start without its environment, and says what is missing',
  async (lambda) => {
    await expect(import(`../../lambdas/${lambda}.ts`)).rejects.toThrow(
      `The ${lambda} Lambda lacks environment variables: CLOUDTAB_ROOT, CLOUDTAB_TABLE_NAME`,
    );
  },
);

describe('the Lambda of that name', () => {
  it('registry ignores an event about something else, with a line', async () => {
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { handler } = await start('registry');
    await handler({ detail: { name: '/cloudtab/default/secrets/key' } });
    expect(JSON.parse(String(lines.mock.calls[0]?.[0]))).toMatchObject({
      code: 'event-ignored',
      service: 'cloudtab-registry',
    });
  });

  it('sync answers a batch of nothing with no failures', async () => {
    const { handler } = await start('sync');
    expect(await handler({ Records: [] })).toEqual({ batchItemFailures: [] });
  });

  it('run refuses an event that is no delivery', async () => {
    const { handler } = await start('run');
    const context: Partial<Context> = {
      invokedFunctionArn: SETTINGS.runFunctionArn,
      getRemainingTimeInMillis: () => 900_000,
    };
    await expect(handler({ site: 'default' }, context)).rejects.toThrow('uid: got nothing');
  });

  it('admin answers the function URL', async () => {
    const { handler } = await start('admin');
    const event = {
      version: '2.0',
      rawPath: '/health',
      rawQueryString: '',
      headers: { host: 'example.org' },
      requestContext: { domainName: 'example.org', http: { method: 'GET', path: '/health' } },
      isBase64Encoded: false,
    };
    expect(await handler(event)).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
  });

  it('setup sets up the sites that it was told', async () => {
    const setUp = vi.fn();
    vi.doMock('../../lib/aws/set-up.ts', () => ({ setUp }));
    const { handler } = await start('setup');
    await handler();
    expect(setUp).toHaveBeenCalledWith(
      expect.objectContaining({ queue: expect.anything() }),
      expect.objectContaining({ sites: ['default'], timezone: 'UTC' }),
      {},
    );
  });
});
