/** JSON that a user typed: the value, or the place of the error. Never repeats the text: it may hold a secret. */
import { InvalidError } from './errors.ts';
import type { Problem } from './problem.ts';

/** Invisible; some editors for Windows put it before the text. */
const BYTE_ORDER_MARK = '\uFEFF';

/** So many open brackets are shown. */
const MAX_BRACKETS = 20;

/** Where a text stops being JSON, and why. */
export interface JsonSyntaxError {
  readonly found: 'nothing' | 'an end' | 'a byte order mark' | 'something that is not JSON';
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  readonly fix: string;
}

/** The value of a JSON text. Throws InvalidError with one problem that names line and column. */
export function parseJson(text: string): unknown {
  const { value, syntaxError } = readJsonText(text);
  if (syntaxError) throw new InvalidError([syntaxProblem(syntaxError)]);
  return value;
}

/** The value of a JSON text, or where it stops being JSON. */
export function readJsonText(text: string): {
  readonly value?: unknown;
  readonly syntaxError?: JsonSyntaxError;
} {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { syntaxError: syntaxErrorIn(text) };
  }
}

/** The error as a problem of the whole text; `of` follows the position, such as ` of its JSON`. */
export function syntaxProblem({ found, line, column, fix }: JsonSyntaxError, of = ''): Problem {
  const got = found === 'nothing' ? found : `${found} at line ${line}, column ${column}${of}`;
  return { where: 'value', got, wanted: 'a JSON object', fix };
}

/** What a JSON value is, in words, without its content. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'empty text' : 'text';
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}

function syntaxErrorIn(text: string): JsonSyntaxError {
  const { index, open } = firstError(text);
  const fix = fixFor(text, index, open);
  if (text.trim() === '') return { found: 'nothing', line: 1, column: 1, fix };
  return {
    found: foundAt(text, index),
    line: text.slice(0, index).split('\n').length,
    column: index - text.lastIndexOf('\n', index - 1),
    fix,
  };
}

function foundAt(text: string, index: number): JsonSyntaxError['found'] {
  if (index === text.length) return 'an end';
  return text[index] === BYTE_ORDER_MARK ? 'a byte order mark' : 'something that is not JSON';
}

function fixFor(text: string, index: number, open: readonly string[]): string {
  const found = text[index];
  if (found === undefined && open.length > 0)
    return `Close the open brackets: ${open.slice(-MAX_BRACKETS).reverse().join(' ')}${open.length > MAX_BRACKETS ? ' …' : ''} is missing.`;
  if (found === undefined) return 'Write an object such as {"name": "heartbeat", "periodicity": "@hourly"}.';
  if (found === BYTE_ORDER_MARK) return 'Save the text as UTF-8 without a byte order mark.';
  if (found === "'") return 'Use double quotes.';
  if (/,\s*$/.test(text.slice(0, index)) && '}]'.includes(found)) return 'Remove the comma before it.';
  if (found === '/' || found === '#') return 'Remove the comment: JSON has no comments.';
  return 'Correct it there: keys and text need double quotes, and two entries need a comma between them.';
}

// cspell:ignore bfnrt
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type Wanted = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'end';

/** The index at which a text stops being JSON, and the brackets that are open there. */
function firstError(text: string): { index: number; open: readonly string[] } {
  const open: string[] = [];
  let wanted: Wanted | undefined = 'value';
  let index = 0;
  while (true) {
    while (/[ \t\r\n]/.test(text.charAt(index))) index++;
    TOKEN.lastIndex = index;
    const token = TOKEN.exec(text)?.[0];
    wanted = token === undefined ? undefined : follow(wanted, token, open);
    if (token === undefined || wanted === undefined) return { index, open };
    index += token.length;
  }
}

/** The syntax that has to follow the token; nothing if the token itself is not allowed here. */
function follow(wanted: Wanted, token: string, open: string[]): Wanted | undefined {
  switch (wanted) {
    case 'key or end':
      return token === '}' ? closed(open) : follow('key', token, open);
    case 'key':
      return token.startsWith('"') ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'comma or end':
      if (token === open.at(-1)) return closed(open);
      if (token !== ',') return undefined;
      return open.at(-1) === '}' ? 'key' : 'value';
    case 'value or end':
      return token === ']' ? closed(open) : follow('value', token, open);
    case 'value':
      return afterValue(token, open);
    case 'end':
      return undefined;
  }
}

function afterValue(token: string, open: string[]): Wanted | undefined {
  if ('}],:'.includes(token)) return undefined;
  if (token === '{' || token === '[') {
    open.push(token === '{' ? '}' : ']');
    return token === '{' ? 'key or end' : 'value or end';
  }
  return open.length === 0 ? 'end' : 'comma or end';
}

function closed(open: string[]): Wanted {
  open.pop();
  return open.length === 0 ? 'end' : 'comma or end';
}
