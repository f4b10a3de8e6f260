import { truncate } from './truncate.ts';

/** One error in a user's input, described so that the user can fix it without a manual. */
export interface Problem {
  /** Path of the field, such as `environ.url`; `value` for the whole text. */
  readonly where: string;
  /** The input there, shortened. Never the value of a secret. */
  readonly got: string;
  /** What is accepted there. */
  readonly wanted: string;
  /** How to fix it, as an instruction. */
  readonly fix: string;
}

const MAX_PROBLEMS = 25;

/** The problem in one line, for terminals, logs and the table. */
export function formatProblem({ where, got, wanted, fix }: Problem): string {
  return `${where}: got ${got}, wanted ${wanted}. ${fix}`;
}

/** A value as it may be shown in `got`: JSON, at most 60 characters. */
export function formatValue(value: unknown): string {
  return shorten(value === undefined ? 'nothing' : jsonOf(value));
}

/** Text that fits a line: at most 60 characters. */
export function shorten(text: string): string {
  return truncate(text, 60);
}

/** The problems with a prefix to their places, such as `crons.3`. */
export function prefixProblems(place: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    where: problem.where === 'value' ? place : `${place}.${problem.where}`,
  }));
}

/** At most 25 problems, as many as fit into a record, and the number of the others. */
export function limitProblems(problems: readonly Problem[]): Problem[] {
  const left = problems.length - MAX_PROBLEMS;
  const kept = problems.slice(0, MAX_PROBLEMS).map((one) => ({ ...one, where: shorten(one.where) }));
  if (left <= 0) return kept;
  const more = {
    where: 'value',
    got: `${left} more problem${left === 1 ? '' : 's'}`,
    wanted: 'none',
    fix: 'Fix these first.',
  };
  return [...kept, more];
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? `a ${typeof value}`;
  } catch {
    return 'something that is not JSON';
  }
}
