/**
 * What other processes of the user who runs the scheduler send to it: runs that it is to start, and events of their edits, so that
 * it announces whatever happens to its crontab. It sends all of them to programs that subscribe.
 */
import * as z from 'zod/mini';
import { InvalidError } from '../../core/domain/errors.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import { field, validate } from '../../core/domain/validate.ts';
import { httpProblemOf } from './http-error.ts';
import type { Application } from './local-door.ts';
import { problemJson } from './problem-json.ts';

/** Each throws a CloudtabError to refuse. */
export interface SchedulerRoutes {
  readonly deliver: (delivery: Delivery) => Promise<void>;
  readonly announce: (event: SentEvent) => Promise<void>;
  /** Calls the listener with each event, until the returned function is called. */
  readonly subscribe: (listen: (event: SentEvent) => void) => () => void;
  /** Ends all subscriptions. */
  readonly ending: AbortSignal;
}

export interface SentEvent {
  readonly type: string;
  readonly detail: object;
}

const FIX = 'Use the cloudtab of the version that runs the scheduler.';

const deliverySchema = z.strictObject({
  site: field(z.string(), 'the name of a site', FIX),
  uid: field(z.string(), 'the uid of a cron', FIX),
  plannedAt: field(z.int(), 'epoch milliseconds', FIX),
  forced: field(z.string(), 'the id of the run', FIX),
  requestedBy: field(z.optional(z.string()), 'the user who requested it', FIX),
  evenOff: field(z.optional(z.literal(true)), 'true, or nothing', FIX),
});

const eventSchema = z.strictObject({
  type: field(z.string(), 'the type of an event', FIX),
  detail: field(z.record(z.string(), z.unknown()), 'the detail of an event', FIX),
});

/** The application with these paths before it. */
export function withSchedulerRoutes(
  inside: Application,
  paths: { readonly [route in 'deliver' | 'announce']: string },
  { deliver, announce, subscribe, ending }: SchedulerRoutes,
): Application {
  const routes = new Map<string, (body: unknown) => Promise<void>>([
    [paths.deliver, (body) => deliver(valid(deliverySchema, body) as Delivery)],
    [paths.announce, (body) => announce(valid(eventSchema, body))],
  ]);
  return {
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === 'GET' && pathname === paths.announce) return stream(subscribe, ending);
      const route = request.method === 'POST' ? routes.get(pathname) : undefined;
      return route ? accept(request, route) : inside.fetch(request);
    },
  };
}

/** Each event as a line of JSON. The first line is empty: it shows that all later events follow. */
function stream(subscribe: SchedulerRoutes['subscribe'], ending: AbortSignal): Response {
  let cancel: (() => void) | undefined;
  const lines = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('\n');
      const unsubscribe = subscribe((event) => controller.enqueue(`${JSON.stringify(event)}\n`));
      const end = () => {
        unsubscribe();
        controller.close();
      };
      if (ending.aborted) end();
      else ending.addEventListener('abort', end);
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

function valid<Shape extends z.core.$ZodShape>(
  schema: z.ZodMiniObject<Shape, z.core.$strict>,
  body: unknown,
): z.output<typeof schema> {
  const { value, problems } = validate(schema, body);
  if (!value) throw new InvalidError(problems);
  return value;
}

async function accept(request: Request, route: (body: unknown) => Promise<void>): Promise<Response> {
  try {
    await route(await request.json());
    return new Response(null, { status: 204 });
  } catch (error) {
    return problemJson(httpProblemOf(error));
  }
}
