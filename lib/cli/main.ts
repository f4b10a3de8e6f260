/** Runs one command line and says how it ended: 0 done, 1 it did not work, 2 it was not understood, 3 the run failed. */
import { CommanderError } from 'commander';
import { CloudtabError } from '../domain/errors.ts';
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
    if (!(error instanceof CloudtabError)) throw error;
    process.stderr.write(`cloudtab: ${error.message}\n`);
    return 1;
  }
}
