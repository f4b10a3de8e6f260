/**
 * The labels of a parameter's version that give the reason why it was rejected: the only place of the parameter itself
 * where the console shows one.
 */
import type { Problem } from '../../core/domain/problem.ts';

const MARK = 'rejected';

/** A version holds ten labels, and some may be the user's own. */
const MAX_LABELS = 4;

const MAX_CHARACTERS = 100;

/**
 * `rejected`, and for the first problems what was wanted where: `rejected.periodicity.wanted-five-fields`.
 * Labels are made of letters, digits, dots, dashes and underscores, at most 100, and do not begin with a digit.
 */
export function rejectionLabels(problems: readonly Problem[]): string[] {
  const reasons = problems.map(({ where, wanted }) =>
    `${MARK}.${words(where)}.wanted-${words(wanted)}`.slice(0, MAX_CHARACTERS),
  );
  return [MARK, ...new Set(reasons)].slice(0, MAX_LABELS);
}

/** Whether a label marks a rejection; the others are the user's. */
export function isRejectionLabel(label: string): boolean {
  return label === MARK || label.startsWith(`${MARK}.`);
}

function words(text: string): string {
  return text.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^-|-$/g, '');
}
