/** Reads and checks the path, the query string, the headers and the body of a request. Operations validate the content. */
import type { HonoRequest } from 'hono';
import type * as z from 'zod/mini';
import type { InputSchema } from '../../../app/door/operation.ts';
import type { JsonObject } from '../../../core/domain/cron.ts';
import { InvalidError, NotFoundError } from '../../../core/domain/errors.ts';
import { isJsonObject } from '../../../core/domain/json-object.ts';
import { kindOf } from '../../../core/domain/json-text.ts';
import { didYouMean } from '../../../core/domain/nearest.ts';
import { formatValue, limitProblems, type Problem } from '../../../core/domain/problem.ts';
import { validate } from '../../../core/domain/validate.ts';
import { HttpError } from '../http-error.ts';
import { JSON_TYPE } from '../security.ts';

/** The levels that the name of a parameter can have: users can see and remove a parameter with an invalid name. */
export const LEVEL = /^[A-Za-z0-9_.-]{1,200}$/;

/**
 * The value of `If-Match`: `*`, or a list of tags, as the header `ETag` has them, where they may contain commas, or as `tag` of an
 * answer has them, without quotes.
 */
export const TAGS = /^(?:\*|(?:(?:W\/)?"[!#-~]*"|[\w.-]+)(?: *, *(?:(?:W\/)?"[!#-~]*"|[\w.-]+))*)$/;

/** The value of a path parameter, empty if the path has no such parameter. Throws NotFoundError. */
export function pathParameter(request: HonoRequest, name: 'site' | 'uid' | 'id'): string {
  const value = request.param(name) ?? '';
  if (value === '' || LEVEL.test(value)) return value;
  const wanted = 'letters, digits, dots, underscores and dashes, at most 200';
  throw new NotFoundError(`${name} ${formatValue(value)} not found: wanted ${wanted}.`);
}

/** Parses the query string: numbers, and `true` and `false`, where the schema has them. Throws InvalidError with all problems. */
export function queryOf(request: HonoRequest, schema: InputSchema): Readonly<Record<string, unknown>> {
  const given = Object.entries(request.query());
  const names = Object.keys(schema.shape);
  const unknown = given.filter(([name]) => !names.includes(name));
  const known = given.filter(([name]) => names.includes(name));
  const typed = known.map(([name, text]) => [name, typedValue(schema.shape[name], text)]);
  const { value, problems } = validate(schema, Object.fromEntries(typed));
  const all = [...unknown.map(([name]) => unknownParameter(name, names)), ...problems];
  if (!value || all.length > 0) throw new InvalidError(limitProblems(all));
  return value;
}

/** The text as the type of the field; the text itself if it has another form. */
function typedValue(field: z.core.$ZodType | undefined, text: string): unknown {
  const { def } = field?._zod ?? {};
  switch (def?.type) {
    case 'optional':
      return typedValue((def as z.core.$ZodOptionalDef).innerType, text);
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'number':
      return /^\d{1,15}$/.test(text) ? Number(text) : text;
    default:
      return text;
  }
}

/** The body. Throws HttpError if it is not JSON, and InvalidError if it is not a JSON object. */
export async function bodyOf(request: HonoRequest): Promise<JsonObject> {
  const type = request.header('Content-Type') ?? '';
  if (!JSON_TYPE.test(type)) {
    const got = type === '' ? 'no content type' : `the content type ${formatValue(type)}`;
    throw new HttpError(415, `Got ${got}, wanted JSON. Send "Content-Type: application/json".`);
  }
  const value = parse(await request.text());
  if (!isJsonObject(value)) {
    throw new InvalidError([
      {
        where: 'value',
        got: kindOf(value),
        wanted: 'a JSON object',
        fix: 'Send an object with the fields.',
      },
    ]);
  }
  return value;
}

/** The tags of `If-Match`; undefined for any version. A weak tag matches no version. Throws HttpError. */
export function expectedTags(request: HonoRequest): string[] | undefined {
  const header = request.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  if (!TAGS.test(header)) {
    throw new HttpError(400, 'If-Match is malformed. Send the ETag as it was received, or *.');
  }
  const tags = header.matchAll(/(W\/)?"([^"]*)"|[\w.-]+/g);
  return [...tags].map(([bare, weak = '', quoted = bare]) => `${weak}${quoted}`);
}

function parse(text: string): unknown {
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
