/** The command `cloudtab` for the deployment, with JSON output. */
import { join } from 'node:path';
import { run } from './command.ts';
import { PATH, ROOT } from './places.ts';

/** Runs the command and returns its output. Throws CommandError when its exit code is not 0. */
export type Cloudtab = (...words: string[]) => Promise<ReturnType<typeof JSON.parse>>;

export interface CommandLineOptions {
  /** Chooses between the deployments of the stack. */
  readonly root?: string;
  /** The folder of the runners. Default: that of the project. */
  readonly runners?: string;
  /** The function URL, instead of the stack. */
  readonly url?: string;
  /** The standard input of the commands. */
  readonly input?: string;
  /** More variables of the environment, such as the credentials of a caller. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The commands for a stack. `open`, which runs until it is stopped, is stopped after its first line. `logs` returns a list of
 * lines.
 */
export function commandLine(stack: string, options: CommandLineOptions = {}): Cloudtab {
  const call = terminal(stack, options);
  return async (...words) => {
    const output = await call(...words, '--json');
    return words[0] === 'logs'
      ? output
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : JSON.parse(output);
  };
}

/** The same commands, which return what they print on standard output for people. */
export function terminal(
  stack: string,
  { root, runners, url, env, input }: CommandLineOptions = {},
): (...words: string[]) => Promise<string> {
  const target =
    url === undefined ? ['--stack', stack, ...(root === undefined ? [] : ['--root', root])] : ['--url', url];
  return (...words) =>
    run({
      program: process.execPath,
      args: [join(ROOT, 'bin/cloudtab.ts'), ...words, ...target],
      env: { ...process.env, PATH, ...env, ...(runners !== undefined && { CLOUDTAB_RUNNERS: runners }) },
      cwd: ROOT,
      seconds: 600,
      ...(input !== undefined && { input }),
      ...(words[0] === 'open' && { stopAfter: /\n/ }),
    });
}
