/**
 * Sends one HTTP request to an address that was checked when its host was resolved for this connection. `fetch` has no such
 * hook: a name could resolve to another address between a check and its connection.
 */
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { ConfigurationError } from '../core/domain/errors.ts';
import type { HttpRequest } from './http-environ.ts';
import type { Resolve } from './runner.ts';

/** The headers of every request, unless it has them. */
const HEADERS = {
  accept: '*/*',
  // Nothing is decompressed: a small response could become a large one.
  'accept-encoding': 'identity',
  'user-agent': 'cloudtab',
};

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly resolve: Resolve;
  /** Why an address may not be called; nothing if it may. Not asked if the URL has an address as its host. */
  readonly refused: (address: string) => string | undefined;
}

/**
 * Returns the response, whose body is still to be read or destroyed. Follows no redirect. Throws ConfigurationError if the host
 * has no address that may be called.
 */
export async function sendRequest(
  { url, method, headers, body }: Omit<HttpRequest, 'status' | 'timeoutSeconds'>,
  { signal, resolve, refused }: SendOptions,
): Promise<IncomingMessage> {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  // Loaded only here: they take longer to load than the rest of a command, and few processes send requests.
  const { request: send } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((respond, reject) => {
    const request = send(url, {
      method,
      headers: { ...HEADERS, ...Object.fromEntries(headers), ...length },
      signal,
      // A connection that is kept would not be checked again.
      agent: false,
      lookup: checkedLookup(resolve, refused),
    });
    request.on('response', respond).on('error', reject).end(body);
  });
}

/** Fails if there are addresses and each of them is refused. */
function checkedLookup(resolve: Resolve, refused: SendOptions['refused']): LookupFunction {
  const allowed = async (hostname: string) => {
    const addresses = await resolve(hostname);
    const reasons = addresses.map(({ address }) => refused(address));
    const [reason] = reasons;
    if (reason !== undefined && !reasons.includes(undefined)) throw new ConfigurationError(reason);
    return addresses.filter((_, index) => reasons[index] === undefined);
  };
  return (hostname, { all }, callback) => {
    allowed(hostname).then(
      // Node asks for one address alone if it is not to try several.
      (addresses) => {
        const [first] = addresses;
        if (all || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}
