/** The commands in the documentation exist, and its sessions run as they are shown. */
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../lib/surfaces/cli/program.ts';
import { mentionedCommands, sessionsIn, shellCommands } from './commands.ts';
import { pages } from './markdown.ts';
import { playSession } from './play-session.ts';

const sessions = pages.flatMap(sessionsIn);

/** Parses the command line and executes nothing. Throws a CommanderError. */
async function parse(args: readonly string[]): Promise<void> {
  const program = makeProgram({ code: 0 }, () => {});
  for (const command of program.commands) command.action(() => {});
  await program.parseAsync(args, { from: 'user' });
}

/** A session shows the message of a command that fails with the name of the command in front. */
function showsFailure(output: string): boolean {
  return /^(?:cloudtab|error): /.test(output);
}

/** Why the command line cannot be parsed, as a code of commander; nothing for a correct one. */
async function errorOf(args: readonly string[]): Promise<string | undefined> {
  try {
    await parse(args);
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.code;
    throw error;
  }
}

describe('the commands in the documentation', () => {
  it('The documentation contains commands and sessions', () => {
    expect(shellCommands().length).toBeGreaterThan(15);
    expect(mentionedCommands().length).toBeGreaterThan(15);
    expect(sessions.length).toBeGreaterThan(0);
  });

  it.each(shellCommands())('The command exists with its options: $name', async ({ args }) => {
    expect(await errorOf(args)).toBeUndefined();
  });

  it.each(mentionedCommands())('The mentioned command exists with its options: $name', async ({ args }) => {
    expect([undefined, 'commander.missingArgument']).toContain(await errorOf(args));
  });

  it.each(sessions)('The commands of the session in $name succeed or fail as it shows', async (session) => {
    const played = await playSession(session);
    expect(played.map(({ command, exitCode }) => [command, exitCode !== 0])).toEqual(
      session.steps.map(({ command, output }) => [command, showsFailure(output)]),
    );
  });
});
