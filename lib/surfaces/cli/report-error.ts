/**
 * How a command that failed says so: to people on standard error, a line for each thing to mend; to programs, with
 * --json, on standard output, as all else that a command has to say to them.
 */
import { CloudtabError, InvalidError } from '../../core/domain/errors.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import { fitting } from './table.ts';

/** What a person can mend; nothing for a defect. */
interface Told {
  readonly messages: readonly string[];
  readonly problems: readonly Problem[];
}

/** Whether the error is one that a person can mend, which is told then. */
export function reportError(error: unknown, json: boolean): boolean {
  const told = toldOf(error);
  if (told) printError(told.messages, json, told.problems);
  return told !== undefined;
}

/** Tells messages, and for programs the problems that they are made of. */
export function printError(
  messages: readonly string[],
  json: boolean,
  problems: readonly Problem[] = [],
): void {
  if (json) {
    const error = { message: messages.join('\n'), ...(problems.length > 0 && { problems }) };
    process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
  } else {
    const lines = messages.map((message) => fitting(`cloudtab: ${message}`, process.stderr));
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}

function toldOf(error: unknown): Told | undefined {
  if (error instanceof InvalidError)
    return { messages: error.problems.map(formatProblem), problems: error.problems };
  if (error instanceof CloudtabError) return { messages: [error.message], problems: [] };
  if (!(error instanceof AggregateError)) return undefined;
  const all = error.errors.map(toldOf);
  if (!all.every((one) => one !== undefined)) return undefined;
  return {
    messages: all.flatMap(({ messages }) => messages),
    problems: all.flatMap(({ problems }) => problems),
  };
}
