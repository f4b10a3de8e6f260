/** Adds the routes of the API and its OpenAPI document. */
import type { Context, Hono } from 'hono';
import type { UntypedCall } from '../../../app/door/call.ts';
import type { Operation } from '../../../app/door/operation.ts';
import { OPERATIONS } from '../../../app/door/operations.ts';
import type { AdminEnv } from '../env.ts';
import { describeApi } from './description.ts';
import type { Endpoint, PathParameters } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { bodySchema, querySchema } from './input-schemas.ts';
import { bodyOf, expectedTags, pathParameter, queryOf } from './request.ts';

export function mountApi(app: Hono<AdminEnv>): void {
  let description: string | undefined;
  app.get('/api/openapi.json', (context) => {
    // Creating it at the start would double the time of a cold start.
    description ??= describeApi();
    return context.body(description, 200, { 'Content-Type': 'application/json' });
  });
  for (const endpoint of ENDPOINTS) {
    const path = `/api${endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    app.on(endpoint.method.toUpperCase(), path, (context) => answer(endpoint, context));
  }
}

async function answer(endpoint: Endpoint, context: Context<AdminEnv>): Promise<Response> {
  const { req } = context;
  const parameters = {
    site: pathParameter(req, 'site'),
    uid: pathParameter(req, 'uid'),
    id: pathParameter(req, 'id'),
  };
  const expected = endpoint.conditional && expectedTags(req);
  const query = queryOf(req, querySchema(endpoint));
  const { site, uid } = parameters;
  const place = {
    ...(site !== '' && { site }),
    ...(uid !== '' && { uid }),
    ...(expected && { expected }),
    ...(query.newSite === true && { newSite: true }),
  };
  const input = await inputOf(endpoint, context, parameters, query);
  const call = context.get('call') as UntypedCall;
  const answer = (await call(endpoint.operation, place, input)) as never;
  const tag = endpoint.tagOf?.(answer);
  const location = endpoint.locationOf?.(answer);
  if (tag !== undefined) context.header('ETag', `"${tag}"`);
  if (location !== undefined) context.header('Location', location);
  const { json }: Operation = OPERATIONS[endpoint.operation];
  const body = json ? json(answer) : answer;
  const type = { 'Content-Type': 'application/json' };
  return context.body(JSON.stringify(body), endpoint.status ?? 200, type);
}

async function inputOf(
  endpoint: Endpoint,
  { req }: Context<AdminEnv>,
  parameters: PathParameters,
  query: object,
): Promise<object | undefined> {
  if (endpoint.inputOf) return { ...endpoint.inputOf(parameters), ...query };
  if (bodySchema(endpoint)) return bodyOf(req);
  return query;
}
