/**
 * Another account of this computer, played by processes of another user: `npm run test:accounts`, which needs root. What does
 * not need a second account, such as the modes of files, is in files.test.ts and local-door.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { FileSecrets } from '../../lib/adapters/local/file-secrets.ts';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { openBrowser } from '../../lib/surfaces/cli/browser.ts';
import { fakeBrowser } from '../support/fake-browser.ts';
import { inOtherProcess } from '../support/other-process.ts';
import { COMMAND, type StartedScheduler, startScheduler } from '../support/started-scheduler.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The user and the group that own no file. */
const STRANGER = 65_534;
/** A user without an entry in the user database. */
const UNLISTED = 54_321;

let scheduler: StartedScheduler;
beforeAll(async () => {
  scheduler = await startScheduler();
  await new FileSecrets(folderOf(scheduler.dir).secrets).write('default', 'token', 'hunter2-hunter2');
});
afterAll(() => scheduler[Symbol.asyncDispose]());

const asStranger = (body: string, input: unknown) => inOtherProcess(body, input, STRANGER);

/** What `readFileSync` returns for each file, or the code of its error. */
const read = (files: readonly string[]) =>
  asStranger(
    `const { readFileSync } = await import('node:fs');
    return input.map((file) => { try { return readFileSync(file, 'utf8'); } catch (error) { return error.code; } });`,
    files,
  );

/** All files below, of the folders that this user may enter. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it('It is another user', async () => {
  expect(await asStranger('return process.getuid();', null)).toBe(STRANGER);
});

it('It cannot make the dashboard show or change anything', async () => {
  const { dir, door } = scheduler;
  const crons = () => readdirSync(join(folderOf(dir).parameters, 'default', 'crons'));
  const before = crons();
  const statuses = await asStranger(
    `const headers = { 'content-type': 'application/json', 'x-cloudtab': '1' };
    const body = JSON.stringify({ uid: 'evil', name: 'command', periodicity: '@yearly', environ: { run: 'id' } });
    const ask = async (path, method = 'GET') =>
      (await fetch(input + path, { method, headers, ...(method === 'POST' && { body }) })).status;
    return Promise.all([
      ask('/'), ask('/sites/default'), ask('/api/sites'), ask('/api/sites/default/crons', 'POST'),
      ask('/api/sites/default/crons/every-minute/run', 'POST'), ask('/api/sites/default/crons/every-minute', 'DELETE'),
    ]);`,
    door.address,
  );
  expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
  expect(crons()).toEqual(before);
});

it('It reads no file of the folder, even if every account may enter the folders in it', async () => {
  const { dir } = scheduler;
  const folders = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const closed = filesIn(dir).filter((file) => !file.endsWith('.gitignore'));
  const { token, door, settings } = folderOf(dir);
  expect(closed).toEqual(expect.arrayContaining([token, door]));
  expect(new Set(await read(closed))).toEqual(new Set(['EACCES']));
  for (const folder of folders) chmodSync(folder, 0o755);
  onTestFinished(() => folders.forEach((folder) => void chmodSync(folder, 0o700)));
  expect(new Set(await read(closed.filter((file) => file !== settings)))).toEqual(new Set(['EACCES']));
});

it('It cannot place a file, or a link, where the owner writes', async () => {
  const { dir } = scheduler;
  const { parameters, state, logs, secrets } = folderOf(dir);
  const codes = await asStranger(
    `const { symlinkSync, writeFileSync } = await import('node:fs');
    const code = (place) => { try { place(); return 'placed'; } catch (error) { return error.code; } };
    return input.flatMap((folder) => [
      code(() => symlinkSync('/etc/hostname', folder + '/link')), code(() => writeFileSync(folder + '/file', '')),
    ]);`,
    [dir, parameters, state, logs, secrets],
  );
  expect(new Set(codes)).toEqual(new Set(['EACCES']));
});

it('It finds the secret of the dashboard neither in the list of processes nor in the file that leads the browser', async () => {
  const { dir, door } = scheduler;
  const started = fakeBrowser();
  onTestFinished(openBrowser(`${door.address}/${door.token}/`, systemClock));
  onTestFinished(() => void vi.unstubAllEnvs());
  const { file } = await started();
  const lines: string = await asStranger(
    `return (await import('node:child_process')).execFileSync('/bin/sh', ['-c',
      'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\\\0" " "; ps -Ao args 2>/dev/null || true'], { encoding: 'utf8' });`,
    null,
  );
  expect(lines).toContain(dir);
  expect(lines).not.toContain(door.token);
  expect(await read([file])).toEqual(['EACCES']);
});

it('A folder of its own makes no other user run its programs', () => {
  const folder = tempFolder();
  const dir = join(folder, 'crons');
  const proof = join(folder, 'proof');
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  const cron = { name: 'command', periodicity: '@yearly', environ: { command: `touch ${proof}` } };
  writeFileSync(join(crons, 'evil.json'), JSON.stringify(cron));
  const run = () => spawnSync(process.execPath, [COMMAND, 'run', 'evil', '--dir', dir]);
  run();
  expect(existsSync(proof)).toBe(true);
  rmSync(proof);
  for (const path of [
    dir,
    ...readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name)),
  ])
    chownSync(path, STRANGER, STRANGER);
  expect(run().status).not.toBe(0);
  expect(existsSync(proof)).toBe(false);
});

it('An account without an entry in the user database can use the command line', () => {
  const folder = tempFolder();
  chmodSync(folder, 0o777);
  const crons = join(folder, 'crons');
  mkdirSync(crons);
  chmodSync(crons, 0o777);
  const words = ['add', 'heartbeat', '@daily', '--uid', 'a', '--dir', crons];
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    uid: UNLISTED,
    gid: UNLISTED,
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
