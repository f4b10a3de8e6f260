/** Profile hashes in memory. */
import type { ProfileHashes } from '../../lib/core/ports/profile-hashes.ts';

export class MemoryProfileHashes implements ProfileHashes {
  readonly #sites = new Map<string, ReadonlyMap<string, string>>();

  async read(site: string): Promise<ReadonlyMap<string, string>> {
    return this.#sites.get(site) ?? new Map();
  }

  async write(site: string, hashes: ReadonlyMap<string, string>): Promise<void> {
    this.#sites.set(site, new Map(hashes));
  }
}
