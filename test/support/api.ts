/** A client of the HTTP API of the admin application. */

import { makeDoor } from '../../lib/app/door/call.ts';
import type { CallPorts } from '../../lib/app/door/operation.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [name: string]: unknown };
}

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/** Returns a client that sends JSON bodies and the header against CSRF. */
export function apiOf(ports: CallPorts): Api {
  const app = makeApp(makeDoor(ports));
  return async (method, path, body, headers = {}) => {
    const response = await app.request(path, {
      method,
      headers: {
        'X-Cloudtab': '1',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}
