/** The commands that read and write profiles: what can be typed. What each does is in the file of its name. */
import type { Command } from 'commander';
import { COMMAND_RUNNER } from '../../app/profiles/crontab-file.ts';
import { EXPORT_FORMATS, FORMATS } from '../../app/profiles/formats.ts';
import type { Target } from '../../core/ports/target.ts';
import { type ApplyFileOptions, applyFile } from './apply.ts';
import { type ExportOptions, exportCrontab } from './export.ts';
import {
  type CommonOptions,
  type ExitStatus,
  examples,
  onTarget,
  optionWithChoices,
  print,
  withCommonOptions,
} from './options.ts';
import { type PlanFileOptions, type Printed, planFile } from './plan.ts';
import { type SimulateOptions, simulate } from './simulate.ts';
import { terminalWidth } from './table.ts';
import { openTarget } from './target.ts';

export function profileCommands(program: Command, ended: ExitStatus): void {
  const plan = program.command('plan <file>');
  withProfileOptions(withCommonOptions(plan, 'show what applying a profile would change, and change nothing'))
    .addHelpText(
      'after',
      examples(
        'cloudtab plan crons.yaml',
        'cloudtab plan crons.xml --prune --site shop',
        'crontab -l | cloudtab plan - --format crontab --runner shell',
      ),
    )
    .action((file: string, options: PlanFileOptions & CommonOptions) =>
      exiting(options, ended, (target) => planFile(target, file, options)),
    );

  withProfileOptions(
    withCommonOptions(program.command('apply <file>'), 'make the crontab as a profile wants it'),
  )
    .option('--yes', 'do not ask before crons are removed')
    .addHelpText(
      'after',
      examples(
        'cloudtab apply crons.yaml',
        'cloudtab apply crons.xml --stack Cloudtab --site shop --prune --yes',
      ),
    )
    .action((file: string, options: ApplyFileOptions & CommonOptions) =>
      exiting(options, ended, (target) => applyFile(target, file, options)),
    );

  withCommonOptions(program.command('export'), 'print the crontab as a profile')
    .addOption(
      optionWithChoices(
        '--format <format>',
        'what to write; else the name of the output says so, or yaml',
        EXPORT_FORMATS,
      ),
    )
    .option('--full', 'write every field, also what is at its default (yaml and json)')
    .option('-o, --output <file>', 'write to a file instead')
    .addHelpText(
      'after',
      examples(
        'cloudtab export > crons.yaml',
        'cloudtab export -o crons.xml',
        'cloudtab export --format json --full',
      ),
    )
    .action((options: ExportOptions & CommonOptions) =>
      onTarget(options, (target) => exportCrontab(target, options)),
    );

  const simulateCommand = program.command('simulate');
  withProfileOptions(
    withCommonOptions(simulateCommand, 'print what a crontab would do in a period; nothing is run')
      .option('--from <time>', '"now", "tomorrow", "+12h", a date, or a time', 'now')
      .option('--to <time>', 'the same; "+7d" counts from --from', '+1d')
      .option('--all', 'print every line')
      .option('--profile <file>', 'print what applying this profile would change'),
  )
    .addHelpText(
      'after',
      examples(
        'cloudtab simulate',
        'cloudtab simulate --from 2027-03-28 --to +1d',
        'cloudtab simulate --to +7d --profile crons.yaml --stack Cloudtab',
      ),
    )
    .action((options: CommonOptions & SimulateOptions) =>
      exiting(options, ended, (target) => simulate(target, { ...options, width: terminalWidth() })),
    );
}

/** The options that say how to read a profile and what applying it may do. */
function withProfileOptions(command: Command): Command {
  return command
    .addOption(optionWithChoices('--format <format>', 'what the file holds; else its name says so', FORMATS))
    .option('--runner <name>', 'the runner for commands of a Unix crontab', COMMAND_RUNNER)
    .option('--prune', 'remove crons that the file does not name')
    .option('--new-site', 'accept a site that does not exist yet');
}

async function exiting(
  options: CommonOptions,
  ended: ExitStatus,
  work: (target: Target) => Promise<Printed>,
): Promise<void> {
  await using target = await openTarget(options);
  const { text, code } = await work(target);
  print(text);
  ended.code = code;
}
