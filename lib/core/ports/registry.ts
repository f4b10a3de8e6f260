import type { ParameterKey } from '../domain/names.ts';
import type { Problem } from '../domain/problem.ts';

/** A parameter as a user wrote it, not yet validated. */
export interface Parameter extends ParameterKey {
  readonly value: string;
  /** Grows with each write; starts again at 1 when the parameter was deleted and created again. */
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
   * Creates or replaces the parameter and returns the stored one. A repetition creates a new version with the same value.
   * `author` is who asked for it, for the history. Throws InvalidError when the medium cannot hold the value (too long)
   * or the name.
   */
  write(key: ParameterKey, value: string, author?: string): Promise<Parameter>;

  /** Removes the parameter; an absent one is fine. */
  remove(key: ParameterKey): Promise<void>;

  /**
   * Puts the reason of a rejection on that version of the parameter, where a person who looks at it finds it.
   * Replaces an earlier mark. A version that is gone is fine: nothing is marked.
   */
  labelRejected(parameter: Parameter, problems: readonly Problem[]): Promise<void>;

  /** Takes away the mark of a version that was rejected; absent is fine. */
  unlabelRejected(key: ParameterKey, version: number): Promise<void>;

  /**
   * The versions of the parameter, newest first, with the current one; at most the last hundred. Empty when there is no
   * such parameter: deletion also deletes its versions.
   */
  history(key: ParameterKey): Promise<Version[]>;
}

/** What stood in the registry at some time. */
export interface Version {
  readonly value: string;
  readonly version: number;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** Who wrote it, as the medium itself knows; absent when it does not. */
  readonly writer?: string;
  /** The `author` of the call of `write`; absent when the version was written by other means. */
  readonly author?: string;
}
