import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoAppliedProfiles } from '../../lib/aws/dynamo-applied-profiles.ts';
import { DynamoStore } from '../../lib/aws/dynamo-store.ts';
import { DynamoTable } from '../../lib/aws/dynamo-table.ts';
import { systemRandom } from '../../lib/system/random.ts';
import { BusyClock } from '../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';

const clock = new BusyClock(0);
let dynalite: Dynalite;
let applied: DynamoAppliedProfiles;

beforeAll(async () => {
  dynalite = await startDynalite();
  await dynalite.createTable('cloudtab');
  applied = new DynamoAppliedProfiles(new DynamoTable(dynalite.client, 'cloudtab', clock));
});
afterAll(() => dynalite.close());

it('has nothing of a site until something is written, and then the latest', async () => {
  expect(await applied.read('shop')).toBeUndefined();
  await applied.write('shop', '{"é": 1}');
  await applied.write('shop', '{"é": 2}');
  await applied.write('other', '{}');
  expect(await applied.read('shop')).toBe('{"é": 2}');
});

it('holds the profile of a thousand crons', async () => {
  const elements = Array.from({ length: 1000 }, (_, index) => ({
    uid: `cron-${index}`,
    given: {
      name: 'http',
      periodicity: `${index % 60} * * * *`,
      environ: { url: `https://example.com/${index}` },
    },
  }));
  const text = JSON.stringify({ elements });
  await applied.write('large', text);
  expect(await applied.read('large')).toBe(text);
});

it('refuses what the table cannot hold, and says what to do instead', async () => {
  const text = randomBytes(500_000).toString('hex');
  await expect(applied.write('huge', text)).rejects.toThrow(
    /^The profile of huge is too long to go with a deployment: \d+ bytes when packed, wanted at most 390000\. Apply it with "cloudtab apply" instead/,
  );
});

it('is no part of the site that the store sees', async () => {
  await applied.write('alone', '{}');
  const store = new DynamoStore({ client: dynalite.client, table: 'cloudtab', clock, random: systemRandom });
  expect(await store.readSite('alone')).toEqual({ crons: [] });
  expect(await store.sites()).toEqual([]);
});
