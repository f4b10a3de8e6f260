import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { SqsDeadLetters } from '../../../lib/adapters/aws/sqs-dead-letters.ts';
import { awsError } from '../../support/aws-error.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => void sqs.reset());
const deadLetters = new SqsDeadLetters(new SQSClient({ region: 'eu-west-1' }), 'https://queue');

it('SqsDeadLetters.count returns the number of messages in the queue', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '3' } });
  expect(await deadLetters.count()).toBe(3);
  sqs.on(GetQueueAttributesCommand).resolves({});
  expect(await deadLetters.count()).toBe(0);
});

it('SqsDeadLetters.take deletes the messages and returns the error and the body of each as one line', async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({
      Messages: [
        {
          Body: '{"site":"default",\n "uid":"a"}',
          ReceiptHandle: 'one',
          MessageAttributes: {
            ERROR_CODE: { DataType: 'String', StringValue: 'AccessDenied' },
            ERROR_MESSAGE: { DataType: 'String' },
            SCHEDULE_ARN: { DataType: 'String', StringValue: 'arn' },
          },
        },
        { Body: 'x'.repeat(400), ReceiptHandle: 'two' },
        { ReceiptHandle: 'three' },
      ],
    })
    .resolves({});
  const lines = await deadLetters.take();
  expect(lines[0]).toBe('AccessDenied {"site":"default", "uid":"a"}');
  expect(lines[1]).toMatch(/^x{299}…$/);
  expect(lines[2]).toBe('');
  const deleted = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input.ReceiptHandle);
  expect(deleted).toEqual(['one', 'two', 'three']);
});

it('SqsDeadLetters.take returns at most a hundred messages', async () => {
  const Messages = Array.from({ length: 10 }, (_, index) => ({ Body: 'x', ReceiptHandle: String(index) }));
  sqs.on(ReceiveMessageCommand).resolves({ Messages });
  expect(await deadLetters.take()).toHaveLength(100);
});

it('SqsDeadLetters throws an UnavailableError that names the denied action', async () => {
  const cause = awsError('AccessDenied');
  sqs.on(GetQueueAttributesCommand).rejects(cause);
  sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: [{ Body: 'x', ReceiptHandle: 'one' }] });
  sqs.on(DeleteMessageCommand).rejects(cause);
  await expect(deadLetters.count()).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot count the messages of the dead-letter queue: /),
    cause,
  });
  await expect(deadLetters.take()).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot delete a message of the dead-letter queue: /),
    cause,
  });
});
