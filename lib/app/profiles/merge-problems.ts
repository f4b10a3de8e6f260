/** All problems of a file at once: those of its text, and those that planning finds in what could be read all the same. */

import { MISSING } from './plan.ts';
import type { ProfileProblem } from './source-position.ts';

/**
 * What is known, and what the plan found besides, in the order of the file. What only follows from a problem that is
 * told already is left out: it would be gone when that one is mended.
 */
export function mergeProblems(
  known: readonly ProfileProblem[],
  found: readonly ProfileProblem[],
): ProfileProblem[] {
  const fields = new Set(known.map(fieldOf));
  const unclear = new Set(known.filter(isUnclear).map(({ uid }) => uid));
  const further = found.filter(
    (one) => !fields.has(fieldOf(one)) && !(one.got === MISSING && unclear.has(one.uid)),
  );
  return [...known, ...further].sort((a, b) => a.line - b.line || a.column - b.column);
}

function fieldOf({ uid, where }: ProfileProblem): string {
  return `${uid} ${where.split('.')[0]}`;
}

/** Whether it may be that nothing is missing: a name was mistyped, or another cron was meant, or none. */
function isUnclear({ where, got }: ProfileProblem): boolean {
  return got.startsWith('an unknown ') || where === 'uid' || where === 'remove';
}
