/**
 * The admin application: the same on Lambda and on a laptop. Whoever serves it lets only authenticated calls through.
 */
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HonoBase } from 'hono/hono-base';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { TrieRouter } from 'hono/router/trie-router';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { mountApi } from './api/mount.ts';
import type { AdminEnv } from './env.ts';
import { type HttpProblem, httpProblemOf } from './http-error.ts';
import { mountPages, type PageOptions } from './pages/mount.ts';
import { sendRefusal, wantsPage } from './pages/respond.ts';
import { problemJson } from './problem-json.ts';
import { allowLocalHosts, csrfProtection, noStore, securityHeaders } from './security.ts';

export interface AdminOptions extends PageOptions {
  /** Answers only requests that were sent to this machine by its own name. */
  readonly localOnly?: boolean;
}

/** The longest request body, in bytes: several times what a parameter can hold. */
export const MAX_BODY_BYTES = 64 * 1024;

/** All routes, guarded. */
export function makeApp(
  ports: OperationPorts,
  { localOnly = false, ...pages }: AdminOptions = {},
): Hono<AdminEnv> {
  // The router that methodNotAllowed brings anyway: the usual ones are faster with more routes, and start later.
  const app: Hono<AdminEnv> = new HonoBase<AdminEnv>({ router: new TrieRouter() });
  app.use(securityHeaders, noStore);
  app.use(async (context, next) => {
    const by = callerOf(context.env) ?? ports.by;
    const logger = by === undefined ? ports.logger : ports.logger.with({ by });
    context.set('ports', { ...ports, logger, ...(by === undefined ? {} : { by }) });
    await next();
  });
  if (localOnly) app.use(allowLocalHosts);
  app.use(csrfProtection);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: ({ req }, methods) => {
        const Allow = methods.join(', ');
        const detail = `${req.path} does not know ${req.method}; it knows ${Allow}.`;
        return problemJson({ status: 405, detail }, { Allow });
      },
    }),
  );
  app.get('/health', (context) => context.json({ ok: true }));
  mountApi(app);
  mountPages(app, pages);
  app.notFound((context) =>
    refuse(context, { status: 404, detail: `There is nothing at ${context.req.path}.` }),
  );
  app.onError((error, context) => {
    const refusal = httpProblemOf(error);
    const { method, path } = context.req;
    const logger = context.get('ports')?.logger ?? ports.logger;
    if (refusal.status >= 500) logger.error(`${method} ${path} failed`, { code: 'admin-failed', error });
    else logger.info(`${method} ${path} was refused`, { code: 'admin-refused', status: refusal.status });
    return refuse(context, refusal);
  });
  return app;
}

/** To a person as a page, to a program as JSON. */
function refuse(context: Context<AdminEnv>, refusal: HttpProblem): Response | Promise<Response> {
  return wantsPage(context) ? sendRefusal(context, refusal) : problemJson(refusal);
}

function tooLarge(): Response {
  const detail = `The body is longer than ${MAX_BODY_BYTES / 1024} KB: a cron has at most 8 KB.`;
  return problemJson({ status: 413, detail });
}

/**
 * The ARN of the IAM identity that signed the request to a function URL, from the event of the Lambda; headers cannot
 * forge it. Undefined when the bindings are not Lambda's, or the URL requires no signature.
 */
function callerOf(bindings: unknown): string | undefined {
  const iam = property(property(property(bindings, 'requestContext'), 'authorizer'), 'iam');
  const arn = property(iam, 'userArn');
  return typeof arn === 'string' && arn !== '' ? arn : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
