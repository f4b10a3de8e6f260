/** Defines the commands that read and write profiles. */
import type { Command } from 'commander';
import { COMMAND_RUNNER, EXPORT_FORMATS, FORMATS } from '../../app/profiles/format-names.ts';
import type { ApplyFileOptions } from './apply.ts';
import type { ExportOptions } from './export.ts';
import {
  addSiteCommand,
  type ExitStatus,
  onChange,
  onTarget,
  optionWithChoices,
  type SiteOptions,
} from './options.ts';
import type { PlanFileOptions } from './plan.ts';
import type { SimulateOptions } from './simulate.ts';
import { terminalWidth } from './terminal.ts';

export function profileCommands(program: Command, ended: ExitStatus): void {
  withProfileOptions(
    addSiteCommand(
      program,
      'plan <file>',
      'show the changes that a profile would make, without making them',
      [
        'cloudtab plan crons.yaml',
        'cloudtab plan crons.xml --prune --site shop',
        'crontab -l | cloudtab plan - --skip-unsupported',
      ],
    ),
  ).action((file: string, options: PlanFileOptions & SiteOptions) =>
    onTarget(options, ended, async (client) => {
      const { planFile } = await import('./plan.ts');
      return planFile(client, file, options);
    }),
  );

  withProfileOptions(
    addSiteCommand(program, 'apply <file>', 'apply a profile to the crontab', [
      'cloudtab apply crons.yaml',
      'crontab -l | cloudtab apply -',
      'cloudtab apply crons.xml --stack Cloudtab --site shop --prune --yes',
    ]),
  )
    .option('--yes', 'remove crons without asking')
    .action((file: string, options: ApplyFileOptions & SiteOptions) =>
      onChange(options, ended, async (client) => {
        const { applyFile } = await import('./apply.ts');
        return applyFile(client, file, options);
      }),
    );

  addSiteCommand(program, 'export', 'print the crontab as a profile', [
    'cloudtab export > crons.yaml',
    'cloudtab export -o crons.xml',
    'cloudtab export --format json --full',
  ])
    .addOption(
      optionWithChoices(
        '--format <format>',
        'format of the profile (default: by the name of the output, or yaml)',
        EXPORT_FORMATS,
      ),
    )
    .option('--full', 'include fields that have their default value (yaml and json)')
    .option('-o, --output <file>', 'write to a file')
    .action((options: ExportOptions & SiteOptions) =>
      onTarget(options, ended, async (client) => {
        const { exportCrontab } = await import('./export.ts');
        return exportCrontab(client, options);
      }),
    );

  const simulateCommand = withProfileOptions(
    addSiteCommand(
      program,
      'simulate [file]',
      'forecast the runs of a crontab in a period, or the changes that a profile would make to them',
      [
        'cloudtab simulate',
        'cloudtab simulate --from 2027-03-28 --to +1d',
        'cloudtab simulate crons.yaml --to +7d --stack Cloudtab',
      ],
    )
      .option('--from <time>', '"now", "tomorrow", "+12h", a date, or a time', 'now')
      .option('--to <time>', 'the same forms; "+7d" counts from --from', '+1d')
      .option('--all', 'print every line'),
  ).action((file: string | undefined, options: SiteOptions & SimulateOptions) => {
    const { format, runner, prune, skipUnsupported, keepUnknown } = options;
    const dependent = {
      format,
      runner,
      prune,
      'skip-unsupported': skipUnsupported,
      'keep-unknown': keepUnknown,
    };
    for (const [name, value] of Object.entries(dependent)) {
      if (file === undefined && value !== undefined)
        simulateCommand.error(`error: option '--${name}' requires a file`);
    }
    return onTarget(options, ended, async (client) => {
      const { simulate } = await import('./simulate.ts');
      return simulate(client, { ...options, ...(file && { file }), width: terminalWidth() });
    });
  });
}

/** Adds the options for reading a profile and for applying it. */
function withProfileOptions(command: Command): Command {
  return command
    .addOption(optionWithChoices('--format <format>', 'format of the file (default: by its name)', FORMATS))
    .option(
      '--runner <name>',
      `runner for the commands of a Unix crontab (default: "${COMMAND_RUNNER}"), or for rules`,
    )
    .option('--skip-unsupported', 'skip lines of a Unix crontab, or rules, that cannot become a cron')
    .option('--keep-unknown', 'take over crons whose runner does not exist yet, switched off')
    .option('--prune', 'remove crons that the file does not name')
    .option('--new-site', 'create the site if it does not exist');
}
