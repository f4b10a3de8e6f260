/** Defines the command line: the commands, their options and their help. */
import { Command, CommanderError } from 'commander';
import { DEFAULT_DIR } from '../../client/chosen-target.ts';
import { version } from '../../client/version.ts';
import { changeCommands } from './change-commands.ts';
import { lookCommands } from './look-commands.ts';
import { addCommand, type ExitStatus, print, siteOption } from './options.ts';
import { profileCommands } from './profile-commands.ts';
import { runCommands } from './run-commands.ts';
import type { StartOptions } from './start.ts';
import { upkeepCommands } from './upkeep-commands.ts';

const EXIT_CODES = `
Exit codes: 0 success, 1 the command failed, 2 the command line has an error,
3 the run that "run" waited for failed, 4 "plan" found changes,
130 Ctrl-C stopped "apply", or the wait of "run".`;

/**
 * `ended.code` becomes the exit code of a command that succeeds; `writeErr` receives usage errors. `word`: the first of the
 * command line; if it names a command, groups of commands after it are not defined.
 */
export function makeProgram(ended: ExitStatus, writeErr?: (text: string) => void, word?: string): Command {
  const program = new Command('cloudtab')
    .description('A crontab for AWS and for your laptop.')
    .option('--version', 'print the version')
    .on('option:version', () => {
      print(version());
      throw new CommanderError(0, 'commander.version', 'printed');
    })
    .exitOverride()
    .configureOutput({ ...(writeErr && { writeErr }) })
    // Commander wraps descriptions only beside a short list of commands.
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`.replace(' [options]', ''),
    })
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText('after', EXIT_CODES);

  for (const [title, define] of GROUPS) {
    define(program.commandsGroup(title), ended);
    // The help of all commands takes longer to define than most commands take.
    if (program.commands.some((command) => command.name() === word)) break;
  }
  return program;
}

const GROUPS: readonly (readonly [title: string, define: (program: Command, ended: ExitStatus) => void])[] = [
  ['Run:', startCommand],
  ['Look:', lookCommands],
  ['Runs:', runCommands],
  ['Change:', changeCommands],
  ['Crontabs in files:', profileCommands],
  ['Set up and keep well:', upkeepCommands],
];

function startCommand(program: Command): void {
  addCommand(program, 'start', 'run the crontab of a folder until Ctrl-C', [
    'cloudtab start',
    'cloudtab start --dir ~/crons --port 8080',
  ])
    .option(
      '--dir <folder>',
      'folder of parameters and state (or CLOUDTAB_DIR)',
      process.env.CLOUDTAB_DIR || DEFAULT_DIR,
    )
    .option(
      '--retention <days>',
      'how long run records are kept from now on, 0 to 400 days; the newest of each cron stay longer (default: 90)',
    )
    .option('--port <port>', 'port of the dashboard (default: 4242, or the next free one)')
    .option('--no-browser', 'do not open the dashboard in your browser')
    .option('--profile <file>', 'write the crons of this profile into a new folder, instead of a sample')
    .addOption(siteOption('site of the crontab in a new folder'))
    .action(async (options: StartOptions) => {
      const { start } = await import('./start.ts');
      await start(options);
    });
}
