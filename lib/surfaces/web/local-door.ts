/**
 * The guard of every server on this computer. The loopback address does not identify a caller: other accounts, containers
 * with the host's network and any page in a browser reach it. So everything is below a secret path, and nothing is in a
 * cookie, which browsers would also send to the other ports of 127.0.0.1. The application inside does not know its door: the
 * door takes the secret off the path of a request, and puts it in front of the paths in the response.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { TrieRouter } from 'hono/router/trie-router';
import { httpProblemOf } from './http-error.ts';
import { problemJson } from './problem-json.ts';
import { allowLocalHosts, csrfProtection, limitBody, noStore, securityHeaders } from './security.ts';

/** Answers requests: an application, or a way to one elsewhere. */
export interface Application {
  fetch(request: Request): Response | Promise<Response>;
}

/** The path of a request inside of the door, and what is in front of it outside: empty for a program with a bearer token. */
interface Entry {
  readonly path: string;
  readonly prefix: string;
}

interface DoorEnv {
  Variables: { entry: Entry };
}

const CLOSED =
  'Not found. The address of this server contains a secret. For the crontab of a folder "cloudtab door" prints it, ' +
  'and for a deployment "cloudtab open".\n';

/** The application behind its door. `token` is asked for at each request, since it may change; it is base64url. */
export function behindDoor(inside: Application, token: () => string): Application {
  const door = new HonoBase<DoorEnv>({ router: new TrieRouter() });
  door.use(securityHeaders, noStore, admit(token), allowLocalHosts, csrfProtection, limitBody);
  // No Request can have this method.
  door.on('TRACE', '*', ({ req }) => {
    const detail = `The method ${req.method} is not allowed.`;
    return problemJson({ status: 405, code: 'request', detail }, { Allow: 'GET, HEAD, POST, PATCH, DELETE' });
  });
  door.all('*', (context) => passOn(context, inside));
  door.onError((error) => problemJson(httpProblemOf(error)));
  return { fetch: (request) => door.fetch(request) };
}

/** Answers every request without the token alike, whatever its path, its method and its other faults are. */
function admit(token: () => string): MiddlewareHandler<DoorEnv> {
  return async (context, next) => {
    const entry = entryOf(new URL(context.req.url).pathname, context.req.header('Authorization'), token());
    if (!entry) return context.text(CLOSED, 404);
    context.set('entry', entry);
    return next();
  };
}

/** Whether a request with that path and header comes from the owner. */
export function hasToken(path: string, authorization: string | undefined, token: string): boolean {
  return entryOf(path, authorization, token) !== undefined;
}

function entryOf(pathname: string, authorization: string | undefined, token: string): Entry | undefined {
  const [, segment = '', path = ''] = /^\/([^/]*)(.*)$/s.exec(pathname) ?? [];
  if (isSame(segment, token)) return { prefix: `/${token}`, path: path || '/' };
  const [, bearer = ''] = /^Bearer ([\w-]+)$/i.exec(authorization ?? '') ?? [];
  return isSame(bearer, token) ? { prefix: '', path: pathname } : undefined;
}

/** Takes the same time wherever the two differ. */
function isSame(text: string, token: string): boolean {
  const [one, other] = [Buffer.from(text), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function passOn(context: Context<DoorEnv>, inside: Application): Promise<Response> {
  const { path, prefix } = context.get('entry');
  const url = new URL(context.req.url);
  url.pathname = path;
  const response = await inside.fetch(new Request(url, context.req.raw));
  return prefix === '' ? response : withPrefix(response, prefix);
}

async function withPrefix(response: Response, prefix: string): Promise<Response> {
  const headers = new Headers(response.headers);
  const location = headers.get('Location');
  if (location !== null && isPath(location)) headers.set('Location', `${prefix}${location}`);
  const isPage = headers.get('Content-Type')?.startsWith('text/html');
  const body = isPage ? linksBelow(await response.text(), prefix) : response.body;
  return new Response(body, { status: response.status, headers });
}

/** The attributes of the pages that hold a path. Values that users typed have their quotation marks escaped. */
const LINK =
  / (?:action|data-events|data-follow|data-health|data-preview|data-sites|formaction|href|src)="(?=\/(?!\/))/g;

function linksBelow(page: string, prefix: string): string {
  return page.replace(LINK, (attribute) => `${attribute}${prefix}`);
}

/** Two slashes would begin the name of another host. */
function isPath(location: string): boolean {
  return /^\/(?!\/)/.test(location);
}
