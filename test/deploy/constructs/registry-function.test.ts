import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { DeadLetterQueue } from '../../../lib/deploy/constructs/dead-letter-queue.ts';
import { RegistryFunction } from '../../../lib/deploy/constructs/registry-function.ts';
import { SECRET_DENIAL, SETUP_DENIALS } from './permissions.ts';
import {
  environmentOf,
  lambdaProps,
  logicalId,
  permissionsOf,
  smallStack,
  templateOf,
  unexplainedWildcards,
} from './small-stack.ts';

const stack = smallStack();
const deadLetters = new DeadLetterQueue(stack, 'DeadLetters');
const registry = new RegistryFunction(stack, 'Registry', { ...lambdaProps(stack), deadLetters });
const template = templateOf(stack);

it('The registry Lambda is invoked when a parameter is created, updated or deleted, but not when it is labelled', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: { name: [{ prefix: '/cloudtab/' }], operation: ['Create', 'Update', 'Delete'] },
    },
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [logicalId(registry), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [logicalId(deadLetters), 'Arn'] } },
      }),
    ],
  });
});

it('The registry Lambda sends events that it failed to handle to the dead-letter queue', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId(registry) },
    DestinationConfig: {
      OnFailure: { Destination: { 'Fn::GetAtt': [logicalId(deadLetters), 'Arn'] } },
    },
    MaximumRetryAttempts: 2,
  });
});

it('The registry Lambda has the environment that it reads', () => {
  expect(environmentOf(registry)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_LIMITS_ID: 'limits-1',
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it('The registry Lambda has exactly the permissions that it needs, with a reason for each wildcard', () => {
  expect(permissionsOf(registry.role)).toEqual([
    ...SETUP_DENIALS,
    SECRET_DENIAL,
    'dynamodb:GetItem <Table.Arn>',
    'dynamodb:PutItem <Table.Arn>',
    'events:PutEvents <Bus.Arn>',
    'logs:CreateLogStream <RegistryLogs.Arn>',
    'logs:PutLogEvents <RegistryLogs.Arn>',
    'sqs:GetQueueAttributes <DeadLetters.Arn>',
    'sqs:GetQueueUrl <DeadLetters.Arn>',
    'sqs:SendMessage <DeadLetters.Arn>',
    'ssm:GetParameter ssm:::parameter/cloudtab/*/crons/*',
    'ssm:GetParameter ssm:::parameter/cloudtab/*/crontab',
    'ssm:GetParameterHistory ssm:::parameter/cloudtab/*/crons/*',
    'ssm:GetParameterHistory ssm:::parameter/cloudtab/*/crontab',
    'ssm:LabelParameterVersion ssm:::parameter/cloudtab/*/crons/*',
    'ssm:LabelParameterVersion ssm:::parameter/cloudtab/*/crontab',
    'ssm:UnlabelParameterVersion ssm:::parameter/cloudtab/*/crons/*',
    'ssm:UnlabelParameterVersion ssm:::parameter/cloudtab/*/crontab',
  ]);
  expect(unexplainedWildcards(registry.role)).toEqual([]);
});
