/** A program that runs the crontab of a folder, beside commands and programs in processes of their own. */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { type FolderCrontabs, openFolder } from '../../../lib/surfaces/sdk/crontabs.ts';
import { knownFolder } from '../../support/known-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LIBRARY = pathToFileURL(join(ROOT, 'lib/index.ts')).href;
const execute = promisify(execFile);

class Kept extends Runner {
  async run() {
    return [`of process ${process.pid}`];
  }
}

let dir: string;
beforeEach(() => {
  dir = knownFolder();
});

async function keep(): Promise<{ readonly crontabs: FolderCrontabs; readonly events: Event[] }> {
  const crontabs = await openFolder(dir, { keep: true, runners: { kept: Kept } });
  onTestFinished(() => crontabs.close());
  const events: Event[] = [];
  crontabs.subscribe((event) => void events.push(event));
  return { crontabs, events };
}

/** A command in a process of its own. */
async function cloudtab(...words: string[]): Promise<string> {
  const args = [join(ROOT, 'bin/cloudtab.ts'), ...words, '--dir', dir];
  return (await execute(process.execPath, args)).stdout;
}

/** A program in a process of its own. `crontabs` are those of the folder, with a runner of its own. */
async function program(body: string): Promise<unknown> {
  const text = `import { openFolder, Runner } from '${LIBRARY}';
    class Mine extends Runner { async run() { return ['of process ' + process.pid]; } }
    await using crontabs = await openFolder(${JSON.stringify(dir)}, { runners: { mine: Mine } });
    const answer = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(answer));`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', text]);
  return JSON.parse(stdout);
}

const changesIn = (events: readonly Event[]) =>
  events.filter(({ type }) => type === 'ModifiedCrontab').length;

it('A program that keeps a folder does the calls and the runs of commands in other processes', async () => {
  const { events } = await keep();
  expect(statSync(folderOf(dir).door).mode & 0o777).toBe(0o600);
  expect(new FolderDoor(dir).current()?.pid).toBe(process.pid);
  await cloudtab('add', 'kept', '@daily', '--uid', 'a');
  expect(changesIn(events)).toBe(1);
  expect(await cloudtab('run', 'a')).toContain(`of process ${process.pid}`);
  expect(events.map(({ type }) => type)).toContain('FinishedCronJob');
});

it('It also does those of another program, whose own runners it does not know', async () => {
  const { events } = await keep();
  const answer = await program(`
    const crontab = await crontabs.load();
    crontab.add({ uid: 'a', name: 'kept', periodicity: '@daily' });
    await crontab.save();
    const log = await (await crontab.job('a').force()).finished();
    const problems = (() => {
      try { crontab.add({ uid: 'b', name: 'mine', periodicity: '@daily' }); }
      catch (error) { return error.problems; }
    })();
    return { messages: log.messages, problems };`);
  expect(answer).toEqual({
    messages: [`of process ${process.pid}`],
    problems: [
      {
        where: 'name',
        got: '"mine"',
        wanted: expect.stringContaining('the name of a runner: '),
        fix: expect.any(String),
      },
    ],
  });
  expect(changesIn(events)).toBe(1);
});

it('After its end another program does its calls itself, with its own runners', async () => {
  const { crontabs, events } = await keep();
  await crontabs.close();
  expect(existsSync(folderOf(dir).door)).toBe(false);
  const answer = await program(`
    const crontab = await crontabs.load();
    crontab.add({ uid: 'b', name: 'mine', periodicity: '@daily' });
    await crontab.save();
    const log = await (await crontab.job('b').force()).finished();
    return { pid: process.pid, messages: log.messages };`);
  const { pid, messages } = answer as { readonly pid: number; readonly messages: readonly string[] };
  expect(messages).toEqual([`of process ${pid}`]);
  expect(events).toEqual([]);
});

it('A second program that wants to keep the folder is refused, and the door of the first one stays', async () => {
  const { events } = await keep();
  await expect(openFolder(dir, { keep: true })).rejects.toThrow(ConfigurationError);
  await cloudtab('add', 'heartbeat', '@daily', '--uid', 'a');
  expect(changesIn(events)).toBe(1);
});
