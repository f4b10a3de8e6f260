/** Commands as processes of their own whose output nobody reads any more, as with `| head`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { untilStopped } from '../../lib/cli/stopped.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');

/** Types the command, reads nothing of what it prints, and returns its exit code. */
async function unread(dir: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--dir', dir]);
  const ended = once(child, 'exit');
  child.stdout.destroy();
  child.stderr.destroy();
  return (await ended)[0];
}

function crons(count: number): string {
  const uids = Array.from({ length: count }, (_, n) => `cron-${n}`);
  return JSON.stringify({ crons: uids.map((uid) => ({ uid, name: 'heartbeat', periodicity: '@daily' })) });
}

it('what changes a crontab goes on to its end, and exits as its work went', async () => {
  const dir = tempFolder();
  const file = join(dir, 'crons.json');
  writeFileSync(file, crons(20));
  expect(await unread(dir, ['plan', file])).toBe(4);
  expect(await unread(dir, ['apply', file])).toBe(0);
  expect(readdirSync(join(folderOf(dir).parameters, 'default', 'crons'))).toHaveLength(20);
  expect(await unread(dir, ['show', 'nothing'])).toBe(1);
});

it('what shows things until Ctrl-C ends', async () => {
  const dir = tempFolder();
  mkdirSync(join(folderOf(dir).parameters, 'default', 'crons'), { recursive: true });
  const definition = { name: 'heartbeat', periodicity: '* * * * *' };
  writeFileSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'), JSON.stringify(definition));
  expect(await unread(dir, ['start', '--port', '0'])).toBe(0);
  const stopped = untilStopped();
  process.stdout.emit('error', new Error('EPIPE'));
  expect(await stopped).toBeUndefined();
});
