/** The ranges of IP addresses: those of the public internet, and those that lead elsewhere. */
import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** `special` are link-local addresses, at which clouds serve credentials, and all others that no host of a network has. */
export type AddressRange = 'public' | 'loopback' | 'private' | 'special';

/** Ranges of private networks, by their names in ipaddr.js. */
const PRIVATE: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);
/** Metadata services whose addresses are in the ranges of public or private networks: those of Azure, Alibaba and AWS. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);
/** The addresses that are assigned as global unicast addresses. Anything else embeds an address, or is reserved. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** The range of an address, which is one of IPv4 or IPv6 without brackets. */
export function addressRange(address: string): AddressRange {
  const parsed = parse(address);
  if (METADATA.has(parsed.toString())) return 'special';
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  if (PRIVATE.has(range)) return 'private';
  const isGlobal = parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
  return range === 'unicast' && isGlobal ? 'public' : 'special';
}

/** Whether the text is that address, or a range such as `10.0.0.0/8` that contains it. */
export function containsAddress(text: string, address: string): boolean {
  if (!isIP(address)) return false;
  const parsed = parse(address);
  if (isIP(text)) return parse(text).toString() === parsed.toString();
  if (!isAddressRange(text)) return false;
  const range = ipaddr.parseCIDR(text);
  return range[0].kind() === parsed.kind() && parsed.match(range);
}

/** Whether the text is a range of addresses, such as `10.0.0.0/8`. */
export function isAddressRange(text: string): boolean {
  return isIP(text.split('/')[0] ?? '') !== 0 && ipaddr.isValidCIDR(text);
}

/** An address of IPv4 that is written as one of IPv6, by a mapping or for NAT64, is the one of IPv4. */
function parse(address: string): ReturnType<typeof ipaddr.process> {
  const parsed = ipaddr.process(address);
  const isTranslated = !isIPv4(address) && parsed.range() === 'rfc6052';
  return isTranslated ? ipaddr.fromByteArray(parsed.toByteArray().slice(12)) : parsed;
}
