/** `cloudtab start` in a process of its own, with a folder that any account may enter: the modes of files alone protect it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Door, FolderDoor } from '../../lib/adapters/local/folder-door.ts';

export const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');

export interface StartedScheduler extends AsyncDisposable {
  readonly dir: string;
  readonly door: Door;
  /** All that it has written to its streams. */
  readonly output: () => string;
}

/** Resolves when the dashboard answers. Disposing of it stops the process and removes the folder. */
export async function startScheduler(): Promise<StartedScheduler> {
  const dir = mkdtempSync(join(tmpdir(), 'cloudtab-test-'));
  chmodSync(dir, 0o755);
  const child = spawn(process.execPath, [COMMAND, 'start', '--dir', dir, '--port', '0'], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  const door = await vi.waitFor(
    () => new FolderDoor(dir).current() ?? Promise.reject(new Error(`No scheduler runs: ${output}`)),
    { timeout: 25_000, interval: 100 },
  );
  return {
    dir,
    door,
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'close');
      rmSync(dir, { recursive: true });
    },
  };
}
