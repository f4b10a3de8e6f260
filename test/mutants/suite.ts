/** A suite that can be asked whether one of its runs kills a mutant. */

/** A run that fails on the mutated system and passes on the original. */
export interface Kill {
  /** The run, so that it can be repeated: "seed 12", "world stop". */
  readonly run: string;
  /** How far the run went until it failed: "2.1 days", "12 schedules". */
  readonly progress: string;
  readonly violatedInvariant: string;
}

export interface Suite {
  /**
   * Searches the suite's runs, in a fixed order, for a kill. `root` is the URL of a copy of the repository that
   * contains the mutant, with a trailing slash. Modules loaded from there use the mutated sources. `likely` names a run that
   * is tried first.
   */
  findKill(root: string, likely?: string): Promise<Kill | undefined>;
}

export type SuiteName = 'simulation' | 'exploration';
