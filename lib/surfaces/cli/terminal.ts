/**
 * The one place where text leaves for a terminal. Text from outside, such as the answer of a server, the output of a program
 * or the name of a file, could move the cursor, write into the clipboard or reverse the order of letters. Its control and
 * bidirectional characters are made visible; only the styles of this program have an effect.
 */
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];
type Stream = NodeJS.WriteStream;

/**
 * Control characters except tab and line end, characters that are not seen or change the direction, and those that join two
 * others, unless they are in a script or an emoji that needs them.
 */
const UNSAFE =
  /(?![\t\n])\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<!\P{ASCII})[\u200c\u200d]|[\u200c\u200d](?!\P{ASCII})/gu;

/** No text from outside contains these parameters, which mark the styles of this process. They leave it
 * nowhere, so that a generator for cryptography, which every command would have to load, is not needed. */
const KEY = `${[1, 2, 3, 4].map(() => `;${1000 + Math.floor(9000 * Math.random())}`).join('')}m`;
const START = '(\x1b\\[\\d+)';
const OWN_STYLE = new RegExp(`${START}${KEY}`, 'g');
const STYLE = new RegExp(`${START}m`, 'g');

/** The text with its unsafe characters as JSON escapes them, so that JSON stays the same value. */
export function visible(text: string): string {
  return escaped(text, UNSAFE);
}

/** The text with the matches of a global expression as JSON escapes them. */
export function escaped(text: string, characters: RegExp): string {
  return text.replace(characters, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The text in that style on a terminal that supports it. */
export function styled(style: Style, text: string): string {
  if (style.length === 0) return text;
  const [before = '', after = ''] = styleText(style, '\0').split('\0');
  return `${own(before)}${text}${own(after)}`;
}

/** What `change` makes of the text, which it gets as it is shown. The styles in it stay those of this program. */
export function withStyles(text: string, change: (shown: string) => string): string {
  return own(change(shown(text)));
}

/** From now on this stream makes text visible: always if people read it, else on a terminal alone, so that data stays as it is. */
export function guard(stream: Stream, { isForPeople = false } = {}): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  unguardedWrites.set(stream, write);
  stream.write = (chunk: unknown, ...rest: unknown[]) => {
    if (typeof chunk !== 'string') return write(chunk, ...rest);
    const isGuarded = isForPeople || stream.isTTY;
    return write(isGuarded ? shown(chunk) : chunk.replace(OWN_STYLE, '$1m'), ...rest);
  };
}

/** The width of the terminal that the stream writes to; undefined when it is not a terminal. */
export function terminalWidth(
  stream: { isTTY?: boolean; columns?: number } = process.stdout,
): number | undefined {
  return stream.isTTY && stream.columns ? stream.columns : undefined;
}

const unguardedWrites = new WeakMap<Stream, Stream['write']>();

/** The same stream for what moves the cursor. Text from outside has to be made visible before. */
export function unguarded(stream: Stream): Stream {
  const write = unguardedWrites.get(stream);
  return write ? Object.create(stream, { write: { value: write } }) : stream;
}

function shown(text: string): string {
  // Every second piece is a style of this program.
  return text
    .split(OWN_STYLE)
    .map((piece, index) => (index % 2 === 0 ? visible(piece) : `${piece}m`))
    .join('');
}

/** Marks all styles of the text as those of this program. */
function own(text: string): string {
  return text.replace(STYLE, `$1${KEY}`);
}
