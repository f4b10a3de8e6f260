import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { homeFolder } from '../../../lib/adapters/local/home-folder.ts';
import { LogFolder } from '../../../lib/adapters/local/log-folder.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

vi.mock('node:os', { spy: true });
vi.mock('node:fs', { spy: true });

const open = () => openFolderTarget(tempFolder(), { runners: {}, logger: new MemoryLogger() });

it('The author of edits in a folder is the user of the process', async () => {
  await using target = await open();
  expect(target.ports.by).toBe(userInfo().username);
});

it('An account without HOME and without an entry in the user database has no home folder', () => {
  vi.mocked(homedir).mockImplementationOnce(() => {
    throw new Error('uv_os_homedir returned ENOENT');
  });
  expect(homeFolder()).toBeUndefined();
  expect(homeFolder()).toBe(homedir());
});

it('The author of edits is "the command line" when the user has no entry in the user database', async () => {
  vi.mocked(userInfo).mockImplementationOnce(() => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
  });
  await using target = await open();
  expect(target.ports.by).toBe('the command line');
});

it('The findings of a folder report a log file that cannot be written', async () => {
  const dir = tempFolder();
  await using target = await openFolderTarget(dir, { runners: {}, logger: new MemoryLogger() });
  const { logs } = folderOf(dir);
  const logFindings = async () =>
    (await target.maintenance.findings()).filter(({ what }) => what.startsWith('Log lines are lost'));
  expect(await logFindings()).toEqual([]);
  const day = new Date(systemClock.now()).toISOString().slice(0, 10);
  mkdirSync(join(logs, `${day}.jsonl`), { recursive: true });
  expect(await logFindings()).toMatchObject([
    {
      code: 'place',
      what: expect.stringContaining('EISDIR'),
      fix: 'Free disk space, or make the folder and its files writable.',
    },
  ]);
});

it('The findings of a folder report a full disk, and leave no file behind', async () => {
  const dir = tempFolder();
  await using target = await openFolderTarget(dir, { runners: {}, logger: new MemoryLogger() });
  const { logs } = folderOf(dir);
  mkdirSync(logs, { recursive: true });
  const before = readdirSync(logs);
  vi.mocked(writeFileSync).mockImplementationOnce(() => {
    throw new Error('ENOSPC: no space left on device, write');
  });
  const what = `Log lines are lost: the log folder ${logs} cannot be written: ENOSPC: no space left on device, write.`;
  expect(await target.maintenance.findings()).toContainEqual(expect.objectContaining({ what }));
  expect(await target.maintenance.findings()).not.toContainEqual(expect.objectContaining({ what }));
  expect(readdirSync(logs)).toEqual(before);
});

it('The findings of a folder report lost log lines until the file that keeps their number is deleted', async () => {
  const dir = tempFolder();
  await using target = await openFolderTarget(dir, { runners: {}, logger: new MemoryLogger() });
  const { logs } = folderOf(dir);
  const log = new LogFolder(logs, () => {});
  const day = join(logs, '2026-03-02.jsonl');
  for (const _ of ['first', 'second']) {
    mkdirSync(day);
    log.append(NOON, 'lost');
    log.append(NOON, 'lost');
    rmdirSync(day);
    log.append(NOON, 'kept');
    rmSync(day);
  }
  const file = join(logs, 'lost-lines.jsonl');
  const finding = {
    code: 'place',
    what: `4 log line(s) could not be written to ${logs} and are lost.`,
    fix: `Check the free disk space and the permissions of the folder, then delete ${file}.`,
  };
  expect(await target.maintenance.findings()).toContainEqual(expect.objectContaining(finding));
  rmSync(file);
  expect(await target.maintenance.findings()).not.toContainEqual(expect.objectContaining(finding));
});
