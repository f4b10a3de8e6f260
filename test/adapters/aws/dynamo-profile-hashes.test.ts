import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoProfileHashes } from '../../../lib/adapters/aws/dynamo-profile-hashes.ts';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import { MAX_PROFILE_CRONS } from '../../../lib/adapters/aws/table.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

const clock = new BusyClock(0);
let dynalite: Dynalite;
let hashes: DynamoProfileHashes;

beforeAll(async () => {
  dynalite = await startDynalite();
  await dynalite.createTable('cloudtab');
  hashes = new DynamoProfileHashes(new DynamoTable(dynalite.client, 'cloudtab', clock));
});
afterAll(() => dynalite.close());

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

it('DynamoProfileHashes reads the hashes of a site that were written last, and none before', async () => {
  expect(await hashes.read('shop')).toEqual(new Map());
  await hashes.write('shop', new Map([['a', '1']]));
  await hashes.write('shop', new Map([['b', '2']]));
  await hashes.write('other', new Map());
  expect(await hashes.read('shop')).toEqual(new Map([['b', '2']]));
  expect(await hashes.read('other')).toEqual(new Map());
});

it('The item of a site is a map that is readable in the console', async () => {
  await hashes.write('shop', new Map([['nightly', 'abc']]));
  const { Item } = await dynalite.client.send(
    new GetCommand({ TableName: 'cloudtab', Key: { pk: 'shop', sk: 'profile' } }),
  );
  expect(Item).toEqual({ pk: 'shop', sk: 'profile', hashes: { nightly: 'abc' } });
});

it('An item holds the hashes of as many crons as a profile of a deployment may name', async () => {
  const uids = Array.from({ length: MAX_PROFILE_CRONS }, (_, index) => `${index}`.padStart(36, 'u'));
  const all = new Map([...uids, '/crontab'].map((uid) => [uid, hash(uid)]));
  await hashes.write('large', all);
  expect(await hashes.read('large')).toEqual(all);
});

it('The hashes of a site are no part of the site that the store reads', async () => {
  await hashes.write('alone', new Map([['a', '1']]));
  const store = new DynamoStore({ client: dynalite.client, table: 'cloudtab', clock, retentionDays: 90 });
  expect(await store.readSite('alone')).toEqual({ crons: [] });
  expect(await store.sites()).toEqual([]);
});
