/**
 * The dashboard of a deployment for a browser, which cannot sign requests: signs each request with the caller's AWS
 * credentials and forwards it. A client acts as the caller, so a server puts this behind a door.
 */
import { CloudtabError } from '../../core/domain/errors.ts';
import type { Sign } from './sign-request.ts';

export interface SigningProxyOptions {
  /** The function URL, to which requests are forwarded. */
  readonly url: string;
  readonly sign: Sign;
  readonly fetch: typeof globalThis.fetch;
}

export interface SigningProxy {
  /** Answers with status 502 and the reason when the deployment does not. */
  fetch(request: Request): Promise<Response>;
}

/** The request headers that are forwarded; those with the address or the secrets of this computer are not. */
const FORWARDED =
  /^(?:accept|accept-language|content-type|if-match|if-none-match|time-zone|user-agent|x-cloudtab|sec-fetch-.*)$/;

/**
 * The response headers that are returned. Not those that apply to one connection or to a compressed body, nor any by which the
 * deployment could act on other servers of this computer: cookies, stored data, the scope of a service worker.
 */
const RETURNED = /^(?:allow|cache-control|content-type|etag|location|retry-after)$/;

export function signingProxy(options: SigningProxyOptions): SigningProxy {
  return {
    async fetch(request) {
      try {
        return await forward(options, request);
      } catch (error) {
        const text = error instanceof CloudtabError ? error.message : `Cannot reach the deployment: ${error}`;
        return new Response(`${text}\n`, {
          status: 502,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
        });
      }
    },
  };
}

async function forward({ url, sign, fetch }: SigningProxyOptions, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const target = new URL(`${url.replace(/\/$/, '')}${pathname}${search}`);
  const { method } = request;
  const body = Buffer.from(await request.arrayBuffer());
  const hasBody = body.length > 0;
  const forwarded = [...request.headers].filter(([name]) => FORWARDED.test(name));
  const headers = await sign({
    method,
    url: target,
    headers: Object.fromEntries(forwarded),
    ...(hasBody && { body }),
  });
  const answer = await fetch(target, { method, headers, redirect: 'manual', ...(hasBody && { body }) });
  const returned = new Headers([...answer.headers].filter(([name]) => RETURNED.test(name)));
  const location = returned.get('location');
  if (location !== null) returned.set('location', toLocal(location, target));
  return new Response(answer.body, { status: answer.status, headers: returned });
}

/** Makes an address of the deployment relative, so that the browser stays on this computer. */
function toLocal(location: string, { origin }: URL): string {
  return location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
}
