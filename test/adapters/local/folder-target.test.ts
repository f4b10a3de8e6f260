import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

vi.mock('node:os', { spy: true });

const open = () => openFolderTarget(tempFolder(), { runners: {}, logger: new MemoryLogger() });

it('The author of edits in a folder is the user of the process', async () => {
  await using target = await open();
  expect(target.ports.by).toBe(userInfo().username);
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
      fix: 'Make the folder and its files writable.',
    },
  ]);
});
