import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dueShard } from '../../lib/aws/dynamo-items.ts';
import { DynamoStore } from '../../lib/aws/dynamo-store.ts';
import { CRON_DEFAULTS } from '../../lib/domain/cron.ts';
import { GRACE, type Job, newJob } from '../../lib/domain/job.ts';
import type { Projection } from '../../lib/ports/store.ts';
import { systemRandom } from '../../lib/system/random.ts';
import { storeContract } from '../contracts/store.ts';
import { awsError } from '../support/aws-error.ts';
import { BusyClock } from '../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';
import { sequenceRandom } from '../support/sequence-random.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const CRON = { site: 'site', uid: 'a' };
const PROJECTION = {
  modified: NOW,
  version: 1,
  value: { ...CRON_DEFAULTS, uid: 'a', name: 'heartbeat', periodicity: '@daily' },
} satisfies Projection<object>;

let dynalite: Dynalite;
let tables = 0;

beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

async function make() {
  tables += 1;
  const table = `cloudtab-${tables}`;
  await dynalite.createTable(table);
  const clock = new BusyClock(NOW);
  const store = new DynamoStore({ client: dynalite.client, table, clock, random: systemRandom });
  dynalite.calls.length = 0;
  return { store, table, close: async () => {} };
}

storeContract('DynamoStore', make);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function armed(uid = 'a'): Job {
  return { ...newJob('site', uid), armed: { at: NOW, timing: '@daily UTC' } };
}

describe('the calls of DynamoStore', () => {
  let store: DynamoStore;

  beforeEach(async () => {
    store = (await make()).store;
  });

  test.each<[string, string[], (store: DynamoStore) => Promise<unknown>]>([
    [
      'reading a cron with its job and its crontab is one',
      ['BatchGetItemCommand'],
      (s) => s.read('site', 'a'),
    ],
    ['reading a projection is one', ['GetItemCommand'], (s) => s.readProjection(CRON)],
    ['reading a site is one', ['QueryCommand'], (s) => s.readSite('site')],
    ['listing the sites is one', ['QueryCommand'], (s) => s.sites()],
    ['saving a job is one', ['PutItemCommand'], (s) => s.saveJob(armed())],
    [
      'a job that somebody else saved first is one',
      ['PutItemCommand'],
      (s) => s.saveJob({ ...armed(), revision: 2 }),
    ],
    ['removing a job is one', ['DeleteItemCommand'], (s) => s.removeJob(armed())],
    ['settling is one', ['UpdateItemCommand'], (s) => s.settle(CRON, { modified: NOW })],
    ['projecting is two', ['PutItemCommand', 'PutItemCommand'], (s) => s.project(CRON, PROJECTION, NOW)],
    ['what is overdue is one a shard', Array(8).fill('QueryCommand'), (s) => all(s.overdue(NOW))],
    ['what is armed is one a shard', Array(8).fill('QueryCommand'), (s) => all(s.armed())],
  ])('%s', async (_, calls, call) => {
    await call(store);
    expect(dynalite.calls).toEqual(calls);
  });

  test('a site of many crons is one call, and one more for each megabyte', async () => {
    for (let n = 0; n < 50; n++) await store.saveJob(armed(`cron-${n}`));
    dynalite.calls.length = 0;
    expect((await store.readSite('site')).crons).toHaveLength(50);
    expect(dynalite.calls).toEqual(['QueryCommand']);

    const messages = Array.from({ length: 20 }, () => 'x'.repeat(500));
    const logs = Array.from({ length: 25 }, (_, n) => ({
      id: String(n),
      at: NOW - n,
      date: NOW - n,
      status: 'WARN' as const,
      messages,
    }));
    for (let n = 0; n < 5; n++) await store.saveJob({ ...armed(`long-${n}`), logs });
    dynalite.calls.length = 0;
    expect((await store.readSite('site')).crons).toHaveLength(55);
    expect(dynalite.calls).toEqual(['QueryCommand', 'QueryCommand']);
  });
});

describe('what is in the table', () => {
  async function items(table: string) {
    const { Items = [] } = await dynalite.client.send(new ScanCommand({ TableName: table }));
    return new Map(Items.map((item) => [`${item.pk} ${item.sk}`, item]));
  }

  test('a removal is remembered for a day, and nothing else expires', async () => {
    const { store, table } = await make();
    await store.project(CRON, { modified: NOW, version: 1, removed: true }, NOW);
    await store.project({ site: 'site', uid: 'b' }, PROJECTION, NOW);
    await store.saveJob(armed());
    const found = await items(table);
    expect(found.get('site/a cron')?.expires).toBe(NOW / 1000 + 86_400);
    for (const key of ['site/b cron', 'site/a job', '/ site'])
      expect(found.get(key)).not.toHaveProperty('expires');

    await store.project(CRON, { ...PROJECTION, modified: NOW + 1 }, NOW);
    expect((await items(table)).get('site/a cron')).not.toHaveProperty('expires');
  });

  test('the index by due time holds what is unsettled or waits, and nothing else', async () => {
    const { store, table } = await make();
    await store.project(CRON, PROJECTION, NOW);
    await store.project({ site: 'site' }, PROJECTION, NOW);
    await store.settle({ site: 'site' }, { modified: NOW });
    await store.saveJob(armed());
    await store.saveJob(newJob('site', 'idle'));
    const shard = dueShard(CRON);
    const due: unknown[] = [];
    for (let n = 0; n < 8; n++) {
      const { Items = [] } = await dynalite.client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by-due',
          KeyConditionExpression: 'dueShard = :shard',
          ExpressionAttributeValues: { ':shard': n },
        }),
      );
      due.push(...Items);
    }
    const common = { pk: 'site/a', site: 'site', uid: 'a', dueShard: shard };
    expect(due).toEqual([
      { ...common, sk: 'cron', due: NOW + 60_000 },
      { ...common, sk: 'job', due: NOW + GRACE, armedAt: NOW },
    ]);
  });

  test('shards share the load', () => {
    const counts = Array(8).fill(0);
    for (let n = 0; n < 800; n++) counts[dueShard({ site: 'default', uid: `cron-${n}` })] += 1;
    for (const count of counts) expect(count).toBeGreaterThan(50);
  });

  test('a crontab and a cron that is called crontab are both named when both are overdue', async () => {
    // Sites are tried until both keys share a shard, where their names could be taken for one.
    const site = Array.from({ length: 100 }, (_, n) => `site-${n}`).find(
      (each) => dueShard({ site: each }) === dueShard({ site: each, uid: 'crontab' }),
    );
    if (site === undefined) throw new Error('no site was found whose keys share a shard');
    const { store } = await make();
    await store.project({ site }, PROJECTION, NOW);
    await store.project({ site, uid: 'crontab' }, PROJECTION, NOW);
    expect(await all(store.overdue(NOW + 120_000))).toHaveLength(2);
  });

  test('a cron that is overdue for itself and for its job is named once', async () => {
    const { store } = await make();
    await store.project(CRON, PROJECTION, NOW);
    await store.saveJob(armed());
    expect(await all(store.overdue(NOW + GRACE))).toEqual([CRON]);
  });
});

