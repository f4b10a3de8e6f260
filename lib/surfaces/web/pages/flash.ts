/**
 * What an action did, told on the next page. It travels in a cookie that lives for one page, so that no link can make
 * a page say something.
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { truncate } from '../../../core/domain/truncate.ts';

export interface Flash {
  readonly kind: 'done' | 'refused';
  readonly message: string;
  /** What was just changed: the next page has to show its latest state. */
  readonly fresh: readonly string[];
}

/** The script asks for the page again with this, and must not use up what a person has not read. */
const QUIET_HEADER = 'x-cloudtab-refresh';

const COOKIE = 'cloudtab-flash';
const MAX_CHARACTERS = 1500;
const MAX_FRESH = 5;

/** Goes to a page, which will say this. */
export function redirectSaying(context: Context, to: string, { kind, message, fresh }: Flash): Response {
  const flash = { kind, message: truncate(message, MAX_CHARACTERS), fresh: fresh.slice(0, MAX_FRESH) };
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  setCookie(context, COOKIE, value, { path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 60 });
  return context.redirect(to, 303);
}

/** What this page has to say, once. */
export function takeFlash(context: Context): Flash | undefined {
  const value = getCookie(context, COOKIE);
  if (value === undefined || context.req.header(QUIET_HEADER) !== undefined) return undefined;
  deleteCookie(context, COOKIE, { path: '/' });
  return read(value);
}

/** Nothing when it is not one of ours: cookies of 127.0.0.1 are shared with whatever else is served there. */
function read(value: string): Flash | undefined {
  try {
    const { kind, message, fresh }: Record<string, unknown> = JSON.parse(
      Buffer.from(value, 'base64url').toString(),
    );
    if (typeof message !== 'string' || !Array.isArray(fresh)) return undefined;
    return { kind: kind === 'refused' ? 'refused' : 'done', message, fresh: fresh.map(String) };
  } catch {
    return undefined;
  }
}
