/**
 * The family of errors that cloudtab throws on purpose. Anything else that is thrown is a defect or comes from
 * outside, and adapters translate the latter once.
 */
import { formatProblem, type Problem } from './problem.ts';

/** The root of the family: `instanceof CloudtabError` tells a foreseen failure from a defect. */
export class CloudtabError extends Error {
  override readonly name: string = 'CloudtabError';
}

/** Text or data typed by a person is not valid. Carries every problem found, not only the first. */
export class InvalidError extends CloudtabError {
  override readonly name = 'InvalidError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** Something was asked for by its name and is not there. */
export class NotFoundError extends CloudtabError {
  override readonly name = 'NotFoundError';
}

/** An outside service refused or did not answer, after the adapter's own retries. `cause` holds its answer. */
export class UnavailableError extends CloudtabError {
  override readonly name: string = 'UnavailableError';
}

/** An outside service asks for fewer calls: what was refused may be left to a later repair. */
export class ThrottledError extends UnavailableError {
  override readonly name = 'ThrottledError';
}

/** A run took longer than it may. */
export class TimeoutError extends CloudtabError {
  override readonly name = 'TimeoutError';
}

/** A user stopped a run. */
export class StoppedError extends CloudtabError {
  override readonly name = 'StoppedError';
}

/** What is stored about a cron cannot be read by this version. */
export class UnreadableError extends CloudtabError {
  override readonly name = 'UnreadableError';

  constructor(site: string, uid: string, cause: string) {
    super(`The stored state of ${site}/${uid} cannot be read by this version: ${cause}`);
  }
}

/** The deployment or the command is set up wrongly: a person has to change a setting. */
export class ConfigurationError extends CloudtabError {
  override readonly name = 'ConfigurationError';
}

/** What the call returns, or the problems of the InvalidError that it throws. Any other error passes. */
export function attempt<Value>(
  call: () => Value,
): { readonly value: Value; readonly problems: readonly [] } | { readonly problems: readonly Problem[] } {
  try {
    return { value: call(), problems: [] };
  } catch (error) {
    if (error instanceof InvalidError) return { problems: error.problems };
    throw error;
  }
}
