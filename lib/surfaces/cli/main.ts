/**
 * Runs one command line and says how it ended: 0 done, 1 it did not work, 2 it was not understood; others say
 * what a command found (see --help).
 */
import { CommanderError } from 'commander';
import { makeProgram } from './program.ts';
import { failureOf, printFailure } from './report-error.ts';

/** `args` are what a person typed behind `cloudtab`. Errors that a person can mend come without a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
  const ended = { code: 0 };
  const end = args.indexOf('--');
  const json = args.slice(0, end === -1 ? undefined : end).includes('--json');
  const notUnderstood: string[] = [];
  const writeErr = (text: string) => void (json ? notUnderstood.push(text) : process.stderr.write(text));
  try {
    await makeProgram(ended, writeErr).parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // People have been told already.
      const said = notUnderstood
        .join('')
        .trim()
        .replace(/^error: /, '');
      if (error.exitCode === 0) return 0;
      if (said !== '') printFailure({ code: 'usage', exitCode: 2, messages: [said], problems: [] }, json);
      return 2;
    }
    const failure = failureOf(error);
    if (!failure) throw error;
    printFailure(failure, json);
    return failure.exitCode;
  }
}
