/** Defines the commands that only read a crontab. */
import type { Command } from 'commander';
import type { TargetOptions } from '../../client/chosen-target.ts';
import type { LsFilter } from './ls-filter.ts';
import { PATTERN } from './ls-pattern.ts';
import type { NextOptions } from './next.ts';
import {
  addCommand,
  addSiteCommand,
  addTargetCommand,
  type ExitStatus,
  onTarget,
  optionWithChoices,
  print,
  type SiteOptions,
} from './options.ts';
import type { JsonOptions } from './output.ts';
import { terminalWidth } from './terminal.ts';

interface ListingOptions extends SiteOptions {
  readonly absolute?: true;
}

interface LsOptions extends ListingOptions, LsFilter {
  readonly allSites?: true;
}

const ABSOLUTE = ['--absolute', 'print times in the zone of the crontab, not relative to now'] as const;

export function lookCommands(program: Command, ended: ExitStatus): void {
  addSiteCommand(program, 'ls [pattern]', `list the crons of a site; a pattern is ${PATTERN}`, [
    'cloudtab ls',
    'cloudtab ls backup --failing --late --sort next',
    "cloudtab ls '0 3' --off",
    'cloudtab ls -A --stack Cloudtab --json',
  ])
    .option('-A, --all-sites', 'list the crons of every site')
    .option('--failing', 'only those whose last run failed')
    .option('--late', 'only those with an overdue run')
    .option('--off', 'only those that do not run because they or the crontab are switched off')
    .option('--runner <name>', 'only those of this runner')
    .option('--tag <tag>', 'only those with this tag')
    .addOption(optionWithChoices('--sort <order>', 'order (default: uid)', ['uid', 'health', 'next', 'last']))
    .option(...ABSOLUTE)
    .action((pattern: string | undefined, options: LsOptions, command: Command) => {
      const isGiven = command.getOptionValueSource('site') === 'cli' || Boolean(process.env.CLOUDTAB_SITE);
      const shown = { ...options, pattern, width: terminalWidth() };
      return onTarget(options, ended, async (client) => {
        if (isGiven && !options.allSites) {
          const { listCrons } = await import('./ls.ts');
          return listCrons(client, options.site, shown);
        }
        const { listAll, listDefault } = await import('./ls-sites.ts');
        return options.allSites ? listAll(client, shown) : listDefault(client, options.site, shown);
      });
    });

  addSiteCommand(
    program,
    'timeline',
    'show the runs of each cron from yesterday to tomorrow, the worst first',
    ['cloudtab timeline', 'cloudtab timeline --site shop --cursor 20'],
  )
    .option('--cursor <cursor>', 'go on after the crons of the page before')
    .action((options: SiteOptions & { readonly cursor?: string }) =>
      onTarget(options, ended, async (client) => {
        const { showTimeline } = await import('./timeline.ts');
        return showTimeline(client, options.site, { ...options, width: terminalWidth() });
      }),
    );

  addTargetCommand(program, 'sites', 'list the sites with the numbers of their crons', [
    'cloudtab sites --stack Cloudtab',
  ]).action((options: TargetOptions & JsonOptions) =>
    onTarget(options, ended, async (client) => {
      const { listSites } = await import('./ls-sites.ts');
      return listSites(client, { ...options, width: terminalWidth() });
    }),
  );

  addSiteCommand(program, 'show <uid>', 'show the definition, the next runs and the last runs of a cron', [
    'cloudtab show nightly',
    'cloudtab show nightly --json',
  ]).action((uid: string, options: SiteOptions) =>
    onTarget(options, ended, async (client) => {
      const { showCron } = await import('./show.ts');
      return showCron(client, options.site, uid, { ...options, width: terminalWidth() });
    }),
  );

  addSiteCommand(
    program,
    'runners',
    'list the runners that crons can name, with their settings and examples',
    ['cloudtab runners', 'cloudtab runners --stack Cloudtab --site shop'],
  ).action((options: SiteOptions) =>
    onTarget(options, ended, async (client) => {
      const { listRunners } = await import('./runners.ts');
      return listRunners(client, options.site, { ...options, width: terminalWidth() });
    }),
  );

  addTargetCommand(program, 'whoami', 'show who you are to the target, and what you may do there', [
    'cloudtab whoami --stack Cloudtab',
  ]).action((options: TargetOptions & JsonOptions) =>
    onTarget(options, ended, async (client) => {
      const { whoami } = await import('./whoami.ts');
      return whoami(client, options);
    }),
  );

  addCommand(program, 'next <expression>', 'describe a periodicity in words and list its next runs', [
    "cloudtab next '30 2 * * *' --timezone Europe/Paris",
    "cloudtab next '@daily' --json",
  ])
    .option('--timezone <zone>', 'IANA name of the time zone (default: that of this machine)')
    .option('--count <count>', 'number of runs, at most 50', '5')
    .option('--uid <uid>', 'uid of the cron, on which the values of "H" depend')
    .action(async (expression: string, options: NextOptions) => {
      const { explain } = await import('./next.ts');
      const { text, valid } = explain({ now: Date.now }, expression, { ...options, width: terminalWidth() });
      print(text);
      ended.code = valid ? 0 : 2;
    });

  addSiteCommand(
    program,
    'history [uid]',
    'show who changed a cron, or the settings of the crontab, and when',
    ['cloudtab history nightly', 'cloudtab history --site shop'],
  )
    .option(...ABSOLUTE)
    .action((uid: string | undefined, options: ListingOptions) =>
      onTarget(options, ended, async (client) => {
        const { showHistory } = await import('./history.ts');
        return showHistory(client, { site: options.site, uid }, { ...options, width: terminalWidth() });
      }),
    );
}
