import type { ParameterKey } from '../domain/names.ts';
import type { Problem } from '../domain/problem.ts';

/** A parameter as a user wrote it, not yet validated. */
export interface Parameter extends ParameterKey {
  readonly value: string;
  /** Grows with each write; starts again at 1 if the parameter was deleted and created again. */
  readonly version: number;
  /** When it was last written, in epoch milliseconds. Later than that of any earlier version, also across deletion. */
  readonly modified: number;
  /** The type that the medium recorded when it cannot hold a definition, such as `SecureString`; else absent. */
  readonly wrongType?: string;
}

/**
 * The only source of truth for configuration. One parameter for each cron and one for the settings of each crontab.
 *
 * Site and uid are returned as written, valid or not. Every call may throw UnavailableError if the medium does not
 * answer; a call that threw may have had its effect.
 */
export interface Registry {
  /** The parameter as it is now; nothing if it does not exist. */
  read(key: ParameterKey): Promise<Parameter | undefined>;

  /** Every parameter of every site, sorted by site and uid within a page at most; it may miss concurrent changes. */
  list(): AsyncIterable<Parameter>;

  /**
   * Creates or replaces the parameter and returns the stored one. A repetition creates a new version with the same value.
   * `author` is the user who requested the change, for the history. Throws InvalidError if the medium cannot hold the value
   * (too long) or the name.
   */
  write(key: ParameterKey, value: string, author?: string): Promise<Parameter>;

  /** Removes the parameter; an absent one is fine. */
  remove(key: ParameterKey): Promise<void>;

  /**
   * Labels that version of the parameter with the reason of its rejection, for users who inspect the parameter.
   * Replaces an earlier label. Does nothing if the version is gone.
   */
  labelRejected(parameter: Parameter, problems: readonly Problem[]): Promise<void>;

  /** Removes the label of a version that was rejected; an absent one is fine. */
  unlabelRejected(key: ParameterKey, version: number): Promise<void>;

  /**
   * The versions of the parameter, newest first, with the current one; at most the last hundred. Empty if there is no
   * such parameter: deletion also deletes its versions.
   */
  history(key: ParameterKey): Promise<Version[]>;
}

/** One version of a parameter. */
export interface Version {
  readonly value: string;
  readonly version: number;
  /** When it was written, in epoch milliseconds. */
  readonly modified: number;
  /** The writer that the medium recorded; absent if it recorded none. */
  readonly writer?: string;
  /** The `author` of the call of `write`; absent if the version was written by other means. */
  readonly author?: string;
}
