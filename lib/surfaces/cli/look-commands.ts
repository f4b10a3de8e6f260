/** The commands that only look: what can be typed. What each does is in the file of its name. */
import type { Command } from 'commander';
import { clearLogs } from './delete-logs.ts';
import { showHistory } from './history.ts';
import { followLogs, showLogs } from './logs.ts';
import { listCrons } from './ls.ts';
import { explain, type NextOptions } from './next.ts';
import {
  type CommonOptions,
  type ExitStatus,
  examples,
  onTarget,
  print,
  withCommonOptions,
} from './options.ts';
import { showCron } from './show.ts';
import { untilStopped } from './stopped.ts';
import { terminalWidth } from './table.ts';
import { openTarget } from './target.ts';

interface LogsChoice {
  readonly follow?: true;
  readonly delete?: readonly string[];
}

interface Look extends CommonOptions {
  readonly absolute?: true;
}

const ABSOLUTE = ['--absolute', 'times as they are, in UTC, instead of from now'] as const;

export function lookCommands(program: Command, ended: ExitStatus): void {
  withCommonOptions(program.command('ls'), 'list the crons of a site')
    .option(...ABSOLUTE)
    .addHelpText('after', examples('cloudtab ls', 'cloudtab ls --stack Cloudtab --site shop --json'))
    .action((options: Look) =>
      onTarget(options, (target) => listCrons(target, options.site, { ...options, ...width() })),
    );

  withCommonOptions(program.command('show <uid>'), 'show all about a cron: definition, next runs, last runs')
    .addHelpText('after', examples('cloudtab show nightly', 'cloudtab show nightly --json'))
    .action((uid: string, options: CommonOptions) =>
      onTarget(options, (target) => showCron(target, options.site, uid, { ...options, ...width() })),
    );

  withCommonOptions(program.command('logs <uid>'), 'show the logs of a cron, newest first')
    .option(...ABSOLUTE)
    .option('-f, --follow', 'oldest first, and then each as it comes, until Ctrl-C')
    .option('--delete <id...>', 'delete the logs of these ids, or runs; "all": every one')
    .addHelpText('after', examples('cloudtab logs every-minute', 'cloudtab logs nightly -f --json'))
    .action(logs);

  program
    .command('next <expression>')
    .description('explain a periodicity: in words, and when it runs next')
    .option('--tz <zone>', 'IANA name of the time zone', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .option('--count <count>', 'how many runs, at most 50', '5')
    .option('--uid <uid>', 'where "H" lies depends on it')
    .option('--json', 'print JSON, for programs')
    .addHelpText(
      'after',
      examples("cloudtab next '30 2 * * *' --tz Europe/Paris", "cloudtab next '@daily' --json"),
    )
    .action((expression: string, options: NextOptions) => {
      const { text, valid } = explain({ now: Date.now }, expression, { ...options, ...width() });
      print(text);
      ended.code = valid ? 0 : 1;
    });

  withCommonOptions(program.command('history [uid]'), 'show who changed a cron, or the crontab, when and how')
    .option(...ABSOLUTE)
    .addHelpText('after', examples('cloudtab history nightly', 'cloudtab history --site shop'))
    .action((uid: string | undefined, options: Look) => {
      const key = uid === undefined ? { site: options.site } : { site: options.site, uid };
      return onTarget(options, (target) => showHistory(target, key, { ...options, ...width() }));
    });
}

async function logs(uid: string, options: Look & LogsChoice): Promise<void> {
  const { site, follow, delete: which } = options;
  if (which) return onTarget(options, (target) => clearLogs(target, site, uid, which, options));
  if (!follow) return onTarget(options, (target) => showLogs(target, site, uid, { ...options, ...width() }));
  await using target = await openTarget(options);
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort());
  await followLogs(target, site, uid, { ...options, signal: stop.signal, tell: print });
}

function width(): { readonly width: number | undefined } {
  return { width: terminalWidth() };
}
