/** Defines the commands about runs. */
import type { Command } from 'commander';
import {
  addSiteCommand,
  type ExitStatus,
  onChange,
  onTarget,
  optionWithChoices,
  type SiteOptions,
} from './options.ts';
import type { RunsOptions } from './runs.ts';
import type { StopOptions } from './stop.ts';
import { terminalWidth } from './terminal-width.ts';

const STATUSES = ['ATTENTION', 'RUNNING', 'OK', 'WARN', 'FAILURE', 'NOTRUN'];

export function runCommands(program: Command, ended: ExitStatus): void {
  addSiteCommand(program, 'runs [uid]', 'list the runs of a site or of a cron, newest first', [
    'cloudtab runs --failing --since -24h',
    'cloudtab runs nightly --status RUNNING',
  ])
    .option('-A, --all-sites', 'list the runs of every site')
    .option('--failing', 'list what needs attention: all runs that were not OK')
    .addOption(optionWithChoices('--status <status>', 'list runs of this status', STATUSES))
    .option('--tag <tag>', 'list runs of crons with this tag')
    .option('--since <time>', 'list runs since this time, such as -24h or 2027-03-28')
    .option('--absolute', 'print times in the zone of the crontab, not relative to now')
    .action((uid: string | undefined, options: SiteOptions & RunsOptions) =>
      onTarget(options, ended, async (client) => {
        const { listRuns } = await import('./runs.ts');
        return listRuns(client, options.site, uid, { ...options, width: terminalWidth() });
      }),
    );

  addSiteCommand(program, 'why <uid> [time]', 'explain why a cron ran, did not run or will run at a time', [
    'cloudtab why nightly 2027-03-28T02:30',
    'cloudtab why nightly tomorrow',
  ]).action((uid: string, time: string | undefined, options: SiteOptions) =>
    onTarget(options, ended, async (client) => {
      const { explainTime } = await import('./why.ts');
      return explainTime(client, options.site, uid, time ?? 'now', options);
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
