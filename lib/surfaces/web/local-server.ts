/** Serves an application on the loopback address, behind its door. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { type Application, behindDoor, hasToken } from './local-door.ts';

export interface ServeOptions {
  /** The present token of the door. */
  readonly token: () => string;
  /** 0: any free port. Absent: the first free port from 4242. */
  readonly port?: number;
}

export interface Serving {
  /** Such as `http://127.0.0.1:4242`. Programs use it with the token as a bearer. */
  readonly address: string;
  /** A line that names the default port if it is taken; absent if it is free or was not asked for. */
  readonly note?: string;
  /** Waits for the requests in progress. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 4242;
const MAX_TRIED = 20;

/** Idle connections must not use up the file descriptors, which the scheduler needs. */
const MAX_CONNECTIONS = 64;
/** So many of them may have sent no token yet. */
const MAX_STRANGERS = 32;
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

const HOST = '127.0.0.1';

/** Starts the server. Throws ConfigurationError if the port is taken or not allowed. */
export async function serve(app: Application, { port, token }: ServeOptions): Promise<Serving> {
  const { fetch } = behindDoor(app, token);
  const ports = port === undefined ? Array.from({ length: MAX_TRIED }, (_, n) => DEFAULT_PORT + n) : [port];
  for (const tried of ports) {
    const server = createServer(TIMEOUTS, getRequestListener(fetch));
    server.maxConnections = MAX_CONNECTIONS;
    keepRoom(server, token);
    try {
      server.listen(tried, HOST);
      await once(server, 'listening');
    } catch (error) {
      if (port === undefined && codeOf(error) === 'EADDRINUSE') continue;
      throw new ConfigurationError(reason(tried, codeOf(error)), { cause: error });
    }
    const address = addressOf(server);
    const note = `The port ${DEFAULT_PORT} is taken by another process, so the dashboard uses ${tried}.\n`;
    const isNext = port === undefined && tried !== DEFAULT_PORT;
    return { address, ...(isNext && { note }), close: () => server[Symbol.asyncDispose]() };
  }
  const last = DEFAULT_PORT + MAX_TRIED - 1;
  throw new ConfigurationError(
    `The ports ${DEFAULT_PORT} to ${last} of ${HOST} are all taken. Choose another with --port.`,
  );
}

/** Closes the oldest connection without the token when there are too many, so that other accounts cannot keep the owner out. */
function keepRoom(server: Server, token: () => string): void {
  const strangers = new Set<Socket>();
  server.on('connection', (socket) => {
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
    const [oldest] = strangers;
    if (strangers.size > MAX_STRANGERS) oldest?.destroy();
  });
  server.on('request', ({ url = '', headers, socket }) => {
    if (hasToken(url, headers.authorization, token())) strangers.delete(socket);
  });
}

function reason(port: number, code: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `The port ${port} of ${HOST} is taken by another process. Choose another with --port, or 0 for any.`;
    case 'EACCES':
      return `The port ${port} of ${HOST} is reserved for the system. Choose one above 1023 with --port.`;
    case 'ERR_SOCKET_BAD_PORT':
      return `The port ${port} is invalid. Choose one from 1024 to 65535 with --port, or 0 for any.`;
    default:
      return `Cannot listen on port ${port} of ${HOST}: ${code}. Choose another with --port.`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function addressOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${HOST}:${port}`;
}

/** The address of the dashboard in a browser, behind its door. */
export function dashboardUrl(address: string, token: string, path = ''): string {
  return `${address}/${token}/${path}`;
}
