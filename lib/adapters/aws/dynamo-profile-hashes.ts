/** The hashes of applied profile elements: one item a site, with a map from element to hash. */
import type { ProfileHashes } from '../../core/ports/profile-hashes.ts';
import type { ItemKey } from './dynamo-items.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { SORT } from './table.ts';

interface ProfileItem extends ItemKey {
  readonly hashes: Readonly<Record<string, string>>;
}

export class DynamoProfileHashes implements ProfileHashes {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async read(site: string): Promise<ReadonlyMap<string, string>> {
    const item = await this.#table.get<ProfileItem>(`read the profile of ${site} from`, profileKey(site));
    return new Map(Object.entries(item?.hashes ?? {}));
  }

  async write(site: string, hashes: ReadonlyMap<string, string>): Promise<void> {
    const Item: ProfileItem = { ...profileKey(site), hashes: Object.fromEntries(hashes) };
    await this.#table.put(`write the profile of ${site} to`, { Item });
  }
}

function profileKey(site: string): ItemKey {
  return { pk: site, sk: SORT.profile };
}
