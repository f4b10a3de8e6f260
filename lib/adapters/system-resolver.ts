/** Resolves host names as all programs of this machine do, with its hosts file and its name servers. */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

export function systemResolver(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true });
}
