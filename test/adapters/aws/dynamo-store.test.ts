import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DynamoStore, requireFormat } from '../../../lib/adapters/aws/dynamo-store.ts';
import { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import type { Clock } from '../../../lib/core/ports/clock.ts';
import { storeContract } from '../../contracts/store.ts';
import {
  commitRecords,
  gone,
  jobOf,
  KEY,
  MINUTE,
  NOW,
  recordOf,
  saved,
} from '../../contracts/store-subjects.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

const PAGE = { limit: 10 };

let dynalite: Dynalite;
let tables = 0;

beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

async function make(clock: Clock = new BusyClock(NOW)) {
  tables += 1;
  const table = `cloudtab-${tables}`;
  await dynalite.createTable(table);
  const store = new DynamoStore({ client: dynalite.client, table, clock, retentionDays: 90 });
  dynalite.calls.length = 0;
  return { store, table, close: async () => {} };
}

storeContract('DynamoStore', make);

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
    ['reads a job in one call', ['GetItemCommand'], (s) => s.readJob('site', 'a')],
    ['reads a projection in one call', ['GetItemCommand'], (s) => s.readProjection(KEY)],
    ['reads a site in one call', ['QueryCommand'], (s) => s.readSite('site')],
    ['lists the sites in one call', ['QueryCommand'], (s) => s.sites()],
    [
      'commits a job without records in one call',
      ['PutItemCommand'],
      (s) => s.commit(jobOf('a', 'one'), undefined, []),
    ],
    [
      'commits a job with records in one call',
      ['TransactWriteItemsCommand'],
      (s) => s.commit(jobOf('a', 'one'), undefined, [recordOf(NOW), recordOf(NOW + MINUTE)]),
    ],
    [
      'rejects a commit with an outdated token in one call',
      ['TransactWriteItemsCommand'],
      (s) => s.commit(jobOf('a', 'two'), 'one', [recordOf(NOW)]),
    ],
    [
      'writes a projection and its site in two calls',
      ['PutItemCommand', 'PutItemCommand'],
      (s) => s.putProjection(KEY, saved('a')),
    ],
    ['lists the records of a cron in one call', ['QueryCommand'], (s) => s.records('site', 'a', PAGE)],
    ['reads a record in one call', ['GetItemCommand'], (s) => s.readRecord('site', 'a', '1')],
    ['lists the records of a site in one call', ['QueryCommand'], (s) => s.activity('site', PAGE)],
    ['lists what needs attention in one call', ['QueryCommand'], (s) => s.attention(PAGE)],
    ['deletes a record in one call', ['DeleteItemCommand'], (s) => s.deleteRecords('site', 'a', ['1'])],
  ])('DynamoStore %s', async (_, calls, call) => {
    await call(store);
    expect(dynalite.calls).toEqual(calls);
  });

  test('DynamoStore leaves an existing record out of a second transaction, and without any other record it puts the job', async () => {
    await store.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]);
    dynalite.calls.length = 0;
    await store.commit(jobOf('a', 'two'), 'one', [recordOf(NOW), recordOf(NOW + MINUTE)]);
    expect(dynalite.calls).toEqual(['TransactWriteItemsCommand', 'TransactWriteItemsCommand']);
    dynalite.calls.length = 0;
    await store.commit(jobOf('a', 'three'), 'two', [recordOf(NOW)]);
    expect(dynalite.calls).toEqual(['TransactWriteItemsCommand', 'PutItemCommand']);
  });

  test('DynamoStore reads a site of many crons in one call for each megabyte', async () => {
    for (let n = 0; n < 50; n++) await store.commit(jobOf(`cron-${n}`, 'one'), undefined, []);
    dynalite.calls.length = 0;
    expect((await store.readSite('site')).crons).toHaveLength(50);
    expect(dynalite.calls).toEqual(['QueryCommand']);

    const environ = { text: 'x'.repeat(200_000) };
    for (let n = 0; n < 6; n++) {
      await store.putProjection({ site: 'site', uid: `long-${n}` }, saved(`long-${n}`, NOW, { environ }));
    }
    dynalite.calls.length = 0;
    expect((await store.readSite('site')).crons).toHaveLength(56);
    expect(dynalite.calls).toEqual(['QueryCommand', 'QueryCommand']);
  });
});

