/**
 * The dashboard of a deployment for a browser, which cannot sign requests: a server on this computer that signs each one
 * with the caller's AWS credentials and hands it on. Whoever reaches the server acts as the caller, so it answers only
 * to the browser that was given the one-time token, and to no page of another origin.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudtabError, UnavailableError } from '../../core/domain/errors.ts';
import type { Sign } from './sign-request.ts';

export interface SigningProxyOptions {
  /** Where requests go: the address of the function URL. */
  readonly url: string;
  readonly sign: Sign;
  readonly fetch: typeof globalThis.fetch;
  /** 0: any free one. */
  readonly port: number;
}

export interface SigningProxy extends AsyncDisposable {
  /** Opens the dashboard, once. */
  readonly url: string;
}

const COOKIE = 'cloudtab-open';
const MAX_BYTES = 1_000_000;

/** What a browser sends on and a server of AWS may see; the address of this proxy is not among it. */
const FORWARDED =
  /^(?:accept|accept-language|content-type|if-match|if-none-match|user-agent|x-cloudtab(?:-refresh)?|sec-fetch-.*)$/;

/** The dashboard's own cookie. What else a browser keeps for 127.0.0.1, such as the way in here, stays here. */
const FORWARDED_COOKIE = /^cloudtab-flash=/;

/** What belongs to one connection, or was true of the body before it was unpacked. */
const NOT_RETURNED = /^(?:connection|keep-alive|transfer-encoding|content-encoding|content-length|upgrade)$/;

/** Starts it on 127.0.0.1. Throws UnavailableError when the port is taken. */
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

/** Who is let in. */
class Guard {
  /** Under which name alone it is called: another one may point here without anybody's wish. */
  host = '';
  readonly #session = secret();
  #token: string | undefined = secret();

  get token(): string {
    return this.#token ?? '';
  }

  /** Why the request is refused; nothing when it is not. */
  refusal({ headers }: IncomingMessage): string | undefined {
    if (headers.host !== this.host) return 'This address is not served here.';
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      return 'Another site asked for this.';
    const { origin } = headers;
    // The pages send no referrer, so a browser that sends one of their forms calls its origin "null".
    if (origin === 'null' && site === 'same-origin') return undefined;
    if (origin !== undefined && origin !== `http://${this.host}`) return 'Another site asked for this.';
    return undefined;
  }

  /** Whether the browser has been let in before. */
  knows({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? '').split('; ').map((one) => one.split('='));
    return cookies.some(([name, value = '']) => name === COOKIE && same(value, this.#session));
  }

  /** The cookie for whoever brings the token, which is good once; nothing for anybody else. */
  admit(token: string | null): string | undefined {
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
  if (refusal) return say(response, 403, refusal);
  const asked = new URL(request.url ?? '/', `http://${guard.host}`);
  if (!guard.knows(request)) {
    const cookie = guard.admit(asked.searchParams.get('token'));
    if (!cookie) return say(response, 403, 'Open the address that "cloudtab open" prints; it is good once.');
    // One slash: with two it would lead to another host.
    const location = `/${asked.pathname.replace(/^\/+/, '')}`;
    response.writeHead(303, { location, 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
    return;
  }
  const body = await bodyOf(request);
  if (!body) return say(response, 413, `More than ${MAX_BYTES} bytes.`);
  await forward(options, request, asked, body, response);
}

async function forward(
  { url, sign, fetch }: SigningProxyOptions,
  { method = 'GET', headers: given }: IncomingMessage,
  { pathname, search }: URL,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(`${url.replace(/\/$/, '')}${pathname}${search}`);
  const passed = Object.entries(given).filter(
    (one): one is [string, string] => FORWARDED.test(one[0]) && typeof one[1] === 'string',
  );
  const cookies = (given.cookie ?? '').split('; ').filter((one) => FORWARDED_COOKIE.test(one));
  if (cookies.length > 0) passed.push(['cookie', cookies.join('; ')]);
  const hasBody = body.length > 0;
  const signed = await sign({
    method,
    url: target,
    headers: Object.fromEntries(passed),
    ...(hasBody && { body }),
  });
  const { status, headers, ...got } = await fetch(target, {
    method,
    headers: signed,
    redirect: 'manual',
    ...(hasBody && { body: new Uint8Array(body) }),
  }).then(async (one) => ({ status: one.status, headers: one.headers, content: await one.arrayBuffer() }));
  for (const [name, value] of headers) {
    if (!NOT_RETURNED.test(name))
      response.appendHeader(name, name === 'location' ? local(value, target) : value);
  }
  response.writeHead(status).end(Buffer.from(got.content));
}

/** An address of the deployment as one of this proxy. */
function local(location: string, { origin }: URL): string {
  return location.startsWith(`${origin}/`) ? location.slice(origin.length) : location;
}

/** Nothing when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
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
  const text = error instanceof CloudtabError ? error.message : `The deployment did not answer: ${error}`;
  if (response.headersSent) response.destroy();
  else say(response, 502, text);
}

function say(response: ServerResponse, status: number, text: string): void {
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
