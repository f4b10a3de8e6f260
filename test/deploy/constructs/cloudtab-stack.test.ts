import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { LambdaName } from '../../../lib/adapters/aws/environment.ts';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
import { TRIGGERS } from '../../../lib/adapters/aws/triggers.ts';
import { CloudtabStack } from '../../../lib/deploy/constructs/cloudtab-stack.ts';

const PROPS = {
  allowedFunctions: ['report', 'export-*'],
  allowedUsers: ['cron-*', 'arn:aws:iam::123456789012:role/one'],
};

const app = new App();
const template = Template.fromStack(new CloudtabStack(app, 'Test', PROPS));
const small = Template.fromStack(
  new CloudtabStack(new App(), 'Small', {
    root: 'other',
    sweepEvery: Duration.minutes(1),
    removalPolicy: RemovalPolicy.DESTROY,
  }),
);

const LAMBDAS = ['Registry', 'Run', 'Sync', 'Admin', 'Setup'] as const;
type Lambda = (typeof LAMBDAS)[number];

/** The logical id of the resource of that type whose id starts with `start`. */
function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) =>
    new RegExp(`^${start}[0-9A-F]{8}`).test(id),
  );
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

const functionId = (lambda: Lambda) => idOf('AWS::Lambda::Function', `Cloudtab${lambda}`);

describe('the Lambdas', () => {
  it.each(LAMBDAS)(
    'The %s Lambda runs on Node 24 and ARM and writes JSON to its own log group, which is retained',
    (lambda) => {
      const LogGroup = { Ref: idOf('AWS::Logs::LogGroup', `Cloudtab${lambda}Logs`) };
      expect(template.findResources('AWS::Lambda::Function')[functionId(lambda)]?.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup },
      });
      expect(template.findResources('AWS::Logs::LogGroup')[LogGroup.Ref]).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: { RetentionInDays: 90 },
      });
    },
  );

  it.each(['Registry', 'Run', 'Sync'] as const)(
    'The %s Lambda sends events that it failed to handle to the dead-letter queue',
    (lambda) => {
      template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: functionId(lambda) },
        DestinationConfig: {
          OnFailure: { Destination: Match.objectLike({ 'Fn::GetAtt': Match.anyValue() }) },
        },
        MaximumRetryAttempts: lambda === 'Sync' ? 1 : 2,
      });
    },
  );
});

describe('the registry Lambda', () => {
  it('The registry Lambda is invoked when a parameter is created, updated or deleted, but not when it is labelled', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: [{ prefix: '/cloudtab/' }], operation: ['Create', 'Update', 'Delete'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [functionId('Registry'), 'Arn'] },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });
});

describe('the sync Lambda', () => {
  it('The sync Lambda reads definitions from the stream, with limited retries', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: functionId('Sync') },
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":["cron","crontab"]}}}}' }] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it.each([
    ['sweep', 'rate(5 minutes)'],
    ['restore', 'rate(1 hour)'],
  ])('The sync Lambda is invoked for the task %s at %s', (task, ScheduleExpression) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression,
      Targets: [Match.objectLike({ Input: JSON.stringify({ task }) })],
    });
  });
});

it.each(LAMBDAS)('The %s Lambda has the triggers that the doctor looks for', (lambda) => {
  const { rules, eventSourceMappings } = TRIGGERS[lambda.toLowerCase() as LambdaName];
  const id = functionId(lambda);
  const Targets = [Match.objectLike({ Arn: { 'Fn::GetAtt': [id, 'Arn'] } })];
  template.resourcePropertiesCountIs('AWS::Events::Rule', { Targets }, rules.length);
  template.resourcePropertiesCountIs(
    'AWS::Lambda::EventSourceMapping',
    { FunctionName: { Ref: id } },
    eventSourceMappings,
  );
});

it('The run Lambda has the maximal timeout and may invoke itself', () => {
  expect(template.findResources('AWS::Lambda::Function')[functionId('Run')]?.Properties).toMatchObject({
    Timeout: 900,
    RecursiveLoop: 'Allow',
  });
});

it('The function URL of the admin Lambda requires a signature', () => {
  template.resourceCountIs('AWS::Lambda::Url', 1);
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.allResourcesProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
});

describe('the setup Lambda', () => {
  it('The setup Lambda runs after the rules, roles and other Lambdas are created', () => {
    const [trigger] = Object.values(template.findResources('Custom::Trigger'));
    expect(trigger?.DependsOn).toEqual(
      expect.arrayContaining([
        idOf('AWS::Events::Rule', 'CloudtabRegistryChanges'),
        idOf('AWS::IAM::Policy', 'CloudtabTimersRoleDefaultPolicy'),
        functionId('Run'),
        functionId('Setup'),
      ]),
    );
  });

  it('The setup Lambda runs again when the environment of a Lambda changes', () => {
    const versionOf = (from: Template) =>
      Object.keys(from.findResources('AWS::Lambda::Version')).find((id) => id.startsWith('CloudtabSetup'));
    const again = Template.fromStack(new CloudtabStack(new App(), 'Test', PROPS));
    const withMoreMemory = Template.fromStack(
      new CloudtabStack(new App(), 'Test', { ...PROPS, runMemorySize: 1024 }),
    );
    const withHosts = Template.fromStack(
      new CloudtabStack(new App(), 'Test', { ...PROPS, allowedHosts: ['a.example'] }),
    );
    expect(versionOf(again)).toBe(versionOf(template));
    expect(versionOf(withMoreMemory)).toBe(versionOf(template));
    expect(versionOf(withHosts)).not.toBe(versionOf(template));
  });
});

describe('the props of CloudtabStack', () => {
  it('The props reach the resources that they configure', () => {
    small.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
    small.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ name: [{ prefix: '/other/' }] }) }),
    });
    small.hasOutput(OUTPUTS.root, { Value: 'other' });
  });

  it('The removal policy decides whether the table and the logs are deleted with the stack', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) {
      small.allResources(type, { DeletionPolicy: 'Delete' });
      template.allResources(type, { DeletionPolicy: 'Retain' });
    }
  });
});

it('The stack contains no parameter, so that its destruction deletes none', () => {
  template.resourceCountIs('AWS::SSM::Parameter', 0);
});

it('The stack has every output that the command reads', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(Object.values(OUTPUTS).sort());
});

it('cdk-nag finds no violation that is not acknowledged with a reason', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});
