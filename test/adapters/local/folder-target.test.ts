import { userInfo } from 'node:os';
import { expect, it, vi } from 'vitest';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
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
