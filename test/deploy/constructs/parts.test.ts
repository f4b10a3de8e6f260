/** The constructs without a Lambda, each in a stack of its own. cloudtab-stack.test.ts has those of the Lambdas. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { BY_DUE, BY_SITE, TABLE } from '../../../lib/adapters/aws/table.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { withDefaults } from '../../../lib/deploy/constructs/cloudtab-props.ts';
import { DeadLetters } from '../../../lib/deploy/constructs/dead-letters.ts';
import { StateTable } from '../../../lib/deploy/constructs/state-table.ts';
import { Timers } from '../../../lib/deploy/constructs/timers.ts';

describe('StateTable', () => {
  const stack = new Stack();
  new StateTable(stack, 'Table', { removalPolicy: RemovalPolicy.RETAIN });
  const template = Template.fromStack(stack);

  it('The table has the keys and indexes that DynamoStore uses', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: TABLE.partitionKey, KeyType: 'HASH' },
        { AttributeName: TABLE.sortKey, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: BY_SITE.name,
          KeySchema: [
            { AttributeName: BY_SITE.partitionKey, KeyType: 'HASH' },
            { AttributeName: BY_SITE.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: BY_DUE.name,
          KeySchema: [
            { AttributeName: BY_DUE.partitionKey, KeyType: 'HASH' },
            { AttributeName: BY_DUE.sortKey, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: BY_DUE.include },
        },
      ],
      AttributeDefinitions: Match.arrayWith([
        { AttributeName: BY_DUE.partitionKey, AttributeType: 'N' },
        { AttributeName: BY_DUE.sortKey, AttributeType: 'N' },
      ]),
    });
  });

  it('The table has point-in-time recovery and on-demand billing', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    });
  });

  it('The table is retained when its removal policy is RETAIN', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});

describe('Timers', () => {
  const stack = new Stack();
  new Timers(stack, 'Timers', { deadLetters: new DeadLetters(stack, 'DeadLetters') });
  const template = Template.fromStack(stack);
  const group = Object.keys(template.findResources('AWS::Scheduler::ScheduleGroup'))[0];

  it('The schedule group is deleted with the stack, and its timers with it', () => {
    template.hasResource('AWS::Scheduler::ScheduleGroup', {
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  it('The role of the timers can be assumed only by schedules of their group and account', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [group, 'Arn'] } },
            },
          },
        ],
      },
    });
  });
});

it('The dead-letter queue is encrypted, requires TLS and keeps messages for two weeks', () => {
  const stack = new Stack();
  new DeadLetters(stack, 'DeadLetters');
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SQS::Queue', {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: Duration.days(14).toSeconds(),
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ],
    },
  });
});

describe('withDefaults', () => {
  it('withDefaults retains data and allows no host, function or user by default', () => {
    const props = withDefaults({ root: undefined });
    expect(props).toMatchObject({
      root: 'cloudtab',
      sites: ['default'],
      timezone: 'UTC',
      allowedHosts: [],
      allowedFunctions: [],
      allowedUsers: [],
      alarmTopics: [],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    expect(props.sweepEvery.toMinutes()).toBe(5);
    expect(props.restoreEvery.toMinutes()).toBe(60);
  });

  it('withDefaults rejects invalid settings with all problems at once', () => {
    const props = {
      root: 'aws/x',
      sites: ['good', 'Not Good'],
      timezone: 'Europe/Atlantis',
      alarmTopics: ['ops'],
      sweepEvery: Duration.days(2),
    };
    expect(() => withDefaults(props)).toThrow(
      new ConfigurationError(
        'The deployment cannot be made. ' +
          'root: got "aws/x", wanted 1 to 64 letters, digits, dots, underscores and dashes, not beginning with aws or ssm. ' +
          'sites: got "Not Good", wanted 1 to 16 lower-case letters, digits and dashes each. ' +
          'timezone: got "Europe/Atlantis", wanted the IANA name of a time zone such as Europe/Paris. ' +
          'alarmTopics: got "ops", wanted the ARN of an SNS topic such as arn:aws:sns:eu-west-1:123456789012:ops. ' +
          'sweepEvery: got 2 days, wanted a day at most: what is lost waits for it.',
      ),
    );
  });
});
