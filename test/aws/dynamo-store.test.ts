import { afterAll, beforeAll } from 'vitest';
import { DynamoStore } from '../../lib/aws/dynamo-store.ts';
import { systemClock } from '../../lib/system/clock.ts';
import { systemRandom } from '../../lib/system/random.ts';
import { storeContract } from '../contracts/store.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';

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
  const store = new DynamoStore({ client: dynalite.client, table, clock: systemClock, random: systemRandom });
  return { store, close: async () => {} };
}

storeContract('DynamoStore', make);
