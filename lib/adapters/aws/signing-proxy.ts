/**
 * A server on this computer through which a browser, which cannot sign requests, uses the dashboard of a deployment:
 * signs each request with the caller's AWS credentials and forwards it. A client of the server acts as the caller, so
 * the server accepts only the browser that has the one-time token, and no requests from pages of other origins.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudtabError, UnavailableError } from '../../core/domain/errors.ts';
import type { Sign } from './sign-request.ts';

export interface SigningProxyOptions {
  /** The function URL, to which requests are forwarded. */
  readonly url: string;
  readonly sign: Sign;
  readonly fetch: typeof globalThis.fetch;
  /** 0: any free port. */
  readonly port: number;
}

export interface SigningProxy extends AsyncDisposable {
  /** Opens the dashboard. Its token can be used once. */
  readonly url: string;
}

const COOKIE = 'cloudtab-open';
const CROSS_SITE = 'Refused: a page of another site sent this request (CSRF).';
const MAX_BYTES = 1_000_000;

/** The request headers that are forwarded; those with the address of this proxy, such as `origin`, are not. */
const FORWARDED =
  /^(?:accept|accept-language|content-type|if-match|if-none-match|user-agent|x-cloudtab(?:-refresh)?|sec-fetch-.*)$/;

/** The dashboard's own cookie. Other cookies for 127.0.0.1, such as that of this proxy, are not forwarded. */
const FORWARDED_COOKIE = /^cloudtab-flash=/;

/** The response headers that apply to one connection only, or to the body before it was decompressed. */
const NOT_RETURNED = /^(?:connection|keep-alive|transfer-encoding|content-encoding|content-length|upgrade)$/;

/** Starts the proxy on 127.0.0.1. Throws UnavailableError when the port is in use. */
export async function openSigningProxy(options: SigningProxyOptions): Promise<SigningProxy> {
  const guard = new Guard();
  const server = createServer((request, response) => {
    answer(options, guard, request, response).catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new UnavailableError(`Cannot listen on 127.0.0.1:${options.port}: ${cause.message}.`, { cause }),
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  guard.host = `127.0.0.1:${port}`;
  return {
    url: `http://${guard.host}/?token=${guard.token}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Decides which requests are accepted. */
class Guard {
  /** The only accepted `Host`: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is refused. */
  host = '';
  readonly #session = secret();
  #token: string | undefined = secret();

  get token(): string {
    return this.#token ?? '';
  }

  /** Why the request is refused; undefined when it is not. */
  refusal({ headers }: IncomingMessage): string | undefined {
    if (headers.host !== this.host) return `Unknown host: open http://${this.host}.`;
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return CROSS_SITE;
    const { origin } = headers;
    // The pages send no referrer, so a browser sends their forms with the origin "null".
    if (origin === 'null' && site === 'same-origin') return undefined;
    if (origin !== undefined && origin !== `http://${this.host}`) return CROSS_SITE;
    return undefined;
  }

  /** Whether the browser has the session cookie. */
  hasSession({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split('; ').map((one) => one.split('='));
    return cookies.some(([name, value = '']) => name === COOKIE && same(value, this.#session));
  }

  /** The session cookie in exchange for the one-time token; undefined for any other text. */
  redeem(token: string | null): string | undefined {
    if (this.#token === undefined || token === null || !same(token, this.#token)) return undefined;
    this.#token = undefined;
    return `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }
}

async function answer(
  options: SigningProxyOptions,
  guard: Guard,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = guard.refusal(request);
  if (refusal) return sendText(response, 403, refusal);
  const requested = new URL(request.url ?? '/', `http://${guard.host}`);
  if (!guard.hasSession(request)) {
    const cookie = guard.redeem(requested.searchParams.get('token'));
    if (!cookie)
      return sendText(
        response,
        403,
        'Open the address that "cloudtab open" prints; its token can be used once.',
      );
    // A path that starts with two slashes would redirect to another host.
    const location = `/${requested.pathname.replace(/^\/+/, '')}`;
    response.writeHead(303, { location, 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
    return;
  }
  const body = await readBody(request);
  if (!body) return sendText(response, 413, `The request body exceeds ${MAX_BYTES} bytes.`);
  await forward(options, request, requested, body, response);
}

async function forward(
  { url, sign, fetch }: SigningProxyOptions,
  { method = 'GET', headers: received }: IncomingMessage,
  { pathname, search }: URL,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(`${url.replace(/\/$/, '')}${pathname}${search}`);
  const forwarded = Object.entries(received).filter(
    (one): one is [string, string] => FORWARDED.test(one[0]) && typeof one[1] === 'string',
  );
  const cookies = (received.cookie ?? '').split('; ').filter((one) => FORWARDED_COOKIE.test(one));
  if (cookies.length > 0) forwarded.push(['cookie', cookies.join('; ')]);
  const hasBody = body.length > 0;
  const signed = await sign({
    method,
    url: target,
    headers: Object.fromEntries(forwarded),
    ...(hasBody && { body }),
  });
  const answer = await fetch(target, {
    method,
    headers: signed,
    redirect: 'manual',
    ...(hasBody && { body: new Uint8Array(body) }),
  });
  const content = await answer.arrayBuffer();
  for (const [name, value] of answer.headers) {
    if (!NOT_RETURNED.test(name))
      response.appendHeader(name, name === 'location' ? toLocal(value, target) : value);
  }
  response.writeHead(answer.status).end(Buffer.from(content));
}

/** Makes an address of the deployment relative, so that the browser stays on this proxy. */
function toLocal(location: string, { origin }: URL): string {
  return location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
}

/** The body of the request; undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MAX_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function fail(response: ServerResponse, error: unknown): void {
  const text = error instanceof CloudtabError ? error.message : `Cannot reach the deployment: ${error}`;
  if (response.headersSent) response.destroy();
  else sendText(response, 502, text);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
  };
  response.writeHead(status, headers).end(`${text}\n`);
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function same(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
