/** A program of another account of this computer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** The user and the group that own no file. */
const STRANGER = 65_534;

/** Whether this process may start programs as another user. */
export const hasStranger = process.getuid?.() === 0;

/**
 * Runs the body of an async function as another user, if this process may, and returns what it returns, as JSON. The body sees
 * the `input`. Otherwise it runs as this user: what depends on the rights of files has to be looked at in another way, too.
 */
export async function asStranger(body: string, input: unknown): Promise<ReturnType<typeof JSON.parse>> {
  const script = `const input = ${JSON.stringify(input)};
const result = await (async () => { ${body} })();
process.stdout.write(JSON.stringify(result));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(hasStranger && { uid: STRANGER, gid: STRANGER }),
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(printed);
}
