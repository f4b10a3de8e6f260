/**
 * What other processes of the user who runs the scheduler send to it: runs that it is to start, and events of their edits. So it
 * announces whatever happens to its crontab.
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
}

export interface SentEvent {
  readonly type: string;
  readonly detail: { readonly [field: string]: unknown };
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
  paths: { readonly [route in keyof SchedulerRoutes]: string },
  { deliver, announce }: SchedulerRoutes,
): Application {
  const routes = new Map<string, (body: unknown) => Promise<void>>([
    [paths.deliver, (body) => deliver(valid(deliverySchema, body) as Delivery)],
    [paths.announce, (body) => announce(valid(eventSchema, body))],
  ]);
  return {
    fetch: (request) => {
      const route = request.method === 'POST' ? routes.get(new URL(request.url).pathname) : undefined;
      return route ? accept(request, route) : inside.fetch(request);
    },
  };
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
