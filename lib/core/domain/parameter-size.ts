/** How long the text of a parameter may be, on AWS and on a laptop. */
import type { Problem } from './problem.ts';
import { byteLength } from './truncate-bytes.ts';

/** In bytes of UTF-8: Parameter Store holds no more. */
export const MAX_PARAMETER_BYTES = 8192;

/** The problem of a text that no parameter can hold. `where`: the part of it to shorten. */
export function sizeProblems(text: string, where = 'value'): Problem[] {
  const bytes = byteLength(text);
  if (bytes <= MAX_PARAMETER_BYTES) return [];
  const fix = 'Store long texts elsewhere, and refer to them in "environ".';
  return [{ where, got: `${bytes} bytes`, wanted: `at most ${MAX_PARAMETER_BYTES} bytes`, fix }];
}
