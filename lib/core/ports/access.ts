import type { Grant } from '../domain/access.ts';

/** Who may do what in a target. */
export interface AccessList {
  /**
   * The grants of the target; a change may take some seconds to be seen. Empty: every caller is an editor of all sites.
   * Throws UnavailableError if they cannot be read or were never written, so that no caller gets a role by mistake.
   */
  grants(): Promise<readonly Grant[]>;
}

/** Where a deployment writes them. */
export interface AccessStore {
  /** Replaces all grants. Throws UnavailableError. */
  replace(grants: readonly Grant[]): Promise<void>;
}
