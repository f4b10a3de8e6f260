/**
 * Middleware that protects pages and API against other sites and oversized requests. Authentication comes before: IAM at the
 * function URL, local-door.ts on this computer.
 */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { HttpError } from './http-error.ts';
import { problemJson } from './problem-json.ts';

/** Browsers load scripts and styles only from the assets of the application; inline scripts and styles are blocked. */
export const securityHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    // A service worker would stay, and answer for whatever is served at this address and port later.
    workerSrc: ["'none'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  // A laptop has no certificate, and the function URL always uses TLS.
  strictTransportSecurity: false,
});

/** Disables caching, unless a route sets its own Cache-Control. */
export const noStore: MiddlewareHandler = async (context, next) => {
  await next();
  if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store');
};

/** The size limit of a request body: several times the size of a parameter. */
const MAX_BODY_BYTES = 64 * 1024;
/** A call may hold the steps of a whole profile. */
const MAX_CALL_BYTES = 1024 * 1024;

const limitTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () =>
      problemJson({
        status: 413,
        code: 'request',
        detail: `The body is larger than ${maxSize / 1024} KB. A cron has at most 8 KB.`,
      }),
  });
const [limitOther, limitCall] = [limitTo(MAX_BODY_BYTES), limitTo(MAX_CALL_BYTES)];

export const limitBody: MiddlewareHandler = (context, next) =>
  (/\/calls\/\w+$/.test(context.req.path) ? limitCall : limitOther)(context, next);

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The types of JSON bodies. */
export const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * CSRF protection. Browsers send the origin of a request in `Sec-Fetch-Site`, older ones in `Origin`, and no page can
 * forge these headers. A request without them needs the header `X-Cloudtab` or a JSON body, which a form of a very old
 * browser cannot send.
 */
export const csrfProtection: MiddlewareHandler = async (context, next) => {
  const { req } = context;
  if (SAFE.has(req.method)) return next();
  const site = req.header('Sec-Fetch-Site');
  const origin = req.header('Origin');
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') {
      throw new HttpError(403, 'A page of another site sent this change, so it was refused.');
    }
  } else if (origin !== undefined) {
    if (hostOf(origin) !== req.header('Host')) {
      throw new HttpError(403, 'A page of another origin sent this change, so it was refused.');
    }
  } else if (req.header('X-Cloudtab') === undefined && !JSON_TYPE.test(req.header('Content-Type') ?? '')) {
    throw new HttpError(
      403,
      'The change was refused, since a page of another site may have sent it. Send the header "X-Cloudtab: 1".',
    );
  }
  return next();
};

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Refuses requests for other host names: protection against DNS rebinding. */
export const allowLocalHosts: MiddlewareHandler = async (context, next) => {
  if (LOCAL.test(context.req.header('Host') ?? new URL(context.req.url).host)) return next();
  throw new HttpError(
    421,
    'This host name is not served here. Use http://127.0.0.1 with the port of the server.',
  );
};

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
