/** On a laptop `command` runs programs for the owner of the folder alone, who writes the files that name the programs. */
import { statSync } from 'node:fs';
import type { RunnerLimits } from '../../runners/limits.ts';

type CommandLimits = Pick<RunnerLimits, 'allowCommands' | 'whyNoCommands'>;

/** The limits of commands in this folder, which exists. `user` is the user id of this process. */
export function commandLimits(dir: string, user = process.getuid?.()): CommandLimits {
  const { uid: owner } = statSync(dir);
  if (owner === user) return { allowCommands: true };
  return {
    allowCommands: false,
    whyNoCommands:
      `The folder ${dir} belongs to the user with the id ${owner}, and this process runs as ${user}: commands run for ` +
      'the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.',
  };
}
