/** Signs requests to a function URL with Signature Version 4 and the credentials that the SDK finds. */
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
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

/** `<id>.lambda-url.<region>.on.aws` */
const REGION = /\.lambda-url\.([\w-]+)\.on\.aws$/;

/** Reads the credentials at each request, because they may have been renewed. */
export function makeSign(): Sign {
  const credentials = defaultProvider();
  const configured = loadConfig(NODE_REGION_CONFIG_OPTIONS, NODE_REGION_CONFIG_FILE_OPTIONS);
  return ({ method, url, headers, body }) =>
    translatingErrors(`Cannot sign the request to ${url.host}`, async () => {
      const region = REGION.exec(url.hostname)?.[1] ?? configured;
      const signer = new SignatureV4({
        credentials,
        region,
        service: 'lambda',
        sha256: Hash.bind(null, 'sha256'),
      });
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
