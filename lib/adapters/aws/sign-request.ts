/** Signs requests to a function URL with Signature Version 4 and the credentials that the SDK finds. */
import { SignatureV4 } from '@smithy/signature-v4';
import { makeLambda } from './clients.ts';
import { translatingErrors } from './errors.ts';

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string };
  readonly body?: Buffer;
}

/** Returns the headers with those of the signature. Throws UnavailableError when there are no credentials. */
export type Sign = (request: UnsignedRequest) => Promise<{ readonly [name: string]: string }>;

/** Reads the credentials at each request, because they may have been renewed. */
export function makeSign(): Sign {
  const { config } = makeLambda();
  const { credentials, region, sha256 } = config;
  const signer = new SignatureV4({ credentials, region, service: 'lambda', sha256 });
  return ({ method, url, headers, body }) =>
    translatingErrors(`Cannot sign the request to ${url.host}`, async () => {
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: url.pathname,
        query: queryOf(url),
        headers: { ...headers, host: url.host },
        ...(body && { body }),
      });
      // The HTTP client sets the host itself.
      const { host: _, ...rest } = signed.headers;
      return rest;
    });
}

function queryOf({ searchParams }: URL): { [name: string]: string[] } {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
  );
}
