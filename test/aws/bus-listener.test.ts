import { setImmediate as turn } from 'node:timers/promises';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import { listenToBus } from '../../lib/aws/bus-listener.ts';
import type { Event } from '../../lib/ports/events.ts';
import { awsError } from '../support/aws-error.ts';
import { BusyClock } from '../support/busy-clock.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

const events = mockClient(EventBridgeClient);
const sqs = mockClient(SQSClient);
const NAME = 'cloudtab-listener-1';
const SAVED: Event = { type: 'ModifiedCrontab', detail: { site: 'default', version: 2, change: 'saved' } };
const RESTART: Event = { type: 'ServerRestart', detail: { sites: ['default'] } };

let log: MemoryLogger;
let heard: Event[];

beforeEach(() => {
  events.reset();
  sqs.reset();
  log = new MemoryLogger();
  heard = [];
  sqs.on(CreateQueueCommand).resolves({ QueueUrl: 'https://queue' });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn:queue' } });
  events.on(PutRuleCommand).resolves({ RuleArn: 'arn:rule' });
});

/** Answers of the queue, one after the other; then it answers that nothing came. */
function receives(...answers: (object | Error)[]): void {
  sqs.on(ReceiveMessageCommand).callsFake(async () => {
    await turn();
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

function message({ type, detail }: Event, ReceiptHandle: string) {
  return { Body: JSON.stringify({ source: 'cloudtab', 'detail-type': type, detail }), ReceiptHandle };
}

const listen = () =>
  listenToBus(
    {
      events: new EventBridgeClient({}),
      sqs: new SQSClient({}),
      bus: 'bus',
      clock: new BusyClock(0),
      random: { id: () => '1' },
      log,
    },
    async (event) => void heard.push(event),
  );

it('what the bus tells is heard, through a queue that this rule alone may fill', async () => {
  receives(
    { Messages: [message(RESTART, 'a'), message(SAVED, 'b')] },
    {},
    { Messages: [message(RESTART, 'c')] },
  );
  const close = await listen();
  await vi.waitFor(() => expect(heard).toEqual([RESTART, SAVED, RESTART]));
  await close();
  const handles = sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle);
  expect(handles).toEqual(['a', 'b', 'c']);
  expect(sqs.commandCalls(CreateQueueCommand)[0]?.args[0].input).toEqual({
    QueueName: NAME,
    Attributes: { MessageRetentionPeriod: '3600' },
  });
  expect(events.commandCalls(PutRuleCommand)[0]?.args[0].input).toMatchObject({
    Name: NAME,
    EventBusName: 'bus',
    EventPattern: '{"source":["cloudtab"]}',
  });
  const [policy] = sqs.commandCalls(SetQueueAttributesCommand);
  expect(JSON.parse(policy?.args[0].input.Attributes?.Policy ?? '').Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: 'arn:queue',
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule' } },
    },
  ]);
  expect(events.commandCalls(PutTargetsCommand)[0]?.args[0].input).toEqual({
    EventBusName: 'bus',
    Rule: NAME,
    Targets: [{ Id: 'listener', Arn: 'arn:queue' }],
  });
});

it('nothing is left when it is closed', async () => {
  receives();
  await (await listen())();
  expect(sqs.commandCalls(DeleteQueueCommand)[0]?.args[0].input).toEqual({ QueueUrl: 'https://queue' });
  expect(events.commandCalls(RemoveTargetsCommand)[0]?.args[0].input).toEqual({
    EventBusName: 'bus',
    Rule: NAME,
    Ids: ['listener'],
  });
  expect(events.commandCalls(DeleteRuleCommand)[0]?.args[0].input).toEqual({
    EventBusName: 'bus',
    Name: NAME,
  });
});

it('a queue that does not answer is asked again after a pause, and a line says so', async () => {
  receives(awsError('InternalError', 'no'), { Messages: [message(RESTART, 'a')] });
  const close = await listen();
  await vi.waitFor(() => expect(heard).toEqual([RESTART]));
  expect(log.messages('warn')).toEqual(['Cannot hear what the bus tells: InternalError: no']);
  await close();
});

it('waiting for an answer ends when it is closed', async () => {
  const waiting = Promise.withResolvers<object>();
  sqs.on(ReceiveMessageCommand).callsFake(() => waiting.promise);
  const close = await listen();
  const closed = close();
  waiting.reject(awsError('AbortError'));
  await closed;
  expect(log.messages('warn')).toEqual([]);
});

it('what is gone already when it is closed is fine, and what cannot be taken away is an error', async () => {
  receives();
  events.on(RemoveTargetsCommand).rejects(awsError('ResourceNotFoundException'));
  sqs.on(DeleteQueueCommand).rejects(awsError('QueueDoesNotExist'));
  await (await listen())();
  events.on(DeleteRuleCommand).rejects(awsError('AccessDeniedException', 'no'));
  await expect((await listen())()).rejects.toThrow(
    `Cannot take away the rule and the queue ${NAME}: AWS answered AccessDeniedException: no.`,
  );
});

it('what cannot be made is an error that says so, and leaves nothing behind', async () => {
  events.on(PutRuleCommand).rejects(awsError('AccessDeniedException', 'no'));
  await expect(listen()).rejects.toThrow(
    'Cannot listen to the bus bus: AWS answered AccessDeniedException: no.',
  );
  expect(sqs.commandCalls(DeleteQueueCommand)).toHaveLength(1);
  events.on(DeleteRuleCommand).rejects(awsError('AccessDeniedException', 'also no'));
  sqs.on(CreateQueueCommand).rejects(awsError('InternalError', 'no queue'));
  await expect(listen()).rejects.toThrow(
    'Cannot listen to the bus bus: AWS answered InternalError: no queue.',
  );
});
