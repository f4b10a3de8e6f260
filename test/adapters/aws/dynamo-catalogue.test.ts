import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoCatalogue, publishCatalogue } from '../../../lib/adapters/aws/dynamo-catalogue.ts';
import { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import type { CatalogueStore } from '../../../lib/core/ports/runner-catalogue.ts';
import { catalogueContract } from '../../contracts/catalogue.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
  await dynalite.createTable('cloudtab');
});
afterAll(() => dynalite.close());

function open(): CatalogueStore {
  const table = new DynamoTable(dynalite.client, 'cloudtab', new BusyClock(0));
  return {
    read: () => new DynamoCatalogue(table).read(),
    publish: (catalogue) => publishCatalogue(table, catalogue),
  };
}
const KEY = { pk: '#catalogue', sk: '#catalogue' };

describe('DynamoCatalogue', () => {
  catalogueContract(open);

  it('The item of a catalogue is readable in the console, and one of another form counts as none', async () => {
    await open().publish({ runners: [{ name: 'a', summary: 'A.' }], limits: {} });
    const { Item } = await dynalite.client.send(new GetCommand({ TableName: 'cloudtab', Key: KEY }));
    expect(Item).toEqual({ ...KEY, runners: [{ name: 'a', summary: 'A.' }], limits: {} });
    await dynalite.client.send(new PutCommand({ TableName: 'cloudtab', Item: { ...KEY, runners: 'a' } }));
    expect(await open().read()).toBeUndefined();
  });
});
