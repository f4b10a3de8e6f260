/** Decodes the bytes of a file: UTF-8 of a limited size. */
import { isUtf8 } from 'node:buffer';
import { type ProfileProblem, sourcePositions } from './source-position.ts';
import { wholeProblem } from './validate.ts';

/** About ten times the size of a profile with a thousand crons. */
export const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

export type TextReading =
  | { readonly text: string; readonly problems: readonly [] }
  | { readonly text?: undefined; readonly problems: readonly ProfileProblem[] };

/** The text without its byte order mark, or why it is rejected. A string is checked like bytes. */
export function textOf(file: Uint8Array | string): TextReading {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  if (bytes.length > MAX_PROFILE_BYTES) return { problems: [tooLong(bytes.length)] };
  const text = new TextDecoder('utf-8').decode(bytes);
  const problem = encodingProblem(bytes, text);
  if (!problem) return { text, problems: [] };
  const position = sourcePositions(text)(Math.max(0, text.search(/[\uFFFD\0]/)));
  return { problems: [wholeProblem({ wanted: 'text in UTF-8', ...problem }, position)] };
}

function encodingProblem(bytes: Uint8Array, text: string) {
  const fix = 'Save the file as UTF-8.';
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { got: 'text in UTF-16', fix };
  }
  if (text.includes('\0'))
    return { got: 'a zero byte', fix: 'Name a text file; is this one compressed or binary?' };
  return isUtf8(bytes) ? undefined : { got: 'bytes that are not UTF-8', fix };
}

function tooLong(size: number): ProfileProblem {
  return wholeProblem({
    got: `${size} bytes`,
    wanted: `at most ${MAX_PROFILE_BYTES} bytes`,
    fix: 'Is this the right file? You can split a profile and apply each part separately.',
  });
}
