/** The commands for crontabs in files: what can be typed. What each does is in the file of its name. */
import type { Command } from 'commander';
import { COMMAND_RUNNER } from '../profiles/crontab-file.ts';
import { EXPORT_FORMATS, FORMATS } from '../profiles/formats.ts';
import { type ApplyFileOptions, applyFile } from './apply.ts';
import { type ExportOptions, exportCrontab } from './export.ts';
import { type Common, common, type Ended, examples, offering, onTarget, print } from './line.ts';
import { type PlanFileOptions, type Printed, planFile } from './plan.ts';
import { openTarget, type Target } from './target.ts';

export function profileCommands(program: Command, ended: Ended): void {
  profile(program.command('plan <file>'), 'show what applying a profile would change, and change nothing')
    .addHelpText(
      'after',
      examples(
        'cloudtab plan crons.yaml',
        'cloudtab plan crons.xml --prune --site shop',
        'crontab -l | cloudtab plan - --format crontab --runner shell',
      ),
    )
    .action((file: string, options: PlanFileOptions & Common) =>
      exiting(options, ended, (target) => planFile(target, file, options)),
    );

  profile(program.command('apply <file>'), 'make the crontab as a profile wants it')
    .option('--yes', 'do not ask before crons are removed')
    .addHelpText(
      'after',
      examples(
        'cloudtab apply crons.yaml',
        'cloudtab apply crons.xml --stack Cloudtab --site shop --prune --yes',
      ),
    )
    .action((file: string, options: ApplyFileOptions & Common) =>
      exiting(options, ended, (target) => applyFile(target, file, options)),
    );

  common(program.command('export'), 'print the crontab as a profile')
    .addOption(
      offering(
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
    .action((options: ExportOptions & Common) =>
      onTarget(options, (target) => exportCrontab(target, options)),
    );
}

function profile(command: Command, description: string): Command {
  return common(command, description)
    .addOption(offering('--format <format>', 'what the file holds; else its name says so', FORMATS))
    .option('--runner <name>', 'the runner for commands of a Unix crontab', COMMAND_RUNNER)
    .option('--prune', 'remove crons that the file does not name')
    .option('--new-site', 'make the site, if it is not there yet');
}

async function exiting(
  options: Common,
  ended: Ended,
  work: (target: Target) => Promise<Printed>,
): Promise<void> {
  await using target = await openTarget(options);
  const { text, code } = await work(target);
  print(text);
  ended.code = code;
}