describe('when DynamoDB is under load or lost', () => {
  function mocked() {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
    const mock = mockClient(client);
    const clock = new BusyClock(NOW);
    const store = new DynamoStore({ client, table: 'table', clock, random: sequenceRandom('write') });
    return { store, mock, clock };
  }

  const keys = [
    { pk: 'site', sk: 'crontab' },
    { pk: 'site/a', sk: 'cron' },
    { pk: 'site/a', sk: 'job' },
  ];
  const job = {
    pk: 'site/a',
    sk: 'job',
    site: 'site',
    uid: 'a',
    revision: 1,
    job: '{"pending":[],"leases":[],"logs":[]}',
  };

  test('what it left out of a read is asked for again, after growing pauses', async () => {
    const { store, mock, clock } = mocked();
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ UnprocessedKeys: { table: { Keys: keys } } })
      .resolvesOnce({ Responses: { table: [] }, UnprocessedKeys: { table: { Keys: keys.slice(2) } } })
      .resolvesOnce({ Responses: { table: [job] }, UnprocessedKeys: {} });
    expect(await store.read('site', 'a')).toEqual({ job: { ...newJob('site', 'a'), revision: 1 } });
    expect(mock.calls().map((call) => call.args[0].input)).toEqual([
      { RequestItems: { table: { Keys: keys, ConsistentRead: true } } },
      { RequestItems: { table: { Keys: keys, ConsistentRead: true } } },
      { RequestItems: { table: { Keys: keys.slice(2), ConsistentRead: true } } },
    ]);
    expect(clock.pauses).toEqual([50, 100]);
  });

  test('a read that stays partial is given up', async () => {
    const { store, mock, clock } = mocked();
    mock.on(BatchGetCommand).resolves({ UnprocessedKeys: { table: { Keys: keys.slice(1) } } });
    await expect(store.read('site', 'a')).rejects.toThrow(
      'Cannot read site/a from the table table: DynamoDB left out 2 of 3 items 6 times. ' +
        'AWS asks for fewer calls: try again later.',
    );
    expect(clock.pauses).toEqual([50, 100, 200, 400, 800]);
  });

  test('a write that the SDK repeated because its answer got lost is known as our own', async () => {
    const { store, mock } = mocked();
    const ours = awsError('ConditionalCheckFailedException', '', { Item: { writer: { S: 'write-1' } } });
    mock.on(PutCommand).rejects(ours);
    expect(await store.saveJob(armed())).toEqual({ ...armed(), revision: 1 });
    // The next write has another signature, so the same item is somebody else's.
    expect(await store.saveJob(armed())).toBeUndefined();
    expect(mock.calls()[0]?.args[0].input).toMatchObject({
      Item: { writer: 'write-1' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test.each([
    ['read site/a from', (s: DynamoStore) => s.read('site', 'a')],
    ['read the projection of site/crontab from', (s: DynamoStore) => s.readProjection({ site: 'site' })],
    ['read the site site from', (s: DynamoStore) => s.readSite('site')],
    ['list the sites of', (s: DynamoStore) => s.sites()],
    ['note the site site in', (s: DynamoStore) => s.project(CRON, PROJECTION, NOW)],
    ['settle site/a in', (s: DynamoStore) => s.settle(CRON, { modified: NOW })],
    ['write the job of site/a to', (s: DynamoStore) => s.saveJob(armed())],
    ['remove the job of site/a from', (s: DynamoStore) => s.removeJob(armed())],
    ['read what is overdue from', (s: DynamoStore) => all(s.overdue(NOW))],
    ['read what is armed from', (s: DynamoStore) => all(s.armed())],
  ])('when it cannot %s the table, that is what the error says', async (what, call) => {
    const { store, mock } = mocked();
    mock.onAnyCommand().rejects(awsError('ResourceNotFoundException', 'no table'));
    await expect(call(store)).rejects.toThrow(
      `Cannot ${what} the table table: AWS answered ResourceNotFoundException: no table. ` +
        'Check that the deployment is whole, and that name and region are right.',
    );
  });
});
