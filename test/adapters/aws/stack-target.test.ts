import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStackTarget } from '../../../lib/adapters/aws/stack-target.ts';
import { openDoctor } from '../../../lib/client/chosen-target.ts';
import { doctorOf } from '../../../lib/client/doctor.ts';
import { version } from '../../../lib/client/version.ts';
import { doctor } from '../../../lib/surfaces/cli/doctor.ts';
import { awsError } from '../../support/aws-error.ts';
import { describedStack, RUN_ARN, runSettings } from '../../support/described-deployment.ts';
import { answerAtFunctionUrl } from '../../support/function-url.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { makeWorld } from '../../support/world.ts';

const cloudFormation = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const scheduler = mockClient(SchedulerClient);
const sqs = mockClient(SQSClient);
const ssm = mockClient(SSMClient);
const events = mockClient(EventBridgeClient);

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  for (const mock of [cloudFormation, lambda, dynamo, scheduler, sqs, ssm, events]) mock.reset();
  cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
  lambda.on(GetFunctionConfigurationCommand).resolves(runSettings());
  lambda.on(GetFunctionCommand).resolves({ Configuration: { State: 'Active' } });
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [{ State: 'Enabled' }] });
  dynamo.onAnyCommand().resolves({ Items: [] });
  scheduler.on(ListSchedulesCommand).resolves({ Schedules: [{ Name: 'default.a.4000000000' }] });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '2' } });
  ssm.on(GetParametersByPathCommand).resolves({ Parameters: [] });
  events.onAnyCommand().resolves({ FailedEntryCount: 0 });
  events.on(ListRuleNamesByTargetCommand).resolves({ RuleNames: ['one', 'other'] });
  events.on(DescribeRuleCommand).resolves({ State: 'ENABLED' });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const open = () => openStackTarget('Cloudtab', { logger: new MemoryLogger() });

