import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import { commitRecords, jobOf, KEY, MINUTE, NOW, recordOf, saved } from '../../contracts/store-subjects.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

const PAGE = { limit: 10 };

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
  const client = dynalite.client;
  return { store: new DynamoStore({ client, table, clock: new BusyClock(NOW), retentionDays: 90 }), table };
}

describe('DynamoStore, items that cannot be read', () => {
  test.each([
    ['cron#a#job', { token: 'one' }, 'its job has no valid "waitingForced"'],
    ['cron#a#job', { ...jobOf('a', 'one'), armedAt: 'soon' }, 'its job has no valid "armedAt"'],
    [
      'cron#a#job',
      { ...jobOf('a', 'one'), leases: [{ plannedAt: NOW }] },
      'its job has no valid "leases.runId"',
    ],
    ['cron#a', { modified: 'now' }, 'its cron has no valid "modified"'],
    ['cron#a', { modified: NOW, version: 1, value: [] }, 'its cron has no valid "value"'],
    [
      'cron#a',
      { ...saved('a'), value: { ...saved('a').value, overlap: 'queue' } },
      'its cron has no valid "value.overlap"',
    ],
  ])('The item %s with the content %j makes that cron alone unreadable', async (sk, content, unreadable) => {
    const { store, table } = await make();
    for (const uid of ['a', 'b']) {
      await store.putProjection({ site: 'site', uid }, saved(uid));
      await store.commit(jobOf(uid, 'one'), undefined, []);
    }
    await dynalite.client.send(new PutCommand({ TableName: table, Item: { ...content, pk: 'site', sk } }));
    const { crons } = await store.readSite('site');
    expect(crons).toEqual([
      expect.objectContaining({ uid: 'a', unreadable }),
      { uid: 'b', cron: saved('b'), job: jobOf('b', 'one') },
    ]);
    expect(await store.read('site', 'a')).toMatchObject({ unreadable });
    if (sk === 'cron#a') expect(await store.readProjection(KEY)).toBeUndefined();
    else expect(await store.readJob('site', 'a')).toBeUndefined();
  });

  test('A projection replaces an item whose modification time is no number', async () => {
    const { store, table } = await make();
    const Item = { pk: 'site', sk: 'cron#a', modified: 'now' };
    await dynalite.client.send(new PutCommand({ TableName: table, Item }));
    expect(await store.putProjection(KEY, saved('a'))).toBe(true);
    expect(await store.readProjection(KEY)).toEqual(saved('a'));
  });

  test('Settings that cannot be read make every cron of their site unreadable, and none of another site', async () => {
    const { store, table } = await make();
    await store.putProjection(KEY, saved('a'));
    await store.putProjection({ site: 'other', uid: 'a' }, saved('a'));
    const Item = { pk: 'site', sk: 'crontab', modified: NOW, version: 1, value: { activated: 'no' } };
    await dynalite.client.send(new PutCommand({ TableName: table, Item }));
    expect(await store.read('site', 'a')).toMatchObject({
      unreadable: 'its crontab has no valid "value.activated"',
    });
    expect(await store.read('other', 'a')).toEqual({ cron: saved('a') });
  });

  test('A job that names another cron is the job of the cron of its key', async () => {
    const { store, table } = await make();
    const Item = { ...jobOf('b', 'one'), site: 'other', pk: 'site', sk: 'cron#a#job' };
    await dynalite.client.send(new PutCommand({ TableName: table, Item }));
    expect(await store.readJob('site', 'a')).toEqual(jobOf('a', 'one'));
  });

  test('A run record without its fields is listed with the reason, beside the others, and can be deleted', async () => {
    const { store, table } = await make();
    await commitRecords(store, [recordOf(NOW, { forced: 'run-1-2' }), recordOf(NOW + MINUTE)]);
    const id = `${NOW / 1000}-run-1-2`;
    const Item = {
      pk: 'site/a',
      sk: `run#${id}`,
      site: 'site',
      ended: `${NOW}#site#a#${id}`,
      expires: NOW,
      plannedAt: NOW,
      runner: 'x',
      status: 'GOOD',
    };
    await dynalite.client.send(new PutCommand({ TableName: table, Item }));
    const reason = 'This run record cannot be read: it has no valid "status".';
    const key = { ...KEY, plannedAt: NOW, forced: 'run-1-2', runner: '', status: 'WARN', endedAt: NOW };
    const { records } = await store.records('site', 'a', PAGE);
    expect(records).toEqual([recordOf(NOW + MINUTE), { ...key, messages: [reason] }]);
    const activity = await store.activity('site', PAGE);
    expect(activity.records).toEqual([expect.anything(), { ...key, message: reason }]);
    expect(await store.deleteRecords('site', 'a', records.map(recordId))).toBe(2);
  });
});
