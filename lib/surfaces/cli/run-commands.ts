/** Defines the commands about runs. */
import { type Command, Option } from 'commander';
import { openClient } from '../../client/chosen-target.ts';
import type { Client } from '../../client/client.ts';
import {
  addSiteCommand,
  type ExitStatus,
  onChange,
  onTarget,
  optionWithChoices,
  print,
  type SiteOptions,
} from './options.ts';
import type { RunsOptions } from './runs.ts';
import type { StopOptions } from './stop.ts';
import { terminalWidth } from './terminal.ts';
import type { WhyOptions } from './why.ts';

interface RunsCommandOptions extends SiteOptions, RunsOptions {
  readonly follow?: true;
  readonly delete?: readonly string[];
}

const STATUSES = ['ATTENTION', 'RUNNING', 'OK', 'WARN', 'FAILURE', 'NOTRUN'];

export function runCommands(program: Command, ended: ExitStatus): void {
  addSiteCommand(
    program,
    'runs [uid]',
    'list the runs of a site or of a cron: those in progress, then the newest',
    [
      'cloudtab runs --failing --since -24h',
      'cloudtab runs --since yesterday --until today',
      'cloudtab runs nightly --status RUNNING',
      'cloudtab runs --runner http --forced',
      'cloudtab runs nightly -f --json',
    ],
  )
    .option('-A, --all-sites', 'list the runs of every site')
    .option('--failing', 'list what needs attention: runs in progress, and all that did not end OK')
    .addOption(
      optionWithChoices('--status <status>', 'list runs of this status', STATUSES).argParser((text: string) =>
        text.toUpperCase(),
      ),
    )
    .option('--tag <tag>', 'list runs of crons with this tag')
    .option('--runner <name>', 'list runs of this runner')
    .option('--forced', 'list runs that users requested')
    .addOption(new Option('--planned', 'list runs that were planned').conflicts('forced'))
    .option('--since <time>', 'list runs since this time, such as -24h, "yesterday 02:30" or 2027-03-28')
    .option('--until <time>', 'list runs before this time; none in progress')
    .option('--cursor <cursor>', 'list the page after the one that printed this cursor')
    .option('--absolute', 'print times in the zone of the crontab, not relative to now')
    .option(
      '-f, --follow',
      'print the last run records of a cron, oldest first, and then new ones, until Ctrl-C',
    )
    .option('--delete <id...>', 'delete the run records of a cron with these ids or run ids, or "all"')
    .action((uid: string | undefined, options: RunsCommandOptions) => runs(uid, options, ended));

  addSiteCommand(program, 'logs <uid>', 'print the output of the latest run of a cron', [
    'cloudtab logs nightly',
    'cloudtab logs nightly -f --json',
  ])
    .option('--run <id>', 'print the output of this run')
    .option('-f, --follow', 'print also what the run goes on to write, until it ends')
    .action(async (uid: string, options: SiteOptions & { readonly run?: string; readonly follow?: true }) => {
      const { printOutput } = await import('./run-output.ts');
      const { fitting } = await import('./table.ts');
      const note = (line: string) =>
        options.json ? undefined : process.stderr.write(`${fitting(line, process.stderr)}\n`);
      await untilCtrlC(options, (client, signal) =>
        printOutput(client, options.site, uid, { ...options, signal, print, note }),
      );
    });

  addSiteCommand(
    program,
    'why <uid> [time...]',
    'explain why a cron ran, did not run or will run at a time, or without one its latest run and the next one',
    [
      'cloudtab why nightly',
      'cloudtab why nightly yesterday 02:30',
      'cloudtab why nightly 2027-03-28T02:30 --timezone UTC',
    ],
  )
    .option('--timezone <zone>', 'IANA name of the time zone of all times (default: that of the schedule)')
    .action((uid: string, time: readonly string[], options: SiteOptions & WhyOptions) =>
      onTarget(options, ended, async (client) => {
        const { explainTime } = await import('./why.ts');
        return explainTime(client, options.site, uid, time.join(' ') || undefined, options);
      }),
    );

  addSiteCommand(program, 'stop <uid>', 'stop a run in progress', ['cloudtab stop nightly'])
    .option('--run <id>', 'id of the run, if several are in progress')
    .action((uid: string, options: SiteOptions & StopOptions) =>
      onChange(options, ended, async (client) => {
        const { stopRun } = await import('./stop.ts');
        return stopRun(client, options.site, uid, options);
      }),
    );
}

async function runs(uid: string | undefined, options: RunsCommandOptions, ended: ExitStatus): Promise<void> {
  const { site, follow, delete: ids } = options;
  if (!follow && !ids) {
    return onTarget(options, ended, async (client) => {
      const { listRuns } = await import('./runs.ts');
      return listRuns(client, site, uid, { ...options, width: terminalWidth() });
    });
  }
  const { deleteRecords, followRecords, onlyCron } = await import('./records.ts');
  const one = onlyCron(uid);
  if (ids) return onChange(options, ended, (client) => deleteRecords(client, site, one, ids, options));
  await untilCtrlC(options, (client, signal) =>
    followRecords(client, site, one, { ...options, signal, print }),
  );
}

async function untilCtrlC(
  options: SiteOptions,
  work: (client: Client, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { stopSignal } = await import('./stopped.ts');
  await using client = await openClient(options);
  using stop = stopSignal();
  // Not without await: the client is closed at the end of this function.
  return await work(client, stop.signal);
}
