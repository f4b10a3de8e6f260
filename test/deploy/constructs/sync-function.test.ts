import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { RunFunction } from '../../../lib/deploy/constructs/run-function.ts';
import { SyncFunction } from '../../../lib/deploy/constructs/sync-function.ts';
import { PROJECT_PERMISSIONS, READ_PERMISSIONS, SECRET_DENIAL, SETUP_DENIALS } from './permissions.ts';
import {
  environmentOf,
  logicalId,
  permissionsOf,
  reasonsOf,
  runProps,
  smallStack,
  templateOf,
  unexplainedWildcards,
} from './small-stack.ts';

function syncFunction(heartbeat: boolean) {
  const stack = smallStack();
  const props = runProps(stack);
  const sync = new SyncFunction(stack, 'Sync', {
    ...props,
    run: new RunFunction(stack, 'Run', props),
    sweepEvery: Duration.minutes(5),
    resyncEvery: Duration.hours(1),
    heartbeat,
  });
  return { sync, deadLetters: props.deadLetters, template: templateOf(stack) };
}

const { sync, deadLetters, template } = syncFunction(false);

const toDeadLetters = {
  OnFailure: { Destination: { 'Fn::GetAtt': [logicalId(deadLetters), 'Arn'] } },
};

it('The sync Lambda reads definitions from the stream, with limited retries', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionName: { Ref: logicalId(sync) },
    FilterCriteria: {
      Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"modified":{"N":[{"exists":true}]}}}}' }],
    },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 5,
    MaximumRecordAgeInSeconds: 3600,
    DestinationConfig: toDeadLetters,
  });
});

it.each([
  ['sweep', 'rate(5 minutes)'],
  ['resync', 'rate(1 hour)'],
])('The sync Lambda is invoked for the task %s at %s', (task, ScheduleExpression) => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression,
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [logicalId(sync), 'Arn'] },
        Input: JSON.stringify({ task }),
      }),
    ],
  });
});

it('The sync Lambda sends tasks that it failed to handle to the dead-letter queue', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId(sync) },
    DestinationConfig: toDeadLetters,
    MaximumRetryAttempts: 1,
  });
});

it('The sync Lambda has the environment that it reads', () => {
  expect(environmentOf(sync)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TARGET_OPTION: '--stack Test --root cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_LIMITS_ID: 'limits-1',
    CLOUDTAB_GROUP_NAME: '<group>',
    CLOUDTAB_SCHEDULER_ROLE_ARN: '<TimersRole.Arn>',
    CLOUDTAB_DEAD_LETTER_QUEUE_ARN: '<DeadLetters.Arn>',
    CLOUDTAB_RUN_FUNCTION_ARN: '<Run.Arn>',
    CLOUDTAB_CRON_METRICS: 'false',
    CLOUDTAB_HEARTBEAT: 'false',
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it('The sync Lambda has exactly the permissions that it needs, with a reason for each wildcard', () => {
  expect(permissionsOf(sync.role)).toEqual(
    [
      ...READ_PERMISSIONS,
      ...SETUP_DENIALS,
      SECRET_DENIAL,
      ...PROJECT_PERMISSIONS,

      'iam:PassRole <TimersRole.Arn> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
      'lambda:InvokeFunction <Run.Arn>',
      'scheduler:CreateSchedule scheduler:::schedule/<group>/*',
      'scheduler:DeleteSchedule scheduler:::schedule/<group>/*',
      'scheduler:ListSchedules *',
      'ssm:GetParametersByPath ssm:::parameter/cloudtab',
      'ssm:GetParametersByPath ssm:::parameter/cloudtab/*',
      'dynamodb:DescribeStream <Table.StreamArn>',
      'dynamodb:GetRecords <Table.StreamArn>',
      'dynamodb:GetShardIterator <Table.StreamArn>',
      'dynamodb:ListStreams *',
      'logs:CreateLogStream <SyncLogs.Arn>',
      'logs:PutLogEvents <SyncLogs.Arn>',
      'sqs:GetQueueAttributes <DeadLetters.Arn>',
      'sqs:GetQueueUrl <DeadLetters.Arn>',
      'sqs:SendMessage <DeadLetters.Arn>',
    ].sort(),
  );
  expect(unexplainedWildcards(sync.role)).toEqual([]);
  expect(reasonsOf(sync.role)).toMatchObject({
    '*': 'An event source on a stream needs this action, which supports no resource.',
  });
});

it('With a heartbeat the sync Lambda may read and decrypt its URL, and no other secret', () => {
  const { sync: beating } = syncFunction(true);
  const before = permissionsOf(sync.role);
  const added = permissionsOf(beating.role).filter((line) => !before.includes(line));
  const [denial, ...allowed] = added;
  expect(allowed).toEqual(['ssm:GetParameter ssm:::parameter/cloudtab-secrets/_deployment/heartbeat']);
  expect(denial).toMatch(
    /^Deny kms:Decrypt \* if .*"StringLike":\{"kms:ViaService":"ssm\.\*"\}.*"StringNotEquals":\{"kms:EncryptionContext:PARAMETER_ARN":.*parameter\/cloudtab-secrets\/_deployment\/heartbeat/,
  );
  expect(permissionsOf(beating.role)).not.toContain(SECRET_DENIAL);
  expect(environmentOf(beating)).toMatchObject({ CLOUDTAB_HEARTBEAT: 'true' });
});
