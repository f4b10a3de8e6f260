// cspell:ignore quot
/** The forms in which a secret may appear in a text: the whole of it and its parts, plain and encoded. */

/** A part or a piece of an encoding that is shorter may be an ordinary word. */
const SHORTEST_PART = 8;
const MAX_LEVELS = 4;

/** All forms of the values, each once, none of them empty. Forms that differ in case alone may occur twice. */
export function secretForms(values: readonly string[]): string[] {
  const texts = new Set(values.flatMap((value) => [value, ...parts(value)]));
  return [...new Set([...texts].flatMap(encodings))].filter((form) => form !== '');
}

/** The words of a text, the values in JSON, and what a URL consists of except its host; of each of them the same again. */
function parts(value: string, level = 1): string[] {
  const pieces = [...value.split(/\s+/), ...jsonLeaves(value), ...urlPieces(value)];
  const long = pieces.filter((piece) => piece.length >= SHORTEST_PART && piece !== value);
  return level === MAX_LEVELS ? long : long.flatMap((piece) => [piece, ...parts(piece, level + 1)]);
}

function jsonLeaves(text: string): string[] {
  if (!/^\s*["[{]/.test(text)) return [];
  const leaves: string[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string' || typeof value === 'number') leaves.push(String(value));
    });
  } catch {
    // It is no JSON.
  }
  return leaves;
}

function urlPieces(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { href, pathname, search, hash, username, password, searchParams } = new URL(text);
  const segments = pathname.split('/');
  return [
    href,
    pathname + search,
    pathname,
    search.slice(1),
    hash.slice(1),
    `${username}:${password}`,
    ...[username, password, ...segments].flatMap((piece) => [piece, unescaped(piece)]),
    ...searchParams.values(),
  ];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encodings(value: string): string[] {
  const wellFormed = value.toWellFormed();
  const json = JSON.stringify(value).slice(1, -1);
  return [
    value,
    value.normalize('NFC'),
    value.normalize('NFD'),
    encodeURI(wellFormed),
    encodeURIComponent(wellFormed),
    new URLSearchParams({ '': wellFormed }).toString().slice(1),
    json,
    json.replace(
      /[^\x20-\x7e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    value.replace(/[&<>"']/g, (character) => HTML[character] as string),
    ...byteEncodings(Buffer.from(wellFormed)),
  ];
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function byteEncodings(bytes: Buffer): string[] {
  const base64 = [bytes.toString('base64'), ...[0, 1, 2].map((before) => base64Core(bytes, before))];
  return [
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
  ];
}

/**
 * The part of an encoding that is the same whatever surrounds the bytes, if so many bytes precede them, modulo 3: as in the
 * header `authorization: Basic`, where the name of a user does. Empty if it is short.
 */
function base64Core(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  // A character has 6 bits: those that share bits with what precedes or follows the bytes are left out.
  const core = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  return core.length >= SHORTEST_PART ? core : '';
}
