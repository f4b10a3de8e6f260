/** Places in a text: line and column, both counted from 1, as editors count them. */
import type { Problem } from '../../core/domain/problem.ts';

export interface SourcePosition {
  readonly line: number;
  /** In UTF-16 units, as editors count. */
  readonly column: number;
}

/** A problem of a profile, at the place in its file where it is. */
export interface ProfileProblem extends Problem, SourcePosition {
  /** The cron that it is about. */
  readonly uid?: string;
}

/** A part of a file that a crontab cannot hold. It is told, and the rest of the file is taken all the same. */
export interface LeftOut extends SourcePosition {
  /** As it stands in the file; the first line when there are several. */
  readonly text: string;
  /** Why, and what to do instead. */
  readonly reason: string;
}

export const START: SourcePosition = { line: 1, column: 1 };

/** Finds places by offsets in the text, counted from 0. */
export function sourcePositions(text: string): (offset: number) => SourcePosition {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 };
  };
}
