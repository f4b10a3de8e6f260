/** Serves the admin application to this machine alone. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { AdminEnv } from './env.ts';

export interface ServeOptions {
  /** 0: one that is free. Absent: 4242, or the next free one after it. */
  readonly port?: number;
}

export interface Serving {
  /** Such as `http://127.0.0.1:4242`. */
  readonly url: string;
  /** Answers what is being asked, and nothing more. */
  close(): Promise<void>;
}

/** What is listened on when nobody says otherwise. */
const DEFAULT_PORT = 4242;
const MAX_TRIED = 20;

const HOST = '127.0.0.1';

/**
 * Listens on the loopback address. Throws ConfigurationError when the port that was asked for is taken or not allowed.
 * The application has to be made `localOnly`, since any page may send its visitor's browser here.
 */
export async function serve(
  app: Pick<Hono<AdminEnv>, 'fetch'>,
  { port }: ServeOptions = {},
): Promise<Serving> {
  const ports = port === undefined ? Array.from({ length: MAX_TRIED }, (_, n) => DEFAULT_PORT + n) : [port];
  for (const tried of ports) {
    const server = createServer(getRequestListener(app.fetch));
    try {
      server.listen(tried, HOST);
      await once(server, 'listening');
    } catch (error) {
      if (port === undefined && codeOf(error) === 'EADDRINUSE') continue;
      throw new ConfigurationError(reason(tried, codeOf(error)), { cause: error });
    }
    return { url: urlOf(server.address()), close: () => closed(server) };
  }
  const last = DEFAULT_PORT + MAX_TRIED - 1;
  throw new ConfigurationError(
    `The ports ${DEFAULT_PORT} to ${last} of ${HOST} are all taken. Choose another with --port.`,
  );
}

function reason(port: number, code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `The port ${port} of ${HOST} is taken by another process. Choose another with --port, or 0 for any.`;
    case 'EACCES':
      return `The port ${port} of ${HOST} is kept for the system. Choose one above 1023 with --port.`;
    case 'ERR_SOCKET_BAD_PORT':
      return `There is no port ${port}. Choose one from 1024 to 65535 with --port, or 0 for any.`;
    default:
      return `The port ${port} of ${HOST} cannot be listened on: ${code}. Choose another with --port.`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function urlOf(address: ReturnType<ReturnType<typeof createServer>['address']>): string {
  return `http://${HOST}:${typeof address === 'object' ? address?.port : address}`;
}

async function closed(server: ReturnType<typeof createServer>): Promise<void> {
  const done = once(server, 'close');
  server.close();
  // Browsers keep connections open for a while without asking anything.
  server.closeIdleConnections();
  await done;
}
