/** The command `cloudtab` as a person types it for the deployment; its answers are asked for in JSON. */
import { join } from 'node:path';
import { run } from './command.ts';
import { PATH, ROOT } from './places.ts';

/** Types the words and returns the answer. Throws when the command ends with another code than 0. */
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
