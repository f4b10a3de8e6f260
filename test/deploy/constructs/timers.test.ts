import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import {
  logicalId,
  permissionsOf,
  reasonsOf,
  smallStack,
  templateOf,
  timersWithDeadLetters,
} from './small-stack.ts';

const stack = smallStack();
const { timers, deadLetters } = timersWithDeadLetters(stack);
const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
timers.grantArm(role);
const repairing = new Role(stack, 'Repairing', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
timers.grantRepair(repairing);
timers.addTarget(Lambda.fromFunctionArn(stack, 'Run', 'arn:aws:lambda:eu-west-1:123456789012:function:run'));
const template = templateOf(stack);

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
            ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [logicalId(timers.group), 'Arn'] } },
          },
        },
      ],
    },
  });
});

it('The role of the timers may invoke the target and send dead letters, and nothing else', () => {
  expect(permissionsOf(timers.role)).toEqual([
    'lambda:InvokeFunction arn:aws:lambda:eu-west-1:123456789012:function:run',
    'sqs:SendMessage <DeadLetters.Arn>',
  ]);
});

const ARM = [
  'iam:PassRole <TimersRole.Arn> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
  'scheduler:CreateSchedule scheduler:::schedule/<group>/*',
  'scheduler:DeleteSchedule scheduler:::schedule/<group>/*',
];

it('grantArm lets a role create and delete timers, and pass the role of the timers to the scheduler alone', () => {
  expect(permissionsOf(role)).toEqual(ARM);
});

it('grantRepair lets a role also list timers', () => {
  expect(permissionsOf(repairing)).toEqual([...ARM, 'scheduler:ListSchedules *']);
  expect(reasonsOf(repairing)).toEqual({
    'scheduler:::schedule/<group>/*':
      'Each planned time has a timer of its own name; all are in the group of this deployment.',
    '*': 'This action supports no resource.',
  });
});

it('The environment of the timers names their group, their role and the dead-letter queue', () => {
  expect(stack.resolve(timers.environment)).toEqual({
    groupName: expect.stringMatching(/^Test-Timers-Group2-/),
    schedulerRoleArn: { 'Fn::GetAtt': [logicalId(timers.role), 'Arn'] },
    deadLetterQueueArn: { 'Fn::GetAtt': [logicalId(deadLetters), 'Arn'] },
  });
});
