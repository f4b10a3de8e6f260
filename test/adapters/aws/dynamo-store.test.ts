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
import { dueShard } from '../../../lib/adapters/aws/dynamo-items.ts';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { systemRandom } from '../../../lib/adapters/system-random.ts';
import { CRON_DEFAULTS } from '../../../lib/core/domain/cron.ts';
import { type Job, newJob } from '../../../lib/core/domain/job.ts';
import { GRACE_MS } from '../../../lib/core/domain/occurrence.ts';
import type { Projection } from '../../../lib/core/domain/projection.ts';
import { storeContract } from '../../contracts/store.ts';
import { awsError } from '../../support/aws-error.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';
import { sequenceRandom } from '../../support/sequence-random.ts';

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

function armed(uid = 'a'): Job {
  return { ...newJob('site', uid), armed: { plannedAt: NOW, timing: '@daily UTC' } };
}

describe('DynamoStore', () => {
  let store: DynamoStore;

  beforeEach(async () => {
    store = (await make()).store;
  });

  test.each<[string, string[], (store: DynamoStore) => Promise<unknown>]>([
    [
      'reads a cron with its job and its crontab in one call',
      ['BatchGetItemCommand'],
      (s) => s.read('site', 'a'),
    ],
    ['reads a projection in one call', ['GetItemCommand'], (s) => s.readProjection(CRON)],
    ['reads a site in one call', ['QueryCommand'], (s) => s.readSite('site')],
    ['lists the sites in one call', ['QueryCommand'], (s) => s.sites()],
    ['saves a job in one call', ['PutItemCommand'], (s) => s.saveJob(armed())],
    [
      'rejects a job with an outdated revision in one call',
      ['PutItemCommand'],
      (s) => s.saveJob({ ...armed(), revision: 2 }),
    ],
    ['removes a job in one call', ['DeleteItemCommand'], (s) => s.removeJob(armed())],
    ['settles a projection in one call', ['UpdateItemCommand'], (s) => s.settle(CRON, { modified: NOW })],
    [
      'writes a projection and its site in two calls',
      ['PutItemCommand', 'PutItemCommand'],
      (s) => s.putProjection(CRON, PROJECTION, NOW),
    ],
    [
      'lists overdue parameters in one call for each shard',
      Array(8).fill('QueryCommand'),
      (s) => Array.fromAsync(s.overdue(NOW)),
    ],
    [
      'lists armed occurrences in one call for each shard',
      Array(8).fill('QueryCommand'),
      (s) => Array.fromAsync(s.armed()),
    ],
  ])('DynamoStore %s', async (_, calls, call) => {
    await call(store);
    expect(dynalite.calls).toEqual(calls);
  });

  test('DynamoStore reads a site of many crons in one call for each megabyte', async () => {
    for (let n = 0; n < 50; n++) await store.saveJob(armed(`cron-${n}`));
    dynalite.calls.length = 0;
    expect((await store.readSite('site')).crons).toHaveLength(50);
    expect(dynalite.calls).toEqual(['QueryCommand']);

    const messages = Array.from({ length: 20 }, () => 'x'.repeat(500));
    const logs = Array.from({ length: 25 }, (_, n) => ({
      id: String(n),
      plannedAt: NOW - n,
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

describe('the table of DynamoStore', () => {
  async function items(table: string) {
    const { Items = [] } = await dynalite.client.send(new ScanCommand({ TableName: table }));
    return new Map(Items.map((item) => [`${item.pk} ${item.sk}`, item]));
  }

  test('The projection of a removed parameter expires after a day, and no other item expires', async () => {
    const { store, table } = await make();
    await store.putProjection(CRON, { modified: NOW, version: 1, removed: true }, NOW);
    await store.putProjection({ site: 'site', uid: 'b' }, PROJECTION, NOW);
    await store.saveJob(armed());
    const storedItems = await items(table);
    expect(storedItems.get('site/a cron')?.expires).toBe(NOW / 1000 + 86_400);
    for (const key of ['site/b cron', 'site/a job', '/ site'])
      expect(storedItems.get(key)).not.toHaveProperty('expires');

    await store.putProjection(CRON, { ...PROJECTION, modified: NOW + 1 }, NOW);
    expect((await items(table)).get('site/a cron')).not.toHaveProperty('expires');
  });

  test('The index by due time holds projections that are not settled and armed jobs, and no other item', async () => {
    const { store, table } = await make();
    await store.putProjection(CRON, PROJECTION, NOW);
    await store.putProjection({ site: 'site' }, PROJECTION, NOW);
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
      { ...common, sk: 'job', due: NOW + GRACE_MS, armedAt: NOW },
    ]);
  });

  test('The shards of the index by due time get about the same number of crons', () => {
    const counts = Array(8).fill(0);
    for (let n = 0; n < 800; n++) counts[dueShard({ site: 'default', uid: `cron-${n}` })] += 1;
    for (const count of counts) expect(count).toBeGreaterThan(50);
  });

  test('DynamoStore.overdue lists both a crontab and a cron with the uid crontab of the same site', async () => {
    // In one shard, the two keys could be mistaken for duplicates.
    const site = Array.from({ length: 100 }, (_, n) => `site-${n}`).find(
      (each) => dueShard({ site: each }) === dueShard({ site: each, uid: 'crontab' }),
    );
    if (site === undefined) throw new Error('no site has both keys in one shard');
    const { store } = await make();
    await store.putProjection({ site }, PROJECTION, NOW);
    await store.putProjection({ site, uid: 'crontab' }, PROJECTION, NOW);
    expect(await Array.fromAsync(store.overdue(NOW + 120_000))).toHaveLength(2);
  });

  test('DynamoStore.overdue lists a cron once when both its projection and its job are overdue', async () => {
    const { store } = await make();
    await store.putProjection(CRON, PROJECTION, NOW);
    await store.saveJob(armed());
    expect(await Array.fromAsync(store.overdue(NOW + GRACE_MS))).toEqual([CRON]);
  });
});

describe('DynamoStore, when DynamoDB fails', () => {
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

  test('DynamoStore.read requests the unprocessed keys again, with exponential backoff', async () => {
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

  test('DynamoStore.read gives up when keys stay unprocessed for six attempts', async () => {
    const { store, mock, clock } = mocked();
    mock.on(BatchGetCommand).resolves({ UnprocessedKeys: { table: { Keys: keys.slice(1) } } });
    await expect(store.read('site', 'a')).rejects.toThrow(
      'Cannot read site/a from the table table: DynamoDB left out 2 of 3 items 6 times. ' +
        'AWS asks for fewer calls: try again later.',
    );
    expect(clock.pauses).toEqual([50, 100, 200, 400, 800]);
  });

  test('DynamoStore.saveJob succeeds when the SDK repeated a write whose response was lost', async () => {
    const { store, mock } = mocked();
    const conflict = awsError('ConditionalCheckFailedException', '', { Item: { writer: { S: 'write-1' } } });
    mock.on(PutCommand).rejects(conflict);
    expect(await store.saveJob(armed())).toEqual({ ...armed(), revision: 1 });
    // The next write has another id, so the same item belongs to another writer.
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
    ['note the site site in', (s: DynamoStore) => s.putProjection(CRON, PROJECTION, NOW)],
    ['settle site/a in', (s: DynamoStore) => s.settle(CRON, { modified: NOW })],
    ['write the job of site/a to', (s: DynamoStore) => s.saveJob(armed())],
    ['remove the job of site/a from', (s: DynamoStore) => s.removeJob(armed())],
    ['read what is overdue from', (s: DynamoStore) => Array.fromAsync(s.overdue(NOW))],
    ['read what is armed from', (s: DynamoStore) => Array.fromAsync(s.armed())],
  ])('DynamoStore throws an UnavailableError when it cannot %s the table', async (task, call) => {
    const { store, mock } = mocked();
    const cause = awsError('ResourceNotFoundException', 'no table');
    mock.onAnyCommand().rejects(cause);
    await expect(call(store)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringContaining(`Cannot ${task} the table table: `),
      cause,
    });
  });
});
