/**
 * The mutants: faults that an engineer could introduce, as edits of the source. At least one suite has to kill each.
 */
import { DOMAIN_MUTANTS } from './domain-mutants.ts';
import { HANDLER_MUTANTS } from './handler-mutants.ts';
import { PROTOCOL_MUTANTS } from './protocol-mutants.ts';
import type { SuiteName } from './suite.ts';

/** Replaces `from`, which must occur exactly once in the file, so that an edit that no longer fits is noticed. */
export interface Edit {
  readonly from: string;
  readonly to: string;
}

export interface Mutant extends Edit {
  /** What the mutated system does wrong, as a phrase with a verb. */
  readonly name: string;
  /** The path of the edited file from the root of the repository. */
  readonly file: string;
  /** Another edit of the same file. */
  readonly secondEdit?: Edit;
  /** The run that is tried first: the name of a world. */
  readonly likely?: string;
  /** The suites that are expected to kill it. */
  readonly killedBy: readonly [SuiteName, ...SuiteName[]];
}

/** The lists group mutants by file, so that each path is written once. */
export type MutantsByFile = Readonly<Record<string, readonly Omit<Mutant, 'file'>[]>>;

export const MUTANTS: readonly Mutant[] = [DOMAIN_MUTANTS, HANDLER_MUTANTS, PROTOCOL_MUTANTS]
  .flatMap((list) => Object.entries(list))
  .flatMap(([file, mutants]) => mutants.map((mutant) => ({ file, ...mutant })));
