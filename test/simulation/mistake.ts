/**
 * A deliberate mistake: what a tired engineer could write. It replaces text of files under `lib`, which has to occur
 * there exactly once, so that a mistake whose place was rewritten is noticed.
 */

export interface Mistake {
  /** What the engineer did. */
  readonly name: string;
  readonly changes: readonly Change[];
}

interface Change {
  /** Under `lib`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A mistake of one change. */
export function one(name: string, file: string, from: string, to: string): Mistake {
  return { name, changes: [{ file, from, to }] };
}