describe('DynamoStore, when the answer to a transaction is lost', () => {
  test('The SDK repeats the transaction, and the commit happens once and succeeds', async () => {
    const { store } = await make();
    const record = recordOf(NOW);
    dynalite.loseAnswer();
    expect(await store.commit(jobOf('a', 'one'), undefined, [record])).toBe(true);
    expect(dynalite.calls).toEqual(['TransactWriteItemsCommand']);
    expect(await store.readJob('site', 'a')).toEqual(jobOf('a', 'one'));
    expect((await store.records('site', 'a', PAGE)).records).toEqual([record]);
  });
});

describe('the table of DynamoStore', () => {
  async function items(table: string) {
    const { Items = [] } = await dynalite.client.send(new ScanCommand({ TableName: table }));
    return new Map(Items.map((item) => [`${item.pk} ${item.sk}`, item]));
  }

  test('Items of a cron are next to each other, its records have keys of their own, and all are readable', async () => {
    const { store, table } = await make();
    await store.putProjection(KEY, saved('a'));
    await store.commit(jobOf('a', 'one'), undefined, [recordOf(NOW, { forced: 'run-1', status: 'WARN' })]);
    const id = `${NOW / 1000}-run-1`;
    const ended = `${NOW + 1_000}#site#a#${id}`;
    expect([...(await items(table)).values()]).toEqual(
      expect.arrayContaining([
        { pk: '#sites', sk: 'site' },
        { pk: 'site', sk: 'cron#a', ...saved('a') },
        expect.objectContaining({ pk: 'site', sk: 'cron#a#job', token: 'one', armedAt: NOW, leases: [] }),
        expect.objectContaining({ pk: 'site/a', sk: `run#${id}`, site: 'site', ended, attention: 'all' }),
      ]),
    );
  });

  test('Removals expire after 90 days, closed jobs a day after their last lease, records after the retention', async () => {
    const { store, table } = await make();
    await store.putProjection(KEY, gone());
    await store.putProjection({ site: 'site', uid: 'b' }, saved('b'));
    await store.commit(jobOf('a', 'one', { closedAt: NOW }), undefined, [recordOf(NOW, { endedAt: NOW })]);
    await store.commit(jobOf('b', 'one'), undefined, []);
    const stored = await items(table);
    const day = 86_400;
    expect(stored.get('site cron#a')?.expires).toBe(NOW / 1000 + 90 * day);
    expect(stored.get('site cron#a#job')?.expires).toBe(NOW / 1000 + day);
    expect(stored.get(`site/a run#${NOW / 1000}`)?.expires).toBe(NOW / 1000 + 90 * day);
    for (const key of ['site cron#b', 'site cron#b#job', '#sites site']) {
      expect(stored.get(key)).not.toHaveProperty('expires');
    }
    await store.putProjection(KEY, saved('a', NOW + 1));
    expect((await items(table)).get('site cron#a')).not.toHaveProperty('expires');
  });

  test('The index of a site holds its records, the other index those that are not OK, and neither holds messages', async () => {
    const { store, table } = await make();
    await store.putProjection(KEY, saved('a'));
    await commitRecords(store, [
      recordOf(NOW, { messages: ['one'], status: 'WARN' }),
      recordOf(NOW + MINUTE, { uid: 'b' }),
    ]);
    const index = async (IndexName: string) => {
      const { Items = [] } = await dynalite.client.send(new ScanCommand({ TableName: table, IndexName }));
      return Items;
    };
    const activity = await index('activity');
    expect(activity.map(({ uid }) => uid).sort()).toEqual(['a', 'b']);
    expect(await index('attention')).toMatchObject([{ uid: 'a', message: 'one' }]);
    for (const item of activity) expect(item).not.toHaveProperty('messages');
  });

  test('A new table gets the number of its format, and a table with another number is refused with the fix', async () => {
    const { table } = await make();
    const dynamoTable = new DynamoTable(dynalite.client, table, new BusyClock(NOW));
    await requireFormat(dynamoTable);
    await requireFormat(dynamoTable);
    const key = { pk: '#format', sk: '#format' };
    expect((await items(table)).get('#format #format')).toEqual({ ...key, format: 2 });
    await dynalite.client.send(new PutCommand({ TableName: table, Item: { ...key, format: 3 } }));
    await expect(requireFormat(dynamoTable)).rejects.toThrow(
      new ConfigurationError(
        `The table ${table} has format 3, and this version needs 2. Let the stack create a new table: crons and settings are kept in the parameters, only run records are lost.`,
      ),
    );
  });
});
