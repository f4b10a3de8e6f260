/** Runs one command line and returns its exit code, which `cloudtab --help` lists. */
import { type Command, CommanderError } from 'commander';
import { makeProgram } from './program.ts';

/** `args` are the arguments after `cloudtab`. Prints errors without a stack trace, and throws defects. */
export async function main(args: readonly string[]): Promise<number> {
  const ended = { code: 0 };
  const end = args.indexOf('--');
  const json = args.slice(0, end === -1 ? undefined : end).includes('--json');
  const usageErrors: string[] = [];
  try {
    const program = makeProgram(ended, (text) => usageErrors.push(text), args[0]);
    await program.parseAsync(withoutHelp(program, args), { from: 'user' });
    return ended.code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      await printUsageError(usageErrors.join(''), json);
      return 2;
    }
    const { failureOf, printFailure } = await import('./report-error.ts');
    const failure = failureOf(error);
    if (!failure) throw error;
    printFailure(failure, json);
    return failure.exitCode;
  }
}

/**
 * The command line itself, or the unknown command alone of one that requests its help: commander would print the help of all
 * commands for it.
 */
function withoutHelp(program: Command, args: readonly string[]): readonly string[] {
  const isHelp = args[0] === 'help';
  const [word] = isHelp ? args.slice(1) : args;
  // Commander knows no help of help.
  if (isHelp && word === 'help') return ['help'];
  const isCommand = word === 'help' || program.commands.some((command) => command.name() === word);
  return word === undefined || word.startsWith('-') || isCommand ? args : [word];
}

/** The message of commander on standard error, or with --json as an object. */
async function printUsageError(text: string, json: boolean): Promise<void> {
  if (json) {
    const { printFailure } = await import('./report-error.ts');
    const message = text.trim().replace(/^error: /, '');
    printFailure({ code: 'usage', exitCode: 2, messages: [message], problems: [] }, json);
  } else {
    const { fitting } = await import('./table.ts');
    process.stderr.write(fitting(text, process.stderr));
  }
}
