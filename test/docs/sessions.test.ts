/** The commands in the documentation exist, and its sessions run as they are shown. */
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../lib/surfaces/cli/program.ts';
import { documentedCommands, sessionsIn } from './commands.ts';
import { pages } from './markdown.ts';
import { playSession } from './play-session.ts';

const commands = documentedCommands();
const sessions = pages.flatMap(sessionsIn);

/** Parses the command line and executes nothing. Throws a CommanderError for a command or an option that does not exist. */
async function parse(args: readonly string[]): Promise<void> {
  const program = makeProgram({ code: 0 }, () => {});
  for (const command of program.commands) command.action(() => {});
  await program.parseAsync(args, { from: 'user' });
}

/** A session shows the message of a command that fails with the name of the command in front. */
function showsFailure(output: string): boolean {
  return /^(?:cloudtab|error): /.test(output);
}

const failing = new Set(
  sessions.flatMap(({ name, steps }) =>
    steps.filter(({ output }) => showsFailure(output)).map(({ command }) => `${name} $ ${command}`),
  ),
);

describe('the commands in the documentation', () => {
  it('The documentation contains commands and sessions', () => {
    expect(commands.length).toBeGreaterThan(30);
    expect(sessions.length).toBeGreaterThan(0);
  });

  it.each(commands.filter(({ name }) => !failing.has(name)))(
    'The command exists with its options: $name',
    async ({ args }) => {
      await expect(parse(args)).resolves.toBeUndefined();
    },
  );

  it.each(sessions)('The commands of the session in $name succeed or fail as it shows', async (session) => {
    const played = await playSession(session);
    expect(played.map(({ command, exitCode }) => [command, exitCode !== 0])).toEqual(
      session.steps.map(({ command, output }) => [command, showsFailure(output)]),
    );
  });
});
