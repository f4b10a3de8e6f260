/** Adds the routes of the API and its OpenAPI document. */
import type { Context, Hono } from 'hono';
import * as z from 'zod/mini';
import type { AdminEnv } from '../env.ts';
import { describeApi } from './description.ts';
import type { Endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
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

const NO_QUERY = z.strictObject({});

async function answer(endpoint: Endpoint, context: Context<AdminEnv>): Promise<Response> {
  const { req } = context;
  if (!endpoint.query) queryOf(req, NO_QUERY);
  const expected = endpoint.conditional && expectedTags(req);
  const { body, tag, location } = await endpoint.handle({
    ports: context.get('ports'),
    site: pathParameter(req, 'site'),
    uid: pathParameter(req, 'uid'),
    id: pathParameter(req, 'id'),
    query: (schema) => queryOf(req, schema),
    body: endpoint.body ? await bodyOf(req) : {},
    ...(expected && { expected }),
  });
  if (tag !== undefined) context.header('ETag', `"${tag}"`);
  if (location !== undefined) context.header('Location', location);
  return context.body(JSON.stringify(body), endpoint.answer.status, { 'Content-Type': 'application/json' });
}
