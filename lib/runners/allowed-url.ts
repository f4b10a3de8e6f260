/** The URLs that a deployment allows its runners to call. */
import { listed } from './limits.ts';

/**
 * Why the URL may not be called; nothing if it may. Without encryption, only hosts with an entry that begins with `http://`
 * and this machine itself.
 */
export function refusal(url: URL, allowedHosts: readonly string[]): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return `The scheme "${url.protocol}" cannot be called, only https: and http:.`;
  }
  if (url.username || url.password) {
    return 'A URL may not hold a user and a password. Give them as the header "authorization", from a secret.';
  }
  if (allowedHosts.some((entry) => covers(entry, url))) return undefined;
  const encrypted = url.protocol === 'https:';
  const entry = encrypted ? url.host : `http://${url.host}`;
  const unencrypted = encrypted ? '' : ' without encryption';
  return (
    `The host "${url.host}" is not allowed${unencrypted}. This deployment allows: ${listed(allowedHosts)}. ` +
    `Add "${entry}" to allowedHosts.`
  );
}

function covers(entry: string, url: URL): boolean {
  const plain = entry.startsWith('http://');
  const [, name = '', port = ''] = /^(.*?)(?::(\d+|\*))?$/.exec(entry.replace(/^https?:\/\//, '')) ?? [];
  const { protocol, hostname } = url;
  if (protocol === 'http:' && !plain && !isThisMachine(hostname)) return false;
  if (protocol === 'https:' && plain) return false;
  // A URL has no port if it is the default port of its scheme.
  const defaultPort = protocol === 'https:' ? '443' : '80';
  if (port !== '*' && (port || defaultPort) !== (url.port || defaultPort)) return false;
  return sameName(name.toLowerCase(), hostname);
}

/** `*` alone excludes the machine that the runner runs on: a user who allows every host does not mean that one. */
function sameName(name: string, hostname: string): boolean {
  if (name === '*') return !isThisMachine(hostname);
  return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
