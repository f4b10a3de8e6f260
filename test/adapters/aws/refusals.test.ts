/** The AWS adapters when AWS throttles their calls and the SDK has used up its retries. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { EventBus } from '../../../lib/adapters/aws/event-bus.ts';
import { ParameterRegistry } from '../../../lib/adapters/aws/parameter-registry.ts';
import { SchedulerQueue } from '../../../lib/adapters/aws/scheduler-queue.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import { refusalContract } from '../../contracts/refusal.ts';
import { recordOf } from '../../contracts/store-subjects.ts';
import { awsError } from '../../support/aws-error.ts';
import { startDynalite } from '../../support/dynalite.ts';
import { FakeScheduler } from '../../support/fake-scheduler.ts';
import { FakeSsm } from '../../support/fake-ssm.ts';
import { NOON } from '../../support/jobs.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const KEY = { site: 'site', uid: 'a' };
const TIMER = { ...KEY, plannedAt: NOON };
const throttled = () => Promise.reject(awsError('ThrottlingException', 'Rate exceeded'));

/** The client, and functions that make its calls fail and succeed. */
function refusing<Client extends { send: unknown }>(client: Client) {
  let refuses = false;
  const proxy = new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return name === 'send' && refuses ? throttled : value.bind(target);
    },
  });
  return {
    proxy,
    refuse: () => {
      refuses = true;
    },
    answer: () => {
      refuses = false;
    },
  };
}

refusalContract('ParameterRegistry', ['read', 'list', 'write', 'remove', 'history'], async () => {
  const { proxy, ...medium } = refusing<SSMClient>(new FakeSsm().client);
  const registry = new ParameterRegistry({ client: proxy, root: 'cloudtab', clock: new VirtualClock(NOON) });
  return {
    ...medium,
    calls: {
      read: () => registry.read(KEY),
      list: () => Array.fromAsync(registry.list()),
      write: () => registry.write(KEY, '{}'),
      remove: () => registry.remove(KEY),
      history: () => registry.history(KEY),
    },
    close: async () => {},
  };
});

const STORE_CALLS = [
  'read',
  'readJob',
  'readProjection',
  'readSite',
  'sites',
  'putProjection',
  'commit',
  'commitRecord',
  'records',
  'readRecord',
  'activity',
  'attention',
  'deleteRecords',
];

refusalContract('DynamoStore', STORE_CALLS, async () => {
  const dynalite = await startDynalite();
  await dynalite.createTable('table');
  const { proxy, ...medium } = refusing<DynamoDBDocumentClient>(dynalite.client);
  const store = new DynamoStore({
    client: proxy,
    table: 'table',
    clock: new VirtualClock(NOON),
    retentionDays: 90,
  });
  const job = { ...newJob('site', 'a'), token: 'one' };
  return {
    ...medium,
    calls: {
      read: () => store.read('site', 'a'),
      readJob: () => store.readJob('site', 'a'),
      readProjection: () => store.readProjection(KEY),
      readSite: () => store.readSite('site'),
      sites: () => store.sites(),
      putProjection: () => store.putProjection(KEY, { modified: NOON, version: 1 }),
      commit: () => store.commit(job, undefined, []),
      commitRecord: () => store.commit(job, undefined, [recordOf(NOON)]),
      records: () => store.records('site', 'a', { limit: 1 }),
      readRecord: () => store.readRecord('site', 'a', '1'),
      activity: () => store.activity('site', { limit: 1 }),
      attention: () => store.attention({ limit: 1 }),
      deleteRecords: () => store.deleteRecords('site', 'a', ['1']),
    },
    close: () => dynalite.close(),
  };
});

refusalContract('SchedulerQueue', ['arm', 'disarm', 'timers', 'deliver'], async () => {
  const clock = new VirtualClock(NOON - 60_000);
  const fake = new FakeScheduler(() => clock.now());
  const scheduler = refusing<SchedulerClient>(fake.scheduler);
  const lambda = refusing<LambdaClient>(fake.lambda);
  const queue = new SchedulerQueue({
    scheduler: scheduler.proxy,
    lambda: lambda.proxy,
    clock,
    group: 'timers',
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:run',
    roleArn: 'arn:aws:iam::123456789012:role/scheduler',
    deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead-letters',
  });
  return {
    calls: {
      arm: () => queue.arm(TIMER),
      disarm: () => queue.disarm(TIMER),
      timers: () => Array.fromAsync(queue.timers()),
      deliver: () => queue.deliver(TIMER),
    },
    refuse: () => {
      scheduler.refuse();
      lambda.refuse();
    },
    answer: () => {
      scheduler.answer();
      lambda.answer();
    },
    close: async () => {},
  };
});

refusalContract('EventBus', ['publish'], async () => {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  mockClient(client)
    .onAnyCommand()
    .resolves({ FailedEntryCount: 0, Entries: [{}] });
  const { proxy, ...medium } = refusing(client);
  const events = new EventBus({ client: proxy, bus: 'bus', clock: new VirtualClock(NOON) });
  return {
    ...medium,
    calls: { publish: () => events.publish({ type: 'ServerRestart', detail: { sites: [] } }) },
    close: async () => {},
  };
});
