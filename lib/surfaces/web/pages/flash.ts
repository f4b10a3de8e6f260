/**
 * The message of an action, in the address of the page to which it redirects. A cookie would reach every other server of
 * 127.0.0.1, and no function of a deployment knows what another one has answered. No link can make a page show a message:
 * browsers declare that a link, or the user, asked for the page and not the dashboard.
 */
import type { Context } from 'hono';
import { truncateBytes } from '../../../core/domain/truncate-bytes.ts';
import type { AdminEnv } from '../env.ts';

export interface Flash {
  readonly kind: 'done' | 'refused';
  readonly message: string;
  /** The uids of what the action changed: the next page reads their latest state. */
  readonly fresh?: readonly string[];
  /** The uids of the crons that were removed: the page offers to restore them. At most as many as an operation takes. */
  readonly removed?: readonly string[];
}

/** The script removes this parameter from the address that the browser shows. */
const PARAMETER = 'flash';
/** A page that is reloaded or restored later shows no message. */
const LIFETIME_MS = 60_000;
/** Servers in between limit the length of an address. */
const MAX_BYTES = 1500;
const MAX_FRESH = 5;

/** Redirects to a page that shows the message. `to` is a path with or without a query. */
export function redirectWithFlash(
  context: Context<AdminEnv>,
  to: string,
  { kind, message, fresh = [], removed }: Flash,
): Response {
  const text = truncateBytes(message, MAX_BYTES).text;
  const at = context.get('now');
  const flash = { kind, message: text, fresh: fresh.slice(0, MAX_FRESH), removed, at };
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  return context.redirect(`${to}${to.includes('?') ? '&' : '?'}${PARAMETER}=${value}`, 303);
}

/** The message for the page; undefined if it is too old, or if anything but a page of the dashboard asked for the page. */
export function takeFlash(context: Context<AdminEnv>): Flash | undefined {
  const value = context.req.query(PARAMETER);
  const site = context.req.header('Sec-Fetch-Site');
  if (value === undefined || (site !== undefined && site !== 'same-origin')) return undefined;
  return read(value, context.get('now'));
}

/** Undefined for anything that `redirectWithFlash` did not write. */
function read(value: string, now: number): Flash | undefined {
  try {
    const { kind, message, fresh, removed, at }: Record<string, unknown> = JSON.parse(
      Buffer.from(value, 'base64url').toString(),
    );
    if (typeof at !== 'number' || Math.abs(now - at) > LIFETIME_MS) return undefined;
    if (typeof message !== 'string' || !Array.isArray(fresh)) return undefined;
    return {
      kind: kind === 'refused' ? 'refused' : 'done',
      message,
      fresh: fresh.map(String),
      ...(Array.isArray(removed) && { removed: removed.map(String) }),
    };
  } catch {
    return undefined;
  }
}
