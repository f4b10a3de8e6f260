/** The validation of an environ: a JSON object in which `{"$secret": "name"}` refers to a secret by name. */
import { MAX_KEYS } from './json-object.ts';
import { kindOf } from './json-text.ts';
import { SECRET_NAME, SECRET_NAME_RULE } from './names.ts';
import type { Problem } from './problem.ts';

const MAX_DEPTH = 16;
const MIN_NUMBER = 1e-100;

/** The problems of an environ. They never contain a value: it may be a secret in the wrong place. */
export function environProblems(environ: unknown): Problem[] {
  if (isPlainObject(environ) && !Object.hasOwn(environ, '$secret'))
    return valueProblems(environ, ['environ']);
  return [
    problem(['environ'], kindOf(environ), 'a JSON object', 'Write an object, such as {"url": "https://…"}.'),
  ];
}

function valueProblems(value: unknown, path: readonly string[]): Problem[] {
  if (path.length > MAX_DEPTH) {
    const wanted = `at most ${MAX_DEPTH} levels of lists and objects`;
    return [problem(path.slice(0, 4), 'more levels', wanted, 'Make it flatter.')];
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => valueProblems(item, [...path, String(index)]));
  if (isPlainObject(value)) {
    if (Object.hasOwn(value, '$secret')) return secretProblems(value, path);
    const keys = Object.keys(value).length;
    if (keys > MAX_KEYS) {
      const fix = 'Write them as a list, or keep them elsewhere.';
      return [problem(path, `${keys} keys`, `at most ${MAX_KEYS} keys in an object`, fix)];
    }
    return Object.entries(value).flatMap(([key, item]) => entryProblems(key, item, [...path, key]));
  }
  if (typeof value === 'number' && Number.isFinite(value)) return numberProblems(value, path);
  if (value === null || ['string', 'boolean'].includes(typeof value)) return [];
  return [problem(path, kindOf(value), 'a JSON value', 'Write text, a number, true, false or null.')];
}

/** DynamoDB stores no smaller number, and JavaScript no larger one, without changing it. */
function numberProblems(value: number, path: readonly string[]): Problem[] {
  const size = Math.abs(value);
  if (size === 0 || (size >= MIN_NUMBER && size <= Number.MAX_SAFE_INTEGER)) return [];
  const got = `a number too ${size < MIN_NUMBER ? 'close to 0' : 'large'} to be kept exactly`;
  return [
    problem(
      path,
      got,
      `a number from ${MIN_NUMBER} to ${Number.MAX_SAFE_INTEGER}, or 0`,
      'Write it as text.',
    ),
  ];
}

function entryProblems(key: string, value: unknown, path: readonly string[]): Problem[] {
  if (key !== '__proto__') return valueProblems(value, path);
  return [problem(path, 'a reserved name', 'any other name', 'Rename it.')];
}

function secretProblems(reference: Readonly<Record<string, unknown>>, path: readonly string[]): Problem[] {
  const name = reference.$secret;
  const problems: Problem[] = [];
  if (typeof name !== 'string' || !SECRET_NAME.test(name)) {
    problems.push(
      problem(
        [...path, '$secret'],
        typeof name === 'string' && name !== '' ? 'text that is no name' : kindOf(name),
        `the name of a secret: ${SECRET_NAME_RULE}`,
        'Write the name under which the secret is kept, never the secret itself.',
      ),
    );
  }
  if (Object.keys(reference).length > 1) {
    const fix = 'Leave "$secret" alone in its object.';
    problems.push(problem(path, 'more keys beside "$secret"', '{"$secret": "name"}', fix));
  }
  return problems;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function problem(path: readonly string[], got: string, wanted: string, fix: string): Problem {
  return { where: path.join('.'), got, wanted, fix };
}
