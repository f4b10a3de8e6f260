/** What can be typed: commands, options, and their help. What each command does is in the file of its name. */
import { Command } from 'commander';
import { DEFAULT_SITE } from '../domain/names.ts';
import { showLogs } from './logs.ts';
import { listCrons } from './ls.ts';
import { runCron } from './run.ts';
import { start } from './start.ts';
import { openTarget, type TargetOptions } from './target.ts';

interface Common extends TargetOptions {
  readonly site: string;
  readonly json?: true;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 it did not work, 2 the command line was not understood, 3 the run that was waited for failed.`;

/** `ended.code` becomes the exit code of a command that did its work. */
export function makeProgram(ended: { code: number }): Command {
  const program = new Command('cloudtab')
    .description('A crontab for AWS, and for your laptop.')
    .exitOverride()
    .showHelpAfterError('(add --help for what can be typed)')
    .addHelpText('after', EXIT_CODES);

  program
    .command('start')
    .description('keep the crontab of a folder running, until Ctrl-C')
    .option('--dir <folder>', 'folder of parameters and state', '.cloudtab')
    .option('--allow-host <host...>', 'hosts that the http runner may call', ['localhost:*', '127.0.0.1:*'])
    .option('--port <port>', 'where the dashboard listens (default: 4242, or the next that is free)', Number)
    .addHelpText(
      'after',
      examples('cloudtab start', 'cloudtab start --dir ~/crons --allow-host api.example.com'),
    )
    .action(start);

  common(program.command('ls'), 'list the crons of a site')
    .addHelpText('after', examples('cloudtab ls', 'cloudtab ls --stack Cloudtab --site shop --json'))
    .action(async (options: Common) => {
      await using target = await openTarget(options);
      print(await listCrons(target, options.site, options.json));
    });

  common(program.command('logs <uid>'), 'show the logs of a cron, newest first')
    .addHelpText('after', examples('cloudtab logs every-minute', 'cloudtab logs nightly --json'))
    .action(async (uid: string, options: Common) => {
      await using target = await openTarget(options);
      print(await showLogs(target, options.site, uid, options.json));
    });

  common(program.command('run <uid>'), 'run a cron now; its regular schedule stands')
    .option('--no-wait', 'do not wait for the end of the run')
    .addHelpText('after', examples('cloudtab run nightly', 'cloudtab run nightly --stack Cloudtab --no-wait'))
    .action(async (uid: string, options: Common & { wait: boolean }) => {
      await using target = await openTarget(options);
      const { text, failed } = await runCron(target, options.site, uid, options);
      print(text);
      ended.code = failed ? 3 : 0;
    });

  return program;
}

function common(command: Command, description: string): Command {
  return command
    .description(description)
    .option('--dir <folder>', 'the crontab of a folder on this computer (default: .cloudtab)')
    .option('--stack <name>', 'the crontab of a deployment, by the name of its stack')
    .option('--site <site>', 'whose crontab', DEFAULT_SITE)
    .option('--json', 'print JSON, for programs');
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
