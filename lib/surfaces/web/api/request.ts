/** Reading a request of the API: everything about its form is judged here, before anything is done. */
import type { HonoRequest } from 'hono';
import type * as z from 'zod/mini';
import type { JsonObject } from '../../../core/domain/cron.ts';
import { InvalidError, NotFoundError } from '../../../core/domain/errors.ts';
import { isJsonObject } from '../../../core/domain/json-object.ts';
import { kindOf } from '../../../core/domain/json-text.ts';
import { didYouMean } from '../../../core/domain/nearest.ts';
import { formatValue, limitProblems, type Problem } from '../../../core/domain/problem.ts';
import { validate } from '../../../core/domain/validate.ts';
import { HttpError } from '../http-error.ts';
import type { QuerySchema } from './endpoint.ts';

/** What a level of a parameter's name can be, valid or not: a person may want to see and remove what is not. */
const LEVEL = /^[A-Za-z0-9_.-]{1,200}$/;

/** The parameter of the path; an empty text when the path has none of that name. Throws NotFoundError. */
export function pathParameter(request: HonoRequest, name: 'site' | 'uid' | 'id'): string {
  const value = request.param(name) ?? '';
  if (value === '' || LEVEL.test(value)) return value;
  const wanted = 'letters, digits, dots, underscores and dashes, at most 200';
  throw new NotFoundError(`There is no ${name} ${formatValue(value)}: wanted ${wanted}.`);
}

/** The query as the schema makes it. Throws InvalidError with all problems. */
export function queryOf<Shape extends z.core.$ZodShape>(
  request: HonoRequest,
  schema: QuerySchema<Shape>,
): z.output<QuerySchema<Shape>> {
  const given = Object.entries(request.query());
  const names = Object.keys(schema.shape);
  const unknown = given.filter(([name]) => !names.includes(name));
  const known = given.filter(([name]) => names.includes(name));
  const { value, problems } = validate(schema, Object.fromEntries(known));
  const all = [...unknown.map(([name]) => unknownParameter(name, names)), ...problems];
  if (!value || all.length > 0) throw new InvalidError(limitProblems(all));
  return value;
}

/** The body, a JSON object. Throws RequestError when it is something else than JSON, InvalidError otherwise. */
export async function bodyOf(request: HonoRequest): Promise<JsonObject> {
  const type = request.header('Content-Type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    const got = type === '' ? 'none' : formatValue(type);
    throw new HttpError(415, `The body has to be JSON: send "Content-Type: application/json". Got ${got}.`);
  }
  const value = parsed(await request.text());
  if (!isJsonObject(value)) {
    throw new InvalidError([
      {
        where: 'value',
        got: kindOf(value),
        wanted: 'a JSON object',
        fix: 'Write its fields between braces.',
      },
    ]);
  }
  return value;
}

/** The tags of `If-Match`; nothing when any version will do. A weak tag matches none. Throws RequestError. */
export function expectedTags(request: HonoRequest): string[] | undefined {
  const header = request.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  return header.split(',').map((part) => {
    const [, weak, tag] = /^(W\/)?"([\x21\x23-\x7e]*)"$/.exec(part.trim()) ?? [];
    if (tag === undefined)
      throw new HttpError(400, `If-Match has to be the ETag as it was sent, in quotes, or *.`);
    return weak ? `W/${tag}` : tag;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${error instanceof Error ? error.message : error}.`);
  }
}

function unknownParameter(name: string, names: readonly string[]): Problem {
  return {
    where: name,
    got: 'an unknown parameter',
    wanted: names.length === 0 ? 'no parameters' : `one of ${names.join(', ')}`,
    fix: didYouMean(name, names, 'Leave it out.'),
  };
}
