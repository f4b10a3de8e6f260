/** Opens a secret address in the browser of the user. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../client/chosen-target.ts';

export interface Waiting {
  /** Calls back once when so many milliseconds have passed. Returns a function that cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** How long a browser may take to read the file. */
const READ_WITHIN_MS = 60_000;

/** Whether a user sits at this terminal and can see a browser. */
export function hasBrowser(
  isTerminal: boolean,
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (!isTerminal || env.CI || env.SSH_CONNECTION) return false;
  return platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts the browser with a file that only the user can read and that leads to the address: every account of the computer
 * sees the arguments of a process. The file is deleted after a minute or by the returned function. `onFailure` is called if
 * no browser can be started.
 */
export function openBrowser(url: string, clock: Waiting, onFailure?: () => void): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-'));
  const file = join(folder, 'open.html');
  writeFileSync(file, redirectTo(url), { mode: 0o600, flag: 'wx' });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const cancel = clock.after(READ_WITHIN_MS, remove);
  spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [file], { stdio: 'ignore', detached: true })
    .once('error', () => onFailure?.())
    .once('exit', (code) => code !== 0 && onFailure?.())
    .unref();
  return () => {
    cancel();
    remove();
  };
}

/** The address consists of characters that HTML needs no escapes for. */
function redirectTo(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>cloudtab</title>
<meta http-equiv="refresh" content="0; url=${url}">
<p><a href="${url}">Open the dashboard</a></p>
`;
}
