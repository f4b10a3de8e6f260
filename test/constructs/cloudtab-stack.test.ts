import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { OUTPUTS } from '../../lib/aws/outputs.ts';
import { CloudtabStack } from '../../lib/constructs/cloudtab-stack.ts';

const CHOICES = {
  allowedFunctions: ['report', 'export-*'],
  allowedUsers: ['cron-*', 'arn:aws:iam::123456789012:role/one'],
};

const app = new App();
const template = Template.fromStack(new CloudtabStack(app, 'Test', CHOICES));
const small = Template.fromStack(
  new CloudtabStack(new App(), 'Small', {
    root: 'other',
    sweepEvery: Duration.minutes(1),
    removalPolicy: RemovalPolicy.DESTROY,
  }),
);

const LAMBDAS = ['Registry', 'Run', 'Sync', 'Admin', 'Setup'] as const;
type Lambda = (typeof LAMBDAS)[number];

/** The logical id of the resource of that type whose id starts so. */
function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) =>
    new RegExp(`^${start}[0-9A-F]{8}`).test(id),
  );
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

const functionOf = (lambda: Lambda) => idOf('AWS::Lambda::Function', `Cloudtab${lambda}`);

describe('each Lambda', () => {
  it.each(LAMBDAS)(
    '%s runs on Node 24 and ARM, writes JSON lines into a log of its own, and keeps them',
    (lambda) => {
      const LogGroup = { Ref: idOf('AWS::Logs::LogGroup', `Cloudtab${lambda}Logs`) };
      expect(template.findResources('AWS::Lambda::Function')[functionOf(lambda)]?.Properties).toMatchObject({
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
    '%s leaves what it could not handle as a dead letter',
    (lambda) => {
      template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: functionOf(lambda) },
        DestinationConfig: {
          OnFailure: { Destination: Match.objectLike({ 'Fn::GetAtt': Match.anyValue() }) },
        },
        MaximumRetryAttempts: lambda === 'Sync' ? 1 : 2,
      });
    },
  );
});

describe('the registry Lambda', () => {
  it('hears of parameters that were made, edited or deleted, but not of labels', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: [{ prefix: '/cloudtab/' }], operation: ['Create', 'Update', 'Delete'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [functionOf('Registry'), 'Arn'] },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });
});

describe('the sync Lambda', () => {
  it('follows definitions in the stream, and gives up on none forever', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: functionOf('Sync') },
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
  ])('makes a %s at %s', (task, ScheduleExpression) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression,
      Targets: [Match.objectLike({ Input: JSON.stringify({ task }) })],
    });
  });
});

it('the run Lambda has all the time there is, and may deliver to itself', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Timeout: 900,
    RecursiveLoop: 'Allow',
    Description: Match.stringLikeRegexp('claims the run'),
  });
});

it('nothing reaches the admin Lambda without a signature', () => {
  template.resourceCountIs('AWS::Lambda::Url', 1);
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.allResourcesProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
});

describe('the setup Lambda', () => {
  it('runs when everything else stands', () => {
    const [trigger] = Object.values(template.findResources('Custom::Trigger'));
    expect(trigger?.DependsOn).toEqual(
      expect.arrayContaining([
        idOf('AWS::Events::Rule', 'CloudtabRegistryChanges'),
        idOf('AWS::IAM::Policy', 'CloudtabTimersRoleDefaultPolicy'),
        functionOf('Run'),
        functionOf('Setup'),
      ]),
    );
  });

  it('runs again when another Lambda is told something else', () => {
    const versionOf = (from: Template) =>
      Object.keys(from.findResources('AWS::Lambda::Version')).find((id) => id.startsWith('CloudtabSetup'));
    const again = Template.fromStack(new CloudtabStack(new App(), 'Test', CHOICES));
    const other = Template.fromStack(
      new CloudtabStack(new App(), 'Test', { ...CHOICES, runMemorySize: 1024 }),
    );
    const more = Template.fromStack(
      new CloudtabStack(new App(), 'Test', { ...CHOICES, allowedHosts: ['a.example'] }),
    );
    expect(versionOf(again)).toBe(versionOf(template));
    expect(versionOf(other)).toBe(versionOf(template));
    expect(versionOf(more)).not.toBe(versionOf(template));
  });
});

describe('choices', () => {
  it('reach the parts that they are about', () => {
    small.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
    small.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ name: [{ prefix: '/other/' }] }) }),
    });
    small.hasOutput(OUTPUTS.root, { Value: 'other' });
  });

  it('decide whether table and logs go with the stack', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) {
      small.allResources(type, { DeletionPolicy: 'Delete' });
      template.allResources(type, { DeletionPolicy: 'Retain' });
    }
  });
});

it('the stack makes no parameter, so that destroying it removes none', () => {
  template.resourceCountIs('AWS::SSM::Parameter', 0);
});

it('the stack tells everything that the command asks for', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(Object.values(OUTPUTS).sort());
});

it('cdk-nag finds nothing that is not acknowledged with a reason', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});
