/** What can be typed: commands, options, and their help. What each command does is in the file of its name. */
import { Command } from 'commander';
import { changeCommands } from './change-commands.ts';
import { lookCommands } from './look-commands.ts';
import { type ExitStatus, examples, siteOption } from './options.ts';
import { profileCommands } from './profile-commands.ts';
import { DEFAULT_ALLOWED_HOSTS, start } from './start.ts';
import { DEFAULT_DIR } from './target.ts';
import { upkeepCommands } from './upkeep-commands.ts';
import { version } from './version.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 it did not work, 2 the command line was not understood,
3 the run that was waited for failed, 4 applying the planned file would change
something, 130 Ctrl-C stopped "apply" half way.`;

/** `ended.code` becomes the exit code of a command that did its work; `writeErr` is told what was not understood. */
export function makeProgram(
  ended: ExitStatus,
  writeErr: (text: string) => void = (text) => void process.stderr.write(text),
): Command {
  const program = new Command('cloudtab')
    .description('A crontab for AWS, and for your laptop.')
    .version(version(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({ writeErr })
    .showHelpAfterError('(add --help for what can be typed)')
    .addHelpText('after', EXIT_CODES);

  program
    .command('start')
    .description('keep the crontab of a folder running, until Ctrl-C')
    .option(
      '--dir <folder>',
      'folder of parameters and state (or CLOUDTAB_DIR)',
      process.env.CLOUDTAB_DIR || DEFAULT_DIR,
    )
    .option('--allow-host <host...>', 'hosts that the http runner may call', [...DEFAULT_ALLOWED_HOSTS])
    .option('--port <port>', 'where the dashboard listens (default: 4242, or the next that is free)')
    .addOption(siteOption('whose crontab a new folder begins with'))
    .option('--json', 'print JSON, a line for what happened, for programs')
    .addHelpText(
      'after',
      examples('cloudtab start', 'cloudtab start --dir ~/crons --allow-host api.example.com'),
    )
    .action(start);

  lookCommands(program, ended);
  changeCommands(program, ended);
  profileCommands(program, ended);
  upkeepCommands(program, ended);
  return program;
}
