/** An HTTP server on this machine that answers as a test specifies and keeps the requests. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AnsweringServer extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** The requests, oldest first. */
  readonly asked: Asked[];
}

/** Starts a server on a free port. */
export async function startServer(
  answer: (asked: Asked, response: ServerResponse) => void,
): Promise<AnsweringServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const details = { method, path: url, headers, body: await text(request) };
    asked.push(details);
    answer(details, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return {
    host: `127.0.0.1:${address.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
