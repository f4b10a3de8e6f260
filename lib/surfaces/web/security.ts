/**
 * What guards the whole application, pages and API alike. That a caller may see it at all is decided before: by IAM at
 * the function URL, by the loopback address on a laptop.
 */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { HttpError } from './http-error.ts';

/** Scripts and styles come from files of the application alone: nothing is inline, nothing comes from elsewhere. */
export const securityHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  // A laptop has no certificate, and the function URL answers over TLS alone.
  strictTransportSecurity: false,
});

/** Nothing is kept by browsers or by what lies between, unless a route says otherwise of itself. */
export const noStore: MiddlewareHandler = async (context, next) => {
  await next();
  if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store');
};

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/**
 * Refuses changes that another site's page could have sent. Browsers say where a request comes from in
 * `Sec-Fetch-Site`, older ones in `Origin` (compared with `Host`); no page can leave out or forge these. Without
 * either, no browser of this decade sent it: then a header `X-Cloudtab` or a JSON body has to prove that it was not an
 * older one's form, which can send neither.
 */
export const csrfProtection: MiddlewareHandler = async (context, next) => {
  const { req } = context;
  if (SAFE.has(req.method)) return next();
  const site = req.header('Sec-Fetch-Site');
  const origin = req.header('Origin');
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') {
      throw new HttpError(403, 'This change was asked for by a page of another site, so nothing was done.');
    }
  } else if (origin !== undefined) {
    if (hostOf(origin) !== req.header('Host')) {
      throw new HttpError(403, 'This change was asked for by a page of another origin, so nothing was done.');
    }
  } else if (req.header('X-Cloudtab') === undefined && !JSON_TYPE.test(req.header('Content-Type') ?? '')) {
    throw new HttpError(
      403,
      'Nothing shows that this change was not asked for by another site: send the header "X-Cloudtab: 1".',
    );
  }
  return next();
};

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Refuses requests that were sent to another name: a page that made its own name point here must not read this. */
export const allowLocalHosts: MiddlewareHandler = async (context, next) => {
  if (LOCAL.test(context.req.header('Host') ?? new URL(context.req.url).host)) return next();
  throw new HttpError(
    421,
    'This address is not served here. Use http://127.0.0.1 with the port that it was started on.',
  );
};

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
