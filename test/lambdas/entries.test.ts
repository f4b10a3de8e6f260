import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  LAMBDAS,
  type LambdaEnvironment,
  type LambdaName,
  writeEnvironment,
} from '../../lib/adapters/aws/environment.ts';
import { FORMAT } from '../../lib/adapters/aws/table.ts';
import type { Events } from '../../lib/core/ports/events.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

const SETTINGS: LambdaEnvironment = {
  root: 'cloudtab',
  tableName: 'table',
  busName: 'bus',
  events: 'all',
  groupName: 'group',
  runFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
  runLogGroupName: 'run-lines',
  schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
  limitsId: 'limits-1',
  timezone: 'UTC',
  retentionDays: 90,
  sweepEverySeconds: 300,
  cronMetrics: false,
  heartbeat: false,
  codeVersion: 'code-1',
  targetOption: '--stack Shop',
  version: '1.2.3',
};

const NOON = '2026-03-02T12:00:00Z';

const CONTEXT: Partial<Context> = {
  invokedFunctionArn: SETTINGS.runFunctionArn,
  getRemainingTimeInMillis: () => 900_000,
};

/** A table with these limits and nothing else, and the keys of single items that were read from it. */
function limitsInTable(limits: object | undefined = {}): object[] {
  const keys: object[] = [];
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async ({ input }) => {
    if ('Key' in input && input.Key) keys.push(input.Key);
    return { Item: { limits }, Responses: { table: [] } };
  });
  return keys;
}

/** A request to the function URL. */
function requestOf(path: string, query = '') {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'example.org' },
    requestContext: { domainName: 'example.org', http: { method: 'GET', path } },
    isBase64Encoded: false,
  };
}

/** The module of a Lambda, imported with the environment of that Lambda. */
async function start<Name extends LambdaName>(lambda: Name, settings: Partial<LambdaEnvironment> = {}) {
  for (const [name, value] of Object.entries(writeEnvironment(lambda, { ...SETTINGS, ...settings })))
    vi.stubEnv(name, value);
  return await import(`../../lambdas/${lambda}.ts`);
}

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const module of [
    'app/setup',
    'adapters/aws/deployment',
    'adapters/aws/sync-event',
    'core/engine/project-parameter',
    'core/engine/run',
  ])
    vi.doUnmock(`../../lib/${module}.ts`);
});

it.each(LAMBDAS)(
  'The %s Lambda fails to start without its environment variables and names them',
  async (lambda) => {
    await expect(import(`../../lambdas/${lambda}.ts`)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(new RegExp(`${lambda} .*CLOUDTAB_ROOT, CLOUDTAB_TABLE_NAME`)),
    });
  },
);

it('A run function that gives up ends its process with exit code 1', async () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const { runPorts } = await import('../../lib/adapters/aws/deployment.ts');
  const { endProcess } = runPorts(SETTINGS, new RunnerTable({}, { bySite: {} }), new MemoryLogger());
  endProcess?.();
  expect(exit).toHaveBeenCalledExactlyOnceWith(1);
});

