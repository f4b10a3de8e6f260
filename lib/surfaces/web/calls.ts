/**
 * The calls of cloudtab's own client: any operation with its place and its input as JSON, and the answer as the operation
 * gives it. The API for other programs is in api/.
 */
import type { Hono } from 'hono';
import * as z from 'zod/mini';
import type { UntypedCall } from '../../app/door/call.ts';
import type { Operation } from '../../app/door/operation.ts';
import { OPERATIONS, type OperationId } from '../../app/door/operations.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { once } from '../../core/domain/once.ts';
import { field, validate } from '../../core/domain/validate.ts';
import { bodyOf, LEVEL } from './api/request.ts';
import type { AdminEnv } from './env.ts';
import { problemJson } from './problem-json.ts';

const FIX = 'Use the cloudtab of this version.';

const callSchema = once(() => {
  const level = field(z.optional(z.string().check(z.regex(LEVEL))), 'the name of a site or a cron', FIX);
  const flag = field(z.optional(z.boolean()), 'true or false', FIX);
  const list = field(z.optional(z.array(z.string()).check(z.maxLength(25))), 'a list of texts', FIX);
  return z.strictObject({
    site: level,
    uid: level,
    expected: list,
    fresh: list,
    newSite: flag,
    anyRunnerWhileOff: flag,
    input: field(z.optional(z.record(z.string(), z.unknown())), 'the input of the operation', FIX),
  });
});

export function mountCalls(app: Hono<AdminEnv>): void {
  app.post('/calls/:operation', async (context) => {
    const id = context.req.param('operation');
    if (!Object.hasOwn(OPERATIONS, id) || (OPERATIONS[id as OperationId] as Operation).isForPages) {
      const detail = 'What answers here does not know this operation.';
      return problemJson({ status: 404, code: 'unknown-operation', detail });
    }
    const { value, problems } = validate(callSchema(), await bodyOf(context.req));
    if (!value) throw new InvalidError(problems);
    const { input, ...given } = value;
    const call = context.get('call') as UntypedCall;
    return context.json(await call(id as OperationId, withoutAbsent(given), input));
  });
}

function withoutAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
