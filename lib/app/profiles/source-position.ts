/** Positions in a text: line and column, counted from 1 as in editors. */
import type { Problem } from '../../core/domain/problem.ts';

export interface SourcePosition {
  readonly line: number;
  /** In UTF-16 units. */
  readonly column: number;
}

/** A problem of a profile, at its position in the file. */
export interface ProfileProblem extends Problem, SourcePosition {
  /** The cron that has the problem. */
  readonly uid?: string;
}

/** A part of a file that cloudtab cannot represent. A plan reports it as a problem, unless the user agrees to skip it. */
export interface LeftOut extends SourcePosition {
  /** Its text in the file. */
  readonly text: string;
  /** Why it is left out, and an alternative. */
  readonly reason: string;
}

/** A part of a file that cloudtab takes over with a difference, or that means something else than it seems to. */
export interface Note extends SourcePosition {
  /** The difference, and what can be done about it. */
  readonly text: string;
}

export const START: SourcePosition = { line: 1, column: 1 };

/** Sorts as in the file. */
export function byPosition(a: SourcePosition, b: SourcePosition): number {
  return a.line - b.line || a.column - b.column;
}

/** Returns a function from offsets in the text, counted from 0, to positions. */
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
