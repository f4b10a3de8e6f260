/** A program in a process of its own, as this user or as another account of this computer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs the body of an async function in another process, as the user and the group of that number if it is given, which needs
 * root. The body sees the `input`. Returns what it returns, as JSON.
 */
export async function inOtherProcess(
  body: string,
  input: unknown,
  user?: number,
): Promise<ReturnType<typeof JSON.parse>> {
  const script = `const input = ${JSON.stringify(input)};
const result = await (async () => { ${body} })();
process.stdout.write(JSON.stringify(result));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(user !== undefined && { uid: user, gid: user }),
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(printed);
}
