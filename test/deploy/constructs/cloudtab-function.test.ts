import { Duration } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { CloudtabFunction } from '../../../lib/deploy/constructs/cloudtab-function.ts';
import { SECRET_DENIAL } from './permissions.ts';
import {
  environmentOf,
  lambdaProps,
  logicalId,
  permissionsOf,
  smallStack,
  templateOf,
} from './small-stack.ts';

const stack = smallStack();
const lambda = new CloudtabFunction(stack, 'Any', {
  ...lambdaProps(stack),
  description: 'any',
  environment: { NAME: 'value' },
  timeout: Duration.seconds(3),
});
const template = templateOf(stack);

it('A Lambda runs on Node 24 and ARM and writes JSON to its own log group', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 3,
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: logicalId(lambda.logGroup) } },
  });
});

it('A Lambda keeps its log for the retention, and its removal policy decides whether the log outlives the stack', () => {
  template.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete',
    Properties: { RetentionInDays: 7 },
  });
});

it('A Lambda has the variables of its environment, and resolves stack traces to its sources', () => {
  expect(environmentOf(lambda)).toEqual({ NAME: 'value', NODE_OPTIONS: '--enable-source-maps' });
});

it('The role of a Lambda may write its own log and publish events, and decrypts no secret', () => {
  expect(permissionsOf(lambda.role)).toEqual([
    SECRET_DENIAL,
    'events:PutEvents <Bus.Arn>',
    'logs:CreateLogStream <AnyLogs.Arn>',
    'logs:PutLogEvents <AnyLogs.Arn>',
  ]);
});

it('The role of a Lambda has no managed policy', () => {
  const { Properties } = template.findResources('AWS::IAM::Role')[logicalId(lambda.role)] ?? {};
  expect(Properties).toBeDefined();
  expect(Properties).not.toHaveProperty('ManagedPolicyArns');
});
