import { expect, it } from 'vitest';
import { RunFunction } from '../../../lib/deploy/constructs/run-function.ts';
import { SETUP_DENIALS } from './permissions.ts';
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

const stack = smallStack();
const props = runProps(stack);
const { timers, deadLetters } = props;
const run = new RunFunction(stack, 'Run', {
  ...props,
  limits: {
    '*': { allowedFunctions: ['report'], allowCommands: true },
    shop: { allowedFunctions: ['export-*', 'report'], allowedUsers: ['cron-*'] },
    payroll: {
      allowedUsers: ['arn:aws:iam::123456789012:role/one'],
      allowedFunctions: ['arn:aws:lambda:eu-west-1:123456789012:function:tax'],
    },
  },
  concurrency: 7,
});
const template = templateOf(stack);

it('The run Lambda has the maximal timeout and may invoke itself', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    ReservedConcurrentExecutions: 7,
    Timeout: 900,
    RecursiveLoop: 'Allow',
  });
});

it('The run Lambda sends deliveries that it failed to handle to the dead-letter queue', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId(run) },
    DestinationConfig: {
      OnFailure: { Destination: { 'Fn::GetAtt': [logicalId(deadLetters), 'Arn'] } },
    },
    MaximumRetryAttempts: 2,
  });
});

it('The run Lambda has the environment that it reads', () => {
  expect(environmentOf(run)).toEqual({
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
    CLOUDTAB_SWEEP_EVERY_SECONDS: '300',
    CLOUDTAB_CRON_METRICS: 'false',
    CLOUDTAB_CODE_VERSION: 'code-1',
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it('The run Lambda has exactly the permissions that it needs, with a reason for each wildcard', () => {
  expect(permissionsOf(run.role)).toEqual([
    ...SETUP_DENIALS,
    'dynamodb:BatchGetItem <Table.Arn>',
    'dynamodb:GetItem <Table.Arn>',
    'dynamodb:PutItem <Table.Arn>',
    'events:PutEvents <Bus.Arn>',
    'iam:PassRole <TimersRole.Arn> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
    'lambda:InvokeFunction <Run.Arn>',
    'lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:tax',
    'lambda:InvokeFunction lambda:::function:export-*',
    'lambda:InvokeFunction lambda:::function:report',
    'logs:CreateLogStream <RunLogs.Arn>',
    'logs:PutLogEvents <RunLogs.Arn>',
    'scheduler:CreateSchedule scheduler:::schedule/<group>/*',
    'scheduler:DeleteSchedule scheduler:::schedule/<group>/*',
    'sqs:GetQueueAttributes <DeadLetters.Arn>',
    'sqs:GetQueueUrl <DeadLetters.Arn>',
    'sqs:SendMessage <DeadLetters.Arn>',
    'ssm:GetParameter ssm:::parameter/cloudtab-secrets/*',
    'sts:AssumeRole arn:aws:iam::123456789012:role/one',
    'sts:AssumeRole iam:::role/cron-*',
    'sts:TagSession arn:aws:iam::123456789012:role/one',
    'sts:TagSession iam:::role/cron-*',
  ]);
  expect(unexplainedWildcards(run.role)).toEqual([]);
  expect(reasonsOf(run.role)).toMatchObject({
    'lambda:::function:export-*': 'The deployment itself chose this prefix of names.',
    'iam:::role/cron-*': 'The deployment itself chose this prefix of names.',
  });
});

it('The timers may invoke the run Lambda and send dead letters, and nothing else', () => {
  expect(permissionsOf(timers.role)).toEqual([
    'lambda:InvokeFunction <Run.Arn>',
    'sqs:SendMessage <DeadLetters.Arn>',
  ]);
});
