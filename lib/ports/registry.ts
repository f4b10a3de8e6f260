import type { ParameterKey } from '../domain/names.ts';
import type { Problem } from '../domain/problem.ts';

/** A parameter as it stands in the registry: what a person wrote, not yet judged. */
export interface Parameter extends ParameterKey {
  readonly value: string;
  /** Grows with each write; starts again at 1 when the parameter was deleted and made anew. */
  readonly version: number;
  /** When it was last written, in epoch milliseconds. Later than that of any earlier version, also across deletion. */
  readonly modified: number;
}

/**
 * The only source of truth for configuration. One parameter for each cron and one for each crontab's switch.
 *
 * Site and uid are returned as written, valid or not. Every call may throw UnavailableError when the medium does not
 * answer; a call that threw may have had its effect.
 */
export interface Registry {
  /** The parameter as it is now; nothing when it does not exist. */
  read(key: ParameterKey): Promise<Parameter | undefined>;

  /** Every parameter of every site, sorted by site and uid within a page at most; what changes meanwhile may be missed. */
  list(): AsyncIterable<Parameter>;

  /**
   * Makes or replaces the parameter and returns what now stands. Repeating it makes a new version with the same value.
   * Throws InvalidError when the medium cannot hold the value (too long) or the name.
   */
  write(key: ParameterKey, value: string): Promise<Parameter>;

  /** Removes the parameter; an absent one is fine. */
  remove(key: ParameterKey): Promise<void>;

  /**
   * Puts the reason of a rejection on that version of the parameter, where a person who looks at it finds it.
   * Replaces an earlier mark. A version that is gone is fine: nothing is marked.
   */
  markRejected(parameter: Parameter, problems: readonly Problem[]): Promise<void>;

  /** Takes away the mark of a version that was rejected; absent is fine. */
  unmarkRejected(key: ParameterKey, version: number): Promise<void>;
}
