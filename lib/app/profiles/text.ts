/** From the bytes of a file to its text: UTF-8 of a size that a person can have meant. */

import { type ProfileProblem, sourcePositions } from './source-position.ts';
import { wholeProblem } from './validate.ts';

/** A thousand crons take a tenth of it. */
export const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

export type TextReading =
  | { readonly text: string; readonly problems: readonly [] }
  | { readonly text?: undefined; readonly problems: readonly ProfileProblem[] };

/** The text without its byte order mark, or why it is none. Text goes through the same judgement as bytes. */
export function textOf(file: Uint8Array | string): TextReading {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  if (bytes.length > MAX_PROFILE_BYTES) return { problems: [tooLong(bytes.length)] };
  const text = new TextDecoder('utf-8').decode(bytes);
  const found = misfit(bytes, text);
  if (!found) return { text, problems: [] };
  const place = sourcePositions(text)(Math.max(0, text.search(/[\uFFFD\0]/)));
  return { problems: [wholeProblem({ wanted: 'text in UTF-8', ...found }, place)] };
}

function misfit(bytes: Uint8Array, text: string) {
  const fix = 'Save the file as UTF-8.';
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { got: 'text in UTF-16', fix };
  }
  if (text.includes('\0'))
    return { got: 'a zero byte', fix: 'Name a text file; is this one packed or binary?' };
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return { got: 'bytes that are not UTF-8', fix };
  }
}

function tooLong(size: number): ProfileProblem {
  return wholeProblem({
    got: `${size} bytes`,
    wanted: `at most ${MAX_PROFILE_BYTES} bytes`,
    fix: 'Is this the right file? A profile may be split: each is applied by itself.',
  });
}