describe('the handlers', () => {
  it('The registry Lambda ignores an event about another parameter and logs it', async () => {
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { handler } = await start('registry');
    await handler({ detail: { name: '/cloudtab/default/secrets/key' } });
    expect(JSON.parse(String(lines.mock.calls[0]?.[0]))).toMatchObject({
      code: 'event-ignored',
      service: 'cloudtab-registry',
    });
  });

  it('The registry Lambda reads what runners may reach before it projects a parameter', async () => {
    const steps: unknown[] = [];
    const keys = limitsInTable();
    vi.doMock('../../lib/core/engine/project-parameter.ts', () => ({
      projectChange: async (_ports: object, key: object) => void steps.push(...keys, key),
    }));
    const { handler } = await start('registry');
    await handler({ detail: { name: '/cloudtab/shop/crons/a', operation: 'Update' } });
    expect(steps).toEqual([
      { pk: '#limits', sk: 'limits-1' },
      { site: 'shop', uid: 'a' },
    ]);
  });

  it('The sync Lambda reports no failures for an empty batch', async () => {
    limitsInTable();
    const { handler } = await start('sync');
    expect(await handler({ Records: [] })).toEqual({ batchItemFailures: [] });
  });

  it('The sync Lambda requests the URL of the heartbeat after a sweep, if the deployment wants it', async () => {
    const { bySite, load } = { bySite: {}, load: async () => {} };
    const heartbeat = vi.fn();
    const onSyncEvent = vi.fn();
    vi.doMock('../../lib/adapters/aws/deployment.ts', () => ({
      deployedLimits: () => ({ bySite, load }),
      resyncPorts: () => ({}),
      measured: (_settings: object, ports: object) => ports,
      heartbeatOf: () => heartbeat,
    }));
    vi.doMock('../../lib/adapters/aws/sync-event.ts', () => ({ onSyncEvent }));
    await (await start('sync')).handler({ task: 'sweep' });
    vi.resetModules();
    await (await start('sync', { heartbeat: true })).handler({ task: 'sweep' });
    expect(onSyncEvent.mock.calls.map(([ports]) => ports.heartbeat)).toEqual([undefined, heartbeat]);
  });

  it('The end of an occurrence is one line for CloudWatch if the deployment wants metrics of each cron', async () => {
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { measured } = await import('../../lib/adapters/aws/deployment.ts');
    const publish: Events['publish'] = async () => {};
    const ports = { events: { publish }, logger: new MemoryLogger() };
    expect(measured(SETTINGS, ports)).toBe(ports);
    const log = {
      id: '1',
      plannedAt: NOON,
      date: NOON,
      startedAt: NOON,
      status: 'OK' as const,
      messages: [],
    };
    const detail = { site: 'shop', uid: 'a', name: 'task', plannedAt: NOON, log };
    await measured({ ...SETTINGS, cronMetrics: true }, ports).events.publish({
      type: 'FinishedCronJob',
      detail,
    });
    expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      { _aws: { CloudWatchMetrics: [{ Namespace: 'cloudtab/cloudtab' }] }, uid: 'a', OK: 1 },
    ]);
  });

  it('The heartbeat of a deployment reads its URL with the root of the deployment', async () => {
    const requests = vi.spyOn(SSMClient.prototype, 'send').mockImplementation(async () => ({}));
    const { heartbeatOf } = await import('../../lib/adapters/aws/deployment.ts');
    const logger = new MemoryLogger();
    await heartbeatOf(SETTINGS, logger)();
    expect(requests.mock.calls.map(([{ input }]) => input)).toEqual([
      { Name: '/cloudtab-secrets/_deployment/heartbeat', WithDecryption: true },
    ]);
    expect(logger.lines[0]?.message).toContain('its URL is not set');
  });

  it('The run Lambda rejects an event that is not a delivery', async () => {
    const { handler } = await start('run');
    await expect(handler({ site: 'default' }, CONTEXT)).rejects.toMatchObject({
      problems: [{ where: 'uid' }, { where: 'plannedAt' }],
    });
  });

  it('The run Lambda arms timers of the function itself when a version of it is invoked', async () => {
    const runPorts = vi.fn();
    const deployedLimits = () => ({ bySite: {}, load: async () => {} });
    const measured = (_settings: object, ports: object) => ports;
    vi.doMock('../../lib/adapters/aws/deployment.ts', () => ({ runPorts, deployedLimits, measured }));
    vi.doMock('../../lib/core/engine/run.ts', () => ({ run: async () => {} }));
    const { handler } = await start('run');
    const context = {
      invokedFunctionArn: `${SETTINGS.runFunctionArn}:$LATEST`,
      getRemainingTimeInMillis: () => 900_000,
    };
    await handler({ site: 'shop', uid: 'a', plannedAt: '2026-03-02T12:00:00Z' }, context);
    expect(runPorts.mock.calls[0]?.[0].runFunctionArn).toBe(SETTINGS.runFunctionArn);
  });

  it('The run Lambda ignores a delivery for a cron that the table does not have, with one line', async () => {
    const lines = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    limitsInTable();
    const { handler } = await start('run');
    await handler({ site: 'unknown', uid: 'old', plannedAt: '2026-03-02T12:00:00Z' }, CONTEXT);
    expect(lines.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      {
        level: 'INFO',
        message: 'Nothing to do: the cron is gone',
        code: 'delivery-ignored',
        site: 'unknown',
        uid: 'old',
        plannedAt: '2026-03-02T12:00:00Z',
      },
    ]);
  });

  it('The run Lambda reads what runners may reach at its first run, and not again', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const keys = limitsInTable();
    const { handler } = await start('run');
    for (const uid of ['a', 'b'])
      await handler({ site: 'shop', uid, plannedAt: '2026-03-02T12:00:00Z' }, CONTEXT);
    expect(keys).toEqual([{ pk: '#limits', sk: 'limits-1' }]);
  });

  it('A run fails before anything else when what runners may reach cannot be read, and the next one reads it again', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    limitsInTable(undefined);
    const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    requests.mockImplementation(async () => ({}));
    const { handler } = await start('run');
    const delivery = { site: 'shop', uid: 'a', plannedAt: '2026-03-02T12:00:00Z' };
    await expect(handler(delivery, CONTEXT)).rejects.toMatchObject({ name: 'UnavailableError' });
    expect(requests).toHaveBeenCalledOnce();
    requests.mockRestore();
    limitsInTable();
    await expect(handler(delivery, CONTEXT)).resolves.toBeUndefined();
  });

  it('The admin Lambda answers a request to its function URL', async () => {
    const { handler } = await start('admin');
    expect(await handler(requestOf('/health'))).toMatchObject({ statusCode: 200, body: '{"ok":true}' });
  });

  it('The admin Lambda reads the roles of its callers from the table, refuses all when it cannot, and says its version to a viewer', async () => {
    const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const grants = [{ principal: '*', role: 'viewer' }];
    requests.mockImplementation(async () => ({ Item: { grants, limits: {} } }));
    requests.mockRejectedValueOnce(new Error('no network'));
    const { handler } = await start('admin');
    const event = requestOf('/api/preview', 'periodicity=@daily');
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await handler(event)).toMatchObject({ statusCode: 503 });
    expect(await handler(event)).toMatchObject({ statusCode: 200 });
    const { body } = (await handler(requestOf('/api/whoami'))) as { body: string };
    expect(JSON.parse(body)).toMatchObject({ role: 'viewer', version: '1.2.3' });
    expect(requests.mock.lastCall?.[0].input).toMatchObject({
      TableName: 'table',
      Key: { pk: '#access' },
    });
  });

  it('The admin Lambda lists the names of the secrets of a site from Parameter Store', async () => {
    const grants = [{ principal: '*', role: 'editor' }];
    const table = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    table.mockImplementation(async () => ({ Item: { grants, limits: {} } }));
    const requests = vi.spyOn(SSMClient.prototype, 'send');
    requests.mockImplementation(async () => ({ Parameters: [{ Name: '/cloudtab-secrets/shop/token' }] }));
    const { handler } = await start('admin');
    const event = requestOf('/api/sites/shop/secrets');
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { statusCode, body } = (await handler(event)) as { statusCode: number; body: string };
    expect([statusCode, JSON.parse(body)]).toEqual([200, { secrets: ['token'] }]);
    expect(JSON.stringify(requests.mock.lastCall?.[0].input)).toContain('/cloudtab-secrets/shop');
  });

  describe('the setup Lambda', () => {
    const event = {
      RequestType: 'Create',
      RequestId: 'request-1',
      StackId: 'stack-1',
      LogicalResourceId: 'Deployment',
      ResponseURL: 'https://cloudformation.example/report',
      ResourceType: 'Custom::CloudtabSetup',
      ResourceProperties: { access: [] as object[], limitsId: 'limits-1', syncFunctionName: 'sync' },
    };
    const OPS = { principal: 'arn:aws:iam::123456789012:role/ops', role: 'editor', sites: ['shop'] };

    /** The calls of setup, and the report to CloudFormation, at an event with these fields. */
    async function handle(fields: object = {}) {
      const setup = vi.fn();
      const original = await vi.importActual<object>('../../lib/app/setup.ts');
      vi.doMock('../../lib/app/setup.ts', () => ({ ...original, setup }));
      const reports = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
      const { handler } = await start('setup');
      await handler({ ...event, ...fields });
      return { setup, report: JSON.parse(String(reports.mock.lastCall?.[1]?.body)) };
    }

    it('The setup Lambda sets up the sites with the roles of its event', async () => {
      const { setup, report } = await handle({ ResourceProperties: { access: [OPS], sites: ['default'] } });
      expect(setup).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ resync: expect.any(Function) }),
        expect.objectContaining({ sites: ['default'], timezone: 'UTC', access: [OPS] }),
        {},
      );
      expect(report).toMatchObject({ Status: 'SUCCESS' });
    });

    it('The setup Lambda takes an event without roles and sites as one with none', async () => {
      const { setup } = await handle({ ResourceProperties: {} });
      expect(setup.mock.lastCall?.[1]).toMatchObject({ access: [], sites: [] });
    });

    describe('the limits', () => {
      const limits = {
        ...event,
        ResourceType: 'Custom::CloudtabLimits',
        LogicalResourceId: 'Limits',
        ResourceProperties: { limits: '{"shop":{"allowCommands":true}}' },
      };

      it('The setup Lambda writes the limits, and their resource has the id of the item', async () => {
        const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
        requests.mockImplementation(async () => ({ Item: { format: FORMAT } }));
        const { setup, report } = await handle(limits);
        expect(setup).not.toHaveBeenCalled();
        expect(requests.mock.lastCall?.[0].input).toEqual({
          TableName: 'table',
          Item: { pk: '#limits', sk: report.PhysicalResourceId, limits: { shop: { allowCommands: true } } },
        });
        expect(report).toMatchObject({ Status: 'SUCCESS' });
      });

      it('The setup Lambda lets replaced limits expire', async () => {
        const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
        requests.mockImplementation(async () => ({ Item: { pk: '#limits', sk: 'former', limits: {} } }));
        await handle({ ...limits, RequestType: 'Delete', PhysicalResourceId: 'former' });
        expect(requests.mock.lastCall?.[0].input).toMatchObject({
          Item: { sk: 'former', expires: expect.any(Number) },
        });
      });
    });

    it('The setup Lambda fails a deployment with an invalid role, before it changes anything', async () => {
      const group = { ...OPS, principal: 'arn:aws:iam::123456789012:group/ops' };
      const { setup, report } = await handle({ ResourceProperties: { access: [group] } });
      expect(setup).not.toHaveBeenCalled();
      expect(report).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringMatching(/^access\.0\.principal: got "arn:aws:iam::123456789012:group\/ops"/),
      });
    });

    it('The setup Lambda publishes the runners of the deployment with its limits and the version of its code', async () => {
      const { setup } = await handle();
      const limits = { shop: { allowCommands: true } };
      const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
      requests.mockImplementation(async () => ({ Item: { limits } }));
      await setup.mock.calls[0]?.[0].publishCatalogue();
      expect(requests.mock.calls.map(([{ input }]) => input)).toMatchObject([
        { Key: { pk: '#limits', sk: 'limits-1' } },
        {
          TableName: 'table',
          Item: {
            pk: '#catalogue',
            codeVersion: 'code-1',
            limits,
            runners: [
              { name: 'command' },
              { name: 'heartbeat' },
              { name: 'http', settings: {} },
              { name: 'lambda:<function>' },
            ],
          },
        },
      ]);
    });

    it('The setup Lambda writes the roles into the table', async () => {
      const { setup } = await handle();
      const requests = vi
        .spyOn(DynamoDBDocumentClient.prototype, 'send')
        .mockImplementation(async () => ({}));
      await setup.mock.calls[0]?.[0].access.replace([OPS]);
      expect(requests.mock.lastCall?.[0].input).toMatchObject({
        TableName: 'table',
        Item: { pk: '#access', grants: [OPS] },
      });
    });

    it('The setup Lambda has the sync Lambda resync all sites', async () => {
      const invoke = vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async () => ({}));
      const { setup } = await handle();
      expect(await setup.mock.calls[0]?.[0].resync(1_000)).toBe(true);
      expect(invoke.mock.calls.map(([{ input }]) => input)).toEqual([
        { FunctionName: 'sync', Payload: '{"task":"resync"}' },
      ]);
    });

    it('The setup Lambda fails a deployment whose table has another format, before it changes anything', async () => {
      const requests = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
      requests.mockImplementation(async () => ({ Item: { format: 1 } }));
      const reports = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
      const { handler } = await start('setup');
      await handler(event);
      expect(requests).toHaveBeenCalledOnce();
      expect(JSON.parse(String(reports.mock.lastCall?.[1]?.body))).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining('format'),
      });
    });
  });
});
