/** Resolves host names as all programs of this machine do, with its hosts file and its name servers. */
import type { LookupAddress } from 'node:dns';

export async function systemResolver(hostname: string): Promise<LookupAddress[]> {
  const { lookup } = await import('node:dns/promises');
  return lookup(hostname, { all: true });
}
