import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { SqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { awsError } from '../support/aws-error.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => void sqs.reset());
const letters = new SqsDeadLetters(new SQSClient({ region: 'eu-west-1' }), 'https://queue');

it('counts what lies there', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '3' } });
  expect(await letters.count()).toBe(3);
  sqs.on(GetQueueAttributesCommand).resolves({});
  expect(await letters.count()).toBe(0);
});

it('takes out what lies there, and tells what it was about and why, in a line', async () => {
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
  const taken = await letters.take();
  expect(taken[0]).toBe('AccessDenied {"site":"default", "uid":"a"}');
  expect(taken[1]).toMatch(/^x{299}…$/);
  expect(taken[2]).toBe('');
  const deleted = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input.ReceiptHandle);
  expect(deleted).toEqual(['one', 'two', 'three']);
});

it('takes a hundred at most', async () => {
  const Messages = Array.from({ length: 10 }, (_, index) => ({ Body: 'x', ReceiptHandle: String(index) }));
  sqs.on(ReceiveMessageCommand).resolves({ Messages });
  expect(await letters.take()).toHaveLength(100);
});

it('says what it was not allowed to do', async () => {
  sqs.on(GetQueueAttributesCommand).rejects(awsError('AccessDenied'));
  sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: [{ Body: 'x', ReceiptHandle: 'one' }] });
  sqs.on(DeleteMessageCommand).rejects(awsError('AccessDenied'));
  await expect(letters.count()).rejects.toThrow(
    /^Cannot look at the dead-letter queue: AWS answered AccessDenied/,
  );
  await expect(letters.take()).rejects.toThrow(/^Cannot delete from the dead-letter queue: /);
});
