/** The catalogue of a deployment: one item of its table. */
import type { Catalogue } from '../../core/domain/runner-description.ts';
import type { CatalogueStore } from '../../core/ports/runner-catalogue.ts';
import { storedCatalogue } from '../stored-state.ts';
import type { ItemKey } from './dynamo-items.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { CATALOGUE } from './table.ts';

interface CatalogueItem extends ItemKey, Catalogue {}

const KEY: ItemKey = { pk: CATALOGUE, sk: CATALOGUE };

export class DynamoCatalogue implements Pick<CatalogueStore, 'read'> {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async read(): Promise<Catalogue | undefined> {
    const item = await this.#table.get<CatalogueItem>('read the catalogue from', KEY);
    if (!item) return undefined;
    const { pk: _pk, sk: _sk, ...catalogue } = item;
    return storedCatalogue(catalogue);
  }
}

/** Replaces the catalogue. Not a method: setup alone needs it. */
export async function publishCatalogue(table: DynamoTable, catalogue: Catalogue): Promise<void> {
  const Item: CatalogueItem = { ...KEY, ...catalogue };
  await table.put('write the catalogue to', { Item });
}
