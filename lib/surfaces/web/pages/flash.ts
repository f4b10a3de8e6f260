/** The message of an action on the next page, in a cookie for one page: no link can make a page show a message. */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { truncate } from '../../../core/domain/truncate.ts';

export interface Flash {
  readonly kind: 'done' | 'refused';
  readonly message: string;
  /** The uids of what the action changed: the next page reads their latest state. */
  readonly fresh: readonly string[];
}

/** The header of a refresh by the script: it leaves the message for the next page that the user opens. */
const QUIET_HEADER = 'x-cloudtab-refresh';

const COOKIE = 'cloudtab-flash';
const MAX_CHARACTERS = 1500;
const MAX_FRESH = 5;

/** Redirects to a page that shows the message. */
export function redirectWithFlash(context: Context, to: string, { kind, message, fresh }: Flash): Response {
  const flash = { kind, message: truncate(message, MAX_CHARACTERS), fresh: fresh.slice(0, MAX_FRESH) };
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  setCookie(context, COOKIE, value, { path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 60 });
  return context.redirect(to, 303);
}

/** Returns the message and deletes its cookie. */
export function takeFlash(context: Context): Flash | undefined {
  const value = getCookie(context, COOKIE);
  if (value === undefined || context.req.header(QUIET_HEADER) !== undefined) return undefined;
  deleteCookie(context, COOKIE, { path: '/' });
  return read(value);
}

/** Undefined for a cookie of another program: all servers of 127.0.0.1 share their cookies. */
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
