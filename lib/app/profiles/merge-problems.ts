/** Merges the problems of a file's text with those that planning finds in the readable rest. */
import { MISSING } from './plan.ts';
import { byPosition, type ProfileProblem } from './source-position.ts';

/** All problems in the order of the file, without those of the plan that only follow from a problem of the text. */
export function mergeProblems(
  ofText: readonly ProfileProblem[],
  ofPlan: readonly ProfileProblem[],
): ProfileProblem[] {
  const fields = new Set(ofText.map(fieldOf));
  const unclear = new Set(ofText.filter(isUnclear).map(({ uid }) => uid));
  const further = ofPlan.filter(
    (one) => !fields.has(fieldOf(one)) && !(one.got === MISSING && unclear.has(one.uid)),
  );
  return [...ofText, ...further].sort(byPosition);
}

function fieldOf({ uid, where }: ProfileProblem): string {
  return `${uid} ${where.split('.')[0]}`;
}

/** Whether a missing field may follow from this problem: a mistyped field name or uid, or a removal. */
function isUnclear({ where, got }: ProfileProblem): boolean {
  return got.startsWith('an unknown ') || where === 'uid' || where === 'remove';
}
