/** One check of an invariant, whether it holds or not, so that checks can be counted. */
import type { ParameterKey } from '../../lib/core/domain/names.ts';

export interface InvariantCheck {
  readonly invariant: string;
  /** How the invariant is violated; absent when it holds. */
  readonly violation: string | undefined;
}

/** A message given as a function is computed only for a violation. */
export function checkInvariant(
  invariant: string,
  isViolated: boolean,
  message: string | (() => string),
): InvariantCheck {
  if (!isViolated) return { invariant, violation: undefined };
  return { invariant, violation: typeof message === 'string' ? message : message() };
}

/** A violated invariant: when, and of which cron, crontab or (with an empty key) system. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Epoch milliseconds. */
  readonly time: number;
  readonly invariant: string;
  readonly key: Partial<ParameterKey>;

  constructor(time: number, invariant: string, key: Partial<ParameterKey>, message: string) {
    super(message);
    this.time = time;
    this.invariant = invariant;
    this.key = key;
  }
}
