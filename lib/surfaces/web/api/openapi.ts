/** The OpenAPI 3.1 document of the API, from the endpoints that serve it and their schemas. */
import { STATUS_CODES } from 'node:http';
import type * as z from 'zod/mini';
import { answers } from '../../../app/door/answers.ts';
import { OPERATIONS } from '../../../app/door/operations.ts';
import { jsonSchemaOf } from '../../../core/domain/json-schema.ts';
import { SITE } from '../../../core/domain/names.ts';
import type { HttpProblemStatus } from '../http-error.ts';
import { PROBLEM_TYPE } from '../problem-json.ts';
import type { Endpoint } from './endpoint.ts';
import { bodySchema, querySchema } from './input-schemas.ts';
import { TAGS } from './request.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const EVERYWHERE: readonly HttpProblemStatus[] = [403, 404, 405, 422, 429, 500, 503];
const IF_MATCH = { type: 'string', pattern: TAGS.source };
const OF_TAGS: readonly HttpProblemStatus[] = [400];
const OF_BODIES: readonly HttpProblemStatus[] = [400, 413, 415, 422];

const MEANINGS: Partial<Record<HttpProblemStatus, string>> = {
  403: 'The caller lacks the role, or a page of another site may have sent the change: send "X-Cloudtab: 1" or a JSON body',
  409: 'The crontab is read-only, the uid is taken, or the cron cannot run',
  412: 'Another change came first: "changes" lists its fields',
  422: 'Invalid input: "problems" lists all problems',
};

export function openApi(endpoints: readonly Endpoint[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[`/api${endpoint.path}`] = {
      ...paths[`/api${endpoint.path}`],
      [endpoint.method]: operation(endpoint),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'cloudtab',
      version: '1',
      description:
        'The crontabs of a deployment. Behind the function URL each request is signed with AWS credentials. ' +
        'A change needs the header "X-Cloudtab: 1" or a JSON body, unless a page of the dashboard sends it.',
    },
    paths,
    components: { schemas: { Refusal: jsonSchema(answers().refusal, 'output') } },
  };
}

function operation(endpoint: Endpoint) {
  const { id = endpoint.operation, summary, description, status = 200, tagOf, refusals } = endpoint;
  const body = bodySchema(endpoint);
  const more = [...(body ? OF_BODIES : []), ...(endpoint.conditional ? OF_TAGS : [])];
  const statuses = [...new Set([...EVERYWHERE, ...more, ...refusals])].sort((a, b) => a - b);
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parameters(endpoint),
    ...(body && { requestBody: { required: true, content: json(jsonSchema(body, 'input')) } }),
    responses: {
      [status]: {
        description: endpoint.answer ?? 'The result',
        ...(tagOf && { headers: { ETag: { schema: { type: 'string' } } } }),
        content: json(jsonSchema(OPERATIONS[endpoint.operation].answer(), 'output')),
      },
      ...Object.fromEntries(statuses.map((refused) => [refused, refusal(refused)])),
    },
  };
}

function parameters(endpoint: Endpoint) {
  const { path, conditional, mayCreateSite } = endpoint;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const { properties = {}, required = [] } = jsonSchema(querySchema(endpoint), 'input');
  return [
    ...names.map((name) => {
      // Users can see and change what has a name that is not valid; nothing new can have one.
      const isNew = name === 'site' && mayCreateSite;
      const schema = { type: 'string', ...(isNew && { pattern: SITE.source }) };
      return { name, in: 'path', required: true, schema };
    }),
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
    })),
    ...(conditional ? [{ name: 'If-Match', in: 'header', required: false, schema: IF_MATCH }] : []),
  ];
}

function refusal(status: HttpProblemStatus) {
  return {
    description: MEANINGS[status] ?? STATUS_CODES[status],
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Refusal' } } },
  };
}

function json(schema: JsonSchema) {
  return { 'application/json': { schema } };
}

function jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = jsonSchemaOf(schema, io);
  return rest;
}
