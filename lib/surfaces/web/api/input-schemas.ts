/** The schemas of what a request of an endpoint may hold. */
import * as z from 'zod/mini';
import type { InputSchema, Operation } from '../../../app/door/operation.ts';
import { OPERATIONS } from '../../../app/door/operations.ts';
import { withNullableFields } from '../../../core/domain/json-schema.ts';
import { once } from '../../../core/domain/once.ts';
import { field } from '../../../core/domain/validate.ts';
import type { Endpoint } from './endpoint.ts';

const nothing = once(() => z.strictObject({}));
const newSite = once(() =>
  z.strictObject({
    newSite: field(
      z.optional(z.boolean()),
      '"true" or "false"',
      'Send "true" to create a missing site, or leave it out.',
    ),
  }),
);

/** The parameters of the query string; it refuses others. */
export function querySchema({ operation, method, inputOf, mayCreateSite, query }: Endpoint): InputSchema {
  const { input }: Operation = OPERATIONS[operation];
  if (query) return query();
  if (method === 'get' && input && !inputOf) return input();
  return mayCreateSite ? newSite() : nothing();
}

/** The body; undefined if the endpoint has none. The operation validates it. */
export function bodySchema({ operation, method, inputOf }: Endpoint): z.ZodMiniType | undefined {
  if (method === 'get' || inputOf) return undefined;
  const { input, fields }: Operation = OPERATIONS[operation];
  return input ? nullable(input()) : fields?.();
}

/** Null counts as absent, so any field that may be absent may be null. */
function nullable(schema: InputSchema): z.ZodMiniType {
  const required = Object.entries(schema.shape).flatMap(([name, { _zod }]) =>
    _zod.def.type === 'optional' ? [] : [name],
  );
  return withNullableFields(schema, required);
}
