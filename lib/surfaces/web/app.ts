/** The admin application, on Lambda and on a laptop. The server in front of it authenticates the callers. */
import type { Context, Hono } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { TrieRouter } from 'hono/router/trie-router';
import type { Door } from '../../app/door/call.ts';
import { type Caller, callerOf, type Grant } from '../../core/domain/access.ts';
import { mountApi } from './api/mount.ts';
import { mountCalls } from './calls.ts';
import type { AdminEnv, Reading } from './env.ts';
import { type HttpProblem, httpProblemOf } from './http-error.ts';
import { mountPages } from './pages/mount.ts';
import { sendRefusal, wantsPage } from './pages/respond.ts';
import { problemJson } from './problem-json.ts';
import { csrfProtection, limitBody, noStore, securityHeaders } from './security.ts';

export interface AdminOptions {
  /** How far the server has read the crontab, while it does. */
  readonly reading?: () => Reading | undefined;
  /** The path at which the server streams events: pages show each change as it happens. Absent: they ask now and then. */
  readonly events?: string;
  /** The roles of the callers. Absent: every caller is an editor of all sites. */
  readonly access?: { grants(): Promise<readonly Grant[]> };
}

/** All routes, behind the middleware of security.ts. */
export function makeApp(door: Door, { reading, events, access }: AdminOptions = {}): Hono<AdminEnv> {
  // methodNotAllowed contains this router anyway. The default routers make the bundle larger and start slower.
  const app: Hono<AdminEnv> = new HonoBase<AdminEnv>({ router: new TrieRouter() });
  const whoOf = async ({ env }: Context<AdminEnv>): Promise<Caller> => {
    const name = env?.requestContext?.authorizer?.iam?.userArn || door.by;
    return callerOf(name, (await access?.grants()) ?? []);
  };
  app.use(securityHeaders, noStore);
  // Before the roles are read: it answers whether the app runs, also if the table cannot be read.
  app.get('/health', (context) => context.json({ ok: true }));
  app.use(async (context, next) => {
    const who = await whoOf(context);
    context.set('who', who);
    context.set('call', door.as(who));
    context.set('now', door.now());
    context.set('reading', reading?.());
    context.set('events', events);
    context.set('option', door.option);
    await next();
  });
  app.use(csrfProtection, limitBody);
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: ({ req }, methods) => {
        const Allow = methods.join(', ');
        const detail = `The method ${req.method} is not allowed for ${req.path}. Allowed: ${Allow}.`;
        return problemJson({ status: 405, code: 'request', detail }, { Allow });
      },
    }),
  );
  mountApi(app);
  mountCalls(app);
  mountPages(app, door.hasOutput);
  app.notFound((context) =>
    refuse(context, {
      status: 404,
      code: 'not-found',
      detail: `No page or resource at ${context.req.path}.`,
    }),
  );
  app.onError((error, context) => {
    const refusal = httpProblemOf(error);
    const { method, path } = context.req;
    const { name: by } = context.get('who') ?? {};
    const { logger } = door;
    if (refusal.status >= 500) logger.error(`${method} ${path} failed`, { code: 'admin-failed', by, error });
    else logger.info(`${method} ${path} was refused`, { code: 'admin-refused', by, status: refusal.status });
    return refuse(context, refusal);
  });
  return app;
}

/** Sends the refusal as a page to browsers, and as JSON to programs. */
function refuse(context: Context<AdminEnv>, refusal: HttpProblem): Response | Promise<Response> {
  return wantsPage(context) ? sendRefusal(context, refusal) : problemJson(refusal);
}
