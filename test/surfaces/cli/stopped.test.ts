/** Commands in processes of their own whose output is closed early, as with `| head`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { stopSignal, untilStopped } from '../../../lib/surfaces/cli/stopped.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../../bin/cloudtab.ts');

/** Runs the command, closes its output at once, and returns its exit code. */
async function exitCodeOf(dir: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--dir', dir]);
  const exit = once(child, 'exit');
  child.stdout.destroy();
  child.stderr.destroy();
  return (await exit)[0];
}

function crons(count: number): string {
  const uids = Array.from({ length: count }, (_, n) => `cron-${n}`);
  return JSON.stringify({ crons: uids.map((uid) => ({ uid, name: 'heartbeat', periodicity: '@daily' })) });
}

it('A command that changes a crontab finishes its work after its output was closed, and its exit code is as usual', async () => {
  const dir = tempFolder();
  const file = join(dir, 'crons.json');
  writeFileSync(file, crons(20));
  expect(await exitCodeOf(dir, ['plan', file])).toBe(4);
  expect(await exitCodeOf(dir, ['apply', file])).toBe(0);
  expect(readdirSync(join(folderOf(dir).parameters, 'default', 'crons'))).toHaveLength(20);
  expect(await exitCodeOf(dir, ['show', 'nothing'])).toBe(1);
});

it('A command that runs until Ctrl-C ends when its output is closed', async () => {
  const dir = tempFolder();
  mkdirSync(join(folderOf(dir).parameters, 'default', 'crons'), { recursive: true });
  const definition = { name: 'heartbeat', periodicity: '* * * * *' };
  writeFileSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'), JSON.stringify(definition));
  expect(await exitCodeOf(dir, ['start', '--port', '0'])).toBe(0);
  const stopped = untilStopped();
  process.stdout.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  expect(await stopped).toBeUndefined();
});

it('A command that runs until Ctrl-C goes on when its output cannot be written for another reason', async () => {
  let isStopped = false;
  void untilStopped().then(() => {
    isStopped = true;
  });
  process.stdout.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  await Promise.resolve();
  expect(isStopped).toBe(false);
});

it('A command stops to wait when its output is closed, and after its end Ctrl-C ends the process as usual', () => {
  const listeners = process.listenerCount('SIGINT');
  {
    using stop = stopSignal();
    expect(process.listenerCount('SIGINT')).toBe(listeners + 1);
    expect(stop.signal.aborted).toBe(false);
    process.stdout.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    expect(stop.signal.aborted).toBe(true);
  }
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});
