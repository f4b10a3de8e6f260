/** The command `cloudtab` for the deployment, with JSON output. */
import { join } from 'node:path';
import { run } from './command.ts';
import { PATH, ROOT } from './places.ts';

/** Runs the command and returns its output. Throws CommandError when its exit code is not 0. */
export type Cloudtab = (...words: string[]) => Promise<ReturnType<typeof JSON.parse>>;

export function commandLine(stack: string): Cloudtab {
  return async (...words) =>
    JSON.parse(
      await run({
        program: process.execPath,
        args: [join(ROOT, 'bin/cloudtab.ts'), ...words, '--stack', stack, '--json'],
        env: { ...process.env, PATH },
        cwd: ROOT,
        seconds: 600,
      }),
    );
}
