/**
 * Runs one command line and says how it ended: 0 done, 1 it did not work, 2 it was not understood; others say
 * what a command found (see --help).
 */
import { CommanderError } from 'commander';
import { CloudtabError, InvalidError } from '../domain/errors.ts';
import { problemText } from '../domain/problem.ts';
import { makeProgram } from './program.ts';

/** `args` are what a person typed behind `cloudtab`. Errors that a person can mend come without a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
  const ended = { code: 0 };
  try {
    await makeProgram(ended).parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    // Commander has told the person already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const told = messages(error);
    if (!told) throw error;
    process.stderr.write(`${told.map((message) => `cloudtab: ${message}`).join('\n')}\n`);
    return 1;
  }
}

/** What a person can mend; nothing for a defect. */
function messages(error: unknown): string[] | undefined {
  if (error instanceof InvalidError) return error.problems.map(problemText);
  if (error instanceof CloudtabError) return [error.message];
  if (!(error instanceof AggregateError)) return undefined;
  const all = error.errors.map(messages);
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}
