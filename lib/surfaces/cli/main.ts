/** Runs one command line and returns its exit code, which `cloudtab --help` lists. */
import { CommanderError } from 'commander';
import { makeProgram } from './program.ts';

/** `args` are the arguments after `cloudtab`. Prints errors without a stack trace, and throws defects. */
export async function main(args: readonly string[]): Promise<number> {
  const ended = { code: 0 };
  const end = args.indexOf('--');
  const json = args.slice(0, end === -1 ? undefined : end).includes('--json');
  const usageErrors: string[] = [];
  const writeErr = (text: string) => void (json ? usageErrors.push(text) : process.stderr.write(text));
  try {
    await makeProgram(ended, writeErr, args[0]).parseAsync(args, { from: 'user' });
    return ended.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Without --json, commander has printed the message.
      const message = usageErrors
        .join('')
        .trim()
        .replace(/^error: /, '');
      if (json) {
        const { printFailure } = await import('./report-error.ts');
        printFailure({ code: 'usage', exitCode: 2, messages: [message], problems: [] }, json);
      }
      return 2;
    }
    const { failureOf, printFailure } = await import('./report-error.ts');
    const failure = failureOf(error);
    if (!failure) throw error;
    printFailure(failure, json);
    return failure.exitCode;
  }
}
