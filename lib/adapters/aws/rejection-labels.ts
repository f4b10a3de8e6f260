/**
 * The labels of a rejected version of a parameter, which contain the reason. The AWS console shows labels, but has no
 * other place for a reason.
 */
import type { Problem } from '../../core/domain/problem.ts';

const REJECTED = 'rejected';

/** A version can have ten labels, and the user may have added some. */
const MAX_LABELS = 4;

const MAX_CHARACTERS = 100;

/**
 * `rejected`, and a label such as `rejected.periodicity.wanted-five-fields` for each of the first problems.
 * Parameter Store allows letters, digits, dots, dashes and underscores in a label, and no digit at its start.
 */
export function rejectionLabels(problems: readonly Problem[]): string[] {
  const reasons = problems.map(({ where, wanted }) =>
    `${REJECTED}.${slug(where)}.wanted-${slug(wanted)}`.slice(0, MAX_CHARACTERS),
  );
  return [REJECTED, ...new Set(reasons)].slice(0, MAX_LABELS);
}

/** Whether cloudtab added the label; users may add others. */
export function isRejectionLabel(label: string): boolean {
  return label === REJECTED || label.startsWith(`${REJECTED}.`);
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^-|-$/g, '');
}
