/** Serves a scheduler to its user: the dashboard, the calls of commands and programs, and its events to those that subscribe. */
import type { Door } from '../../app/door/call.ts';
import { makeApp } from './app.ts';
import type { Reading } from './env.ts';
import type { Application } from './local-door.ts';
import { type Serving, serve } from './local-server.ts';

export interface ServedScheduler {
  readonly calls: Door;
  readonly door: { token(): string };
  /** How far it has read the crontab, while it does. */
  readonly reading?: Reading | undefined;
  /** Resolves when it has read the whole crontab. */
  readonly ready: Promise<void>;
  /** The path at which programs and pages receive its events. */
  readonly eventsPath: string;
  /** Calls the listener with each event, until the returned function is called. */
  subscribe(listen: (event: SentEvent) => void): () => void;
}

export interface SentEvent {
  readonly type: string;
  readonly detail: object;
}

/** `port`: 0 is any free port, and absent the first free one from 4242. Throws ConfigurationError as `serve`. */
export async function serveScheduler(scheduler: ServedScheduler, port?: number): Promise<Serving> {
  const { calls, door, eventsPath } = scheduler;
  const ending = new AbortController();
  const app = makeApp(calls, { reading: () => scheduler.reading, events: eventsPath });
  const inside: Application = {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === 'GET' && pathname === eventsPath) return stream(scheduler, ending.signal);
      // A page says what is missing while files are read; a command or program would not know.
      if (/^\/(api|calls)\//.test(pathname)) await scheduler.ready;
      return app.fetch(request);
    },
  };
  const serving = await serve(inside, {
    token: () => door.token(),
    ...(port !== undefined && { port }),
  });
  return {
    ...serving,
    close() {
      ending.abort();
      return serving.close();
    },
  };
}

/** Each event as a line of JSON. The first line is empty: it shows that all later events follow. */
function stream(scheduler: Pick<ServedScheduler, 'subscribe'>, ending: AbortSignal): Response {
  let cancel: (() => void) | undefined;
  const lines = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('\n');
      const unsubscribe = scheduler.subscribe((event) => controller.enqueue(`${JSON.stringify(event)}\n`));
      const end = () => {
        unsubscribe();
        controller.close();
      };
      ending.addEventListener('abort', end);
      cancel = () => {
        unsubscribe();
        ending.removeEventListener('abort', end);
      };
    },
    cancel: () => cancel?.(),
  });
  const body = lines.pipeThrough(new TextEncoderStream());
  // An idle connection that was left would hold up the end of the server.
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson', Connection: 'close' } });
}
