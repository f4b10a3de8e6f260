/**
 * Reports why a command failed: on standard error a line for each message, or, with --json, an object on standard output
 * with a stable code.
 */
import { CloudtabError, type ErrorReport, errorReport, InvalidError } from '../../core/domain/errors.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import { fitting } from './table.ts';

export interface CommandFailure extends Pick<ErrorReport, 'code' | 'exitCode'> {
  readonly messages: readonly string[];
  /** The problems that the messages are made of, if an input is not valid. */
  readonly problems: readonly Problem[];
}

/** What to report of an error; nothing for a defect, or an AggregateError that holds one. */
export function failureOf(error: unknown): CommandFailure | undefined {
  const errors = flatten(error);
  if (!errors.every((one) => one instanceof CloudtabError)) return undefined;
  const [first, ...others] = errors.map(errorReport);
  const isOneKind = others.every(({ code }) => code === first?.code);
  const { code, exitCode } = first && isOneKind ? first : errorReport(new CloudtabError());
  const problems = errors.flatMap((one) => (one instanceof InvalidError ? one.problems : []));
  const messages = errors.flatMap((one) =>
    one instanceof InvalidError ? one.problems.map(formatProblem) : [one.message],
  );
  return { code, exitCode, messages, problems };
}

export function printFailure({ code, messages, problems }: CommandFailure, json: boolean): void {
  if (json) {
    const error = { code, message: messages.join('\n'), ...(problems.length > 0 && { problems }) };
    process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
  } else {
    const lines = messages.map((message) => fitting(`cloudtab: ${message}`, process.stderr));
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}

function flatten(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(flatten) : [error];
}
