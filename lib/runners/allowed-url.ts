/** The URLs and addresses that the limits of a deployment or of a folder allow the runner `http` to call. */
import { isIP, isIPv6 } from 'node:net';
import { type AddressRange, addressRange, containsAddress, isAddressRange } from './address-range.ts';
import { howToAllow, listed, type RunnerLimits, siteOf } from './limits.ts';

type HostLimits = Pick<RunnerLimits, 'allowedHosts' | 'folder' | 'site'>;

/** The parts of a URL that decide whether an entry covers it. */
type Destination = Pick<URL, 'protocol' | 'hostname' | 'port'>;

const MEANINGS: Readonly<Record<Exclude<AddressRange, 'public'>, string>> = {
  loopback: 'leads to this machine itself',
  private: 'belongs to a private network',
  special: 'is link-local or reserved',
};

/**
 * Why the URL may not be called; nothing if its text allows it. Its host may still have an address that may not be called:
 * see `addressRefusal`. Without encryption, only hosts with an entry that begins with `http://` and this machine itself.
 */
export function refusal(url: URL, limits: HostLimits): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `The scheme "${url.protocol}" cannot be called, only https: and http:.`;
  }
  if (url.username || url.password) {
    return 'A URL may not hold a user and a password. Give them as the header "authorization", from a secret.';
  }
  if (limits.allowedHosts.some((entry) => covers(entry, url))) {
    const address = knownAddress(url.hostname);
    return address === undefined ? undefined : addressRefusal(url, address, limits);
  }
  const unencrypted = url.protocol === 'https:' ? '' : ' without encryption';
  return (
    `The host "${url.host}" is not allowed${unencrypted}. ${siteOf(limits)} may call: ${listed(limits.allowedHosts)}. ` +
    fixOf(url, url.host, limits)
  );
}

/**
 * Why a URL that `refusal` allows may not be called at this address of its host. A private address has to be named itself
 * or by its host, any other that is not public itself: the owner of a name can point it anywhere.
 */
export function addressRefusal(url: URL, address: string, limits: HostLimits): string | undefined {
  const range = addressRange(address);
  if (range === 'public') return undefined;
  const { protocol, hostname, port } = url;
  const mayNameHost = range === 'private' || (range === 'loopback' && isLocalhost(hostname));
  const named: Destination[] = [{ protocol, hostname: address, port }, ...(mayNameHost ? [url] : [])];
  const entries = limits.allowedHosts.filter((entry) => !partsOf(entry).name.includes('*'));
  if (entries.some((entry) => named.some((one) => covers(entry, one)))) return undefined;
  const at = `${isIPv6(address) ? `[${address}]` : address}${port && `:${port}`}`;
  return (
    `The host "${url.host}" has the address ${address}, which ${MEANINGS[range]} and is allowed only by name. ` +
    fixOf(url, mayNameHost ? url.host : at, limits)
  );
}

/** The entry as URLs are written, with an international name in ASCII; undefined if it covers no URL. */
export function normalHost(entry: string): string | undefined {
  const [, scheme = '', name = '', port = ''] = /^(https?:\/\/)?(.*?)(:\d+|:\*)?$/.exec(entry) ?? [];
  if (name === '*' || isAddressRange(name)) return entry;
  const [, wildcard = '', host = ''] = /^(\*\.)?(.*)$/.exec(name) ?? [];
  if (host.includes('*') || !URL.canParse(`https://${host}`)) return undefined;
  const { href, hostname } = new URL(`https://${host}`);
  return href === `https://${hostname}/` ? `${scheme}${wildcard}${hostname}${port}` : undefined;
}

function fixOf(url: URL, host: string, limits: HostLimits): string {
  return howToAllow(limits, 'allowedHosts', url.protocol === 'https:' ? host : `http://${host}`, '');
}

function covers(entry: string, { protocol, hostname, port }: Destination): boolean {
  const allowed = partsOf(entry);
  if (protocol === 'http:' && !allowed.isPlain && !isThisMachine(hostname)) return false;
  if (protocol === 'https:' && allowed.isPlain) return false;
  // A URL has no port if it is the default port of its scheme.
  const defaultPort = protocol === 'https:' ? '443' : '80';
  if (allowed.port !== '*' && (allowed.port || defaultPort) !== (port || defaultPort)) return false;
  const { name } = allowed;
  if (name === '*') return true;
  if (name.startsWith('*.')) return hostname.endsWith(name.slice(1));
  return name === hostname || containsAddress(withoutBrackets(name), withoutBrackets(hostname));
}

function partsOf(entry: string) {
  const [, name = '', port = ''] = /^(.*?)(?::(\d+|\*))?$/.exec(entry.replace(/^https?:\/\//, '')) ?? [];
  return { name: name.toLowerCase(), port, isPlain: entry.startsWith('http://') };
}

/** The address of a host whose name is an address or reserved for this machine (RFC 6761). */
function knownAddress(hostname: string): string | undefined {
  const address = withoutBrackets(hostname);
  if (isIP(address)) return address;
  return isLocalhost(hostname) ? '127.0.0.1' : undefined;
}

function isThisMachine(hostname: string): boolean {
  const address = knownAddress(hostname);
  return address !== undefined && addressRange(address) === 'loopback';
}

function isLocalhost(hostname: string): boolean {
  return /(^|\.)localhost\.?$/.test(hostname);
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
