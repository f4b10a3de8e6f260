/**
 * The labels that tell on a parameter's version why it was rejected: the one place on the parameter itself where a
 * person who looks at it in the console can be told something.
 */
import type { Problem } from '../../core/domain/problem.ts';

const MARK = 'rejected';

/** A version holds ten labels, and some may be a person's own. */
const MOST_LABELS = 4;

const MOST_CHARACTERS = 100;

/**
 * `rejected`, and for the first problems what was wanted where: `rejected.periodicity.wanted-five-fields`.
 * Labels are made of letters, digits, dots, dashes and underscores, at most 100, and do not begin with a digit.
 */
export function rejectionLabels(problems: readonly Problem[]): string[] {
  const reasons = problems.map(({ where, wanted }) =>
    `${MARK}.${words(where)}.wanted-${words(wanted)}`.slice(0, MOST_CHARACTERS),
  );
  return [MARK, ...new Set(reasons)].slice(0, MOST_LABELS);
}

/** Whether a label tells of a rejection; the others are a person's. */
export function isRejectionLabel(label: string): boolean {
  return label === MARK || label.startsWith(`${MARK}.`);
}

function words(text: string): string {
  return text.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^-|-$/g, '');
}
