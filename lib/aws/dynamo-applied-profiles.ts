/** What was applied of the profiles, packed into one item a site. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { ConfigurationError } from '../domain/errors.ts';
import type { AppliedProfiles } from '../ports/applied-profiles.ts';
import type { ItemKey } from './dynamo-items.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { SORT } from './table.ts';

interface ProfileItem extends ItemKey {
  readonly packed: Uint8Array;
}

/** DynamoDB holds 400 KB an item, with its keys. */
const MOST_PACKED_BYTES = 390_000;

export class DynamoAppliedProfiles implements AppliedProfiles {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async read(site: string): Promise<string | undefined> {
    const item = await this.#table.get<ProfileItem>(`read the profile of ${site} from`, profileKey(site));
    return item && gunzipSync(item.packed).toString();
  }

  async write(site: string, text: string): Promise<void> {
    const packed = gzipSync(text);
    if (packed.length > MOST_PACKED_BYTES) {
      throw new ConfigurationError(
        `The profile of ${site} is too long to go with a deployment: ${packed.length} bytes when packed, wanted at ` +
          `most ${MOST_PACKED_BYTES}. Apply it with "cloudtab apply" instead, or divide it among several sites.`,
      );
    }
    const Item: ProfileItem = { ...profileKey(site), packed };
    await this.#table.put(`write the profile of ${site} to`, { Item });
  }
}

function profileKey(site: string): ItemKey {
  return { pk: site, sk: SORT.profile };
}
