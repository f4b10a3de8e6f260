import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { DeadLetterQueue } from '../../../lib/deploy/constructs/dead-letter-queue.ts';
import { acknowledgedBy, smallStack, templateOf } from './small-stack.ts';

const stack = smallStack();
const queue = new DeadLetterQueue(stack, 'DeadLetters');

it('The dead-letter queue is encrypted, requires TLS and keeps messages for two weeks', () => {
  const template = templateOf(stack);
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

it('The dead-letter queue gives cdk-nag the reason why it has no dead-letter queue of its own', () => {
  expect(acknowledgedBy(queue)).toEqual({
    'AwsSolutions-SQS3': 'This is the dead-letter queue of the deployment: it has none of its own.',
  });
});
