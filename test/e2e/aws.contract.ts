/**
 * The contract suites of the ports on the AWS adapters, against the emulator; test/adapters/aws runs them against fakes and
 * dynalite. Each subject has a unique name, so nothing has to be emptied.
 *
 * The story covers the deliveries of timers, which would take real minutes here.
 */
import { CreateEventBusCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand, DeleteScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterHistoryCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import {
  makeDynamo,
  makeEventBridge,
  makeLambda,
  makeScheduler,
  makeSsm,
} from '../../lib/adapters/aws/clients.ts';
import { DynamoStore } from '../../lib/adapters/aws/dynamo-store.ts';
import { EventBus } from '../../lib/adapters/aws/event-bus.ts';
import { ParameterRegistry } from '../../lib/adapters/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../lib/adapters/aws/scheduler-queue.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import { parameterName } from '../../lib/core/domain/names.ts';
import { eventsContract } from '../contracts/events.ts';
import { queueContract } from '../contracts/queue.ts';
import { registryContract } from '../contracts/registry.ts';
import { storeContract } from '../contracts/store.ts';
import { tableCommand } from '../support/dynalite.ts';
import { ACCOUNT, REGION } from './places.ts';

let subjects = 0;

function newName(): string {
  subjects += 1;
  return `contract-${subjects}`;
}

const dynamo = makeDynamo();

storeContract('DynamoStore', async (clock) => {
  const table = newName();
  await dynamo.send(tableCommand(table));
  const store = new DynamoStore({ client: dynamo, table, clock, retentionDays: 90 });
  return { store, close: async () => {} };
});

const parameters = makeSsm();

registryContract('ParameterRegistry', async () => {
  const root = newName();
  return {
    registry: new ParameterRegistry({ client: parameters, root, clock: systemClock }),
    async marked(key, version) {
      const history = new GetParameterHistoryCommand({ Name: parameterName(root, key) });
      try {
        const { Parameters = [] } = await parameters.send(history);
        return Parameters.some((each) => each.Version === version && each.Labels?.includes('rejected'));
      } catch (error) {
        if (error instanceof ParameterNotFound) return false;
        throw error;
      }
    },
    close: async () => {},
  };
});

const schedules = makeScheduler();

queueContract('SchedulerQueue', async () => {
  const group = newName();
  await schedules.send(new CreateScheduleGroupCommand({ Name: group }));
  const queue = new SchedulerQueue({
    scheduler: schedules,
    lambda: makeLambda(),
    clock: systemClock,
    group,
    functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:none`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/none`,
    deadLetterArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:none`,
  });
  return {
    queue,
    now: () => systemClock.now(),
    close: async () => {
      await schedules.send(new DeleteScheduleGroupCommand({ Name: group }));
    },
  };
});

const buses = makeEventBridge();
const queues = new SQSClient({});

eventsContract('EventBus', async () => {
  const bus = newName();
  await buses.send(new CreateEventBusCommand({ Name: bus }));
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: bus }));
  const EventPattern = JSON.stringify({ source: ['cloudtab'] });
  await buses.send(new PutRuleCommand({ Name: bus, EventBusName: bus, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${bus}` }];
  await buses.send(new PutTargetsCommand({ Rule: bus, EventBusName: bus, Targets }));
  const received: Event[] = [];
  return {
    events: new EventBus({ client: buses, bus, clock: systemClock }),
    async received(count) {
      for (;;) {
        // EventBridge delivers events one by one, so the first receive may not return all.
        const WaitTimeSeconds = received.length < count ? 1 : 0;
        const look = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 });
        const { Messages = [] } = await queues.send(look);
        if (Messages.length === 0) return received;
        for (const { Body = '', ReceiptHandle } of Messages) {
          const { 'detail-type': type, detail } = JSON.parse(Body);
          received.push({ type, detail });
          await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    close: async () => {},
  };
});