describe('openStackTarget', () => {
  it('A deployment validates by the catalogue that its setup published, and by the form alone without one', async () => {
    const runners = [{ name: 'report', site: 'shop', summary: 'Reports.' }];
    dynamo.on(GetCommand).resolves({ Item: { runners, limits: {} } });
    const { ports } = await open();
    expect(ports.runners.problems({ name: 'report', environ: {} }, 'shop')).toEqual([]);
    expect(ports.runners.problems({ name: 'report', environ: {} }, 'default')).toMatchObject([
      { where: 'name' },
    ]);
    dynamo.on(GetCommand).resolves({});
    const { ports: old } = await open();
    expect(old.runners.problems({ name: 'backup', environ: {} }, 'default')).toEqual([]);
    expect(old.runners.unchecked?.('backup')).toBe(
      'Its runner was not checked: this deployment has not published its runners. Deploy it again.',
    );
    dynamo.on(GetCommand).rejects(awsError('AccessDeniedException'));
    const { ports: closed } = await open();
    expect(closed.runners.unchecked?.('backup')).toContain('Cannot read the catalogue from the table table');
  });

  it('A deployment has the settings of its run function and the limits of its catalogue', async () => {
    const limits = { '*': { allowedHosts: ['api.example.com'] } };
    dynamo.on(GetCommand).resolves({ Item: { runners: [], limits } });
    await using target = await open();
    const { name, title, ports } = target;
    expect(name).toBe('the stack Cloudtab');
    expect(title).toBe('stack Cloudtab, eu-west-1, 123456789012');
    expect(lambda.commandCalls(GetFunctionConfigurationCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'the RunFunctionName',
    });
    expect(ports.runners.problems({ name: 'http', environ: { url: 'https://api.example.com/x' } })).toEqual(
      [],
    );
    expect(
      ports.runners.problems({ name: 'http', environ: { url: 'https://other.example/x' } }),
    ).toHaveLength(1);
    await ports.queue.deliver({ site: 'default', uid: 'a', plannedAt: 0 });
    expect(lambda.commandCalls(InvokeCommand)[0]?.args[0].input.FunctionName).toBe(RUN_ARN);
  });

  it('The maintenance examines the functions, timers and dead letters of a deployment', async () => {
    const target = await open();
    lambda
      .on(GetFunctionCommand, { FunctionName: 'the SyncFunctionName' })
      .resolves({ Configuration: { State: 'Failed', StateReason: 'No image.' } });
    dynamo.on(GetCommand).resolves({ Item: { runners: [], limits: {}, codeVersion: 'code-1' } });
    const { text, code } = await doctor(doctorOf(target), { json: true });
    expect(code).toBe(1);
    expect(JSON.parse(text).findings).toMatchObject([
      { code: 'place', what: expect.stringMatching(/\bsync function\b.*\bFailed\b.*\bNo image\b/) },
      { code: 'timer-surplus', key: { site: 'default', uid: 'a' } },
      { code: 'dead-letters', what: expect.stringMatching(/\b2\b/) },
    ]);
  });

  it('The maintenance reports published runners of other code than that of the runs, and a deployment without any', async () => {
    const { maintenance } = await open();
    const found = async () => (await maintenance.findings()).map(({ what }) => what);
    expect(await found()).toEqual([
      'The runs use the code code-1, and the published runners are of the code none: crons are validated by that.',
    ]);
    const published = (codeVersion: string) =>
      dynamo.on(GetCommand).resolves({ Item: { runners: [], limits: {}, codeVersion } });
    published('code-0');
    expect(await found()).toEqual([expect.stringContaining('the published runners are of the code code-0')]);
    published('code-1');
    expect(await found()).toEqual([]);
  });

  it('The doctor compares the version of the deployment, which its admin function says, with that of this program', async () => {
    onTestFinished(() => void vi.unstubAllGlobals());
    dynamo.on(GetCommand).resolves({ Item: { runners: [], limits: {}, codeVersion: 'code-1' } });
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '0' } });
    scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
    const findingsAt = async (deployed: { version?: string }) => {
      answerAtFunctionUrl({ ...makeWorld().ports, ...deployed });
      await using opened = await openDoctor({ stack: 'Cloudtab' });
      return (await opened.examine()).map(({ code, what, fix }) => [code, what, fix]);
    };
    const own = version();
    expect(await findingsAt({ version: own })).toEqual([]);
    expect(await findingsAt({ version: '0.0.9' })).toEqual([
      [
        'place',
        `The deployment runs version 0.0.9 of cloudtab, and this command is version ${own}.`,
        'Deploy this version: npx cdk deploy',
      ],
    ]);
    expect(await findingsAt({})).toEqual([
      [
        'place',
        `The deployment runs an older version of cloudtab, and this command is version ${own}.`,
        'Deploy this version: npx cdk deploy',
      ],
    ]);
    expect(await findingsAt({ version: '0.10.0' })).toMatchObject([
      ['place', expect.anything(), 'Install the version of the deployment: npm install cloudtab@0.10.0'],
    ]);
    answerAtFunctionUrl(makeWorld().ports).instead = () =>
      new Response('{"Message":"Forbidden"}', { status: 403 });
    await using refused = await openDoctor({ stack: 'Cloudtab' });
    expect(await refused.examine()).toMatchObject([
      { code: 'not-checked', what: expect.stringMatching(/^The version could not be checked\. AWS refused/) },
    ]);
  });

  it('A repair resyncs and sweeps a deployment with the permissions of the caller', async () => {
    const logger = new MemoryLogger();
    await (await open()).maintenance.repair(logger);
    const removal = { code: 'timer-surplus', site: 'default', uid: 'a', plannedAt: '2096-10-02T07:06:40Z' };
    expect(logger.lines.map(({ fields }) => fields)).toEqual([removal, removal, { code: 'sweep-done' }]);
  });

  it('A repair accepts a cron whose runner only the deployment has', async () => {
    const Parameters = [
      {
        Name: '/cloudtab/default/crons/a',
        Value: '{"name": "theirs", "periodicity": "@daily"}',
        Version: 1,
        LastModifiedDate: new Date(0),
      },
    ];
    ssm
      .on(GetParametersByPathCommand)
      .resolves({ Parameters })
      .on(GetParameterCommand)
      .resolves({
        Parameter: { ...Parameters[0], Type: 'String' },
      });
    scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
    await (await open()).maintenance.repair(new MemoryLogger());
    expect(ssm.commandCalls(LabelParameterVersionCommand)).toEqual([]);
    const items = dynamo.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item);
    expect(items.find((item) => item?.sk === 'cron#a')).toMatchObject({ value: { name: 'theirs' } });
  });

  it('openStackTarget rejects a function of another application, and one whose configuration cannot be read', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves({});
    await expect(open()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('CLOUDTAB_ROOT'),
    });
    const cause = awsError('AccessDeniedException');
    lambda.on(GetFunctionConfigurationCommand).rejects(cause);
    await expect(open()).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringMatching(/^Cannot read the configuration of the function the RunFunctionName: /),
      cause,
    });
  });
});
