import { expect, it } from 'vitest';
import { commandLimits } from '../../../lib/adapters/local/command-limits.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('A folder runs commands for its owner', () => {
  expect(commandLimits(tempFolder())).toEqual({ allowCommands: true });
});

it('A folder of another user runs no commands, and the reason names both users and the fix', () => {
  const dir = tempFolder();
  const owner = process.getuid?.() ?? -1;
  expect(commandLimits(dir, owner + 1)).toEqual({
    allowCommands: false,
    whyNoCommands:
      `The folder ${dir} belongs to the user with the id ${owner}, and this process runs as ${owner + 1}: commands run for ` +
      'the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.',
  });
});
