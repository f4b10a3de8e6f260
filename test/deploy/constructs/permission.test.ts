import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { allow } from '../../../lib/deploy/constructs/permission.ts';
import { acknowledgedBy, logicalId, permissionsOf, smallStack } from './small-stack.ts';

const stack = smallStack();
const queue = new Queue(stack, 'Queue');
const newRole = (id: string) =>
  new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

it('allow gives a role each action on each resource, under the conditions', () => {
  const role = newRole('Conditional');
  allow(role, {
    actions: ['a:One', 'a:Other'],
    resources: [queue.queueArn, 'arn:aws:a:::b'],
    conditions: { StringEquals: { 'a:Key': 'c' } },
  });
  const condition = ' if {"StringEquals":{"a:Key":"c"}}';
  expect(permissionsOf(role)).toEqual([
    `a:One <Queue.Arn>${condition}`,
    `a:One arn:aws:a:::b${condition}`,
    `a:Other <Queue.Arn>${condition}`,
    `a:Other arn:aws:a:::b${condition}`,
  ]);
  expect(acknowledgedBy(role)).toEqual({});
});

it('allow acknowledges each resource with a wildcard in the notation of cdk-nag, with the reason', () => {
  const role = newRole('Wild');
  allow(role, {
    actions: ['a:One'],
    resources: [queue.queueArn, `${queue.queueArn}/*`, `${queue.queueUrl}/*`, 'arn:aws:a:::*'],
    wildcard: 'Because.',
  });
  const id = logicalId(queue);
  expect(acknowledgedBy(role)).toEqual({
    [`AwsSolutions-IAM5[Resource::<${id}.Arn>/*]`]: 'Because.',
    [`AwsSolutions-IAM5[Resource::<${id}>/*]`]: 'Because.',
    'AwsSolutions-IAM5[Resource::arn:aws:a:::*]': 'Because.',
  });
});
