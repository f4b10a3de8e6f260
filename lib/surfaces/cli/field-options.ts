/** Defines the options of `add` and `edit` that set the fields of a cron; fields.ts reads them. */
import { type Command, Option } from 'commander';
import { optionWithChoices } from './options.ts';

const EMPTY_NOTE =
  "\nAn empty value resets an optional field to its default: --timezone '' uses that\nof the crontab.";

/** Adds the options, except those for runner and periodicity, which differ between the commands. */
export function withFields(command: Command): Command {
  return command
    .option('--environ <json>', 'all settings of the runner, as JSON or YAML')
    .option('--set <key=value...>', 'set settings of the runner; values are YAML')
    .option('--unset <key...>', 'remove settings of the runner')
    .addOption(new Option('--on', 'switch on').conflicts('off'))
    .option('--off', 'switch off')
    .option('--timezone <zone>', 'IANA name of the time zone, such as Europe/Paris')
    .option('--description <text>', 'what people should know about it')
    .option('--tag <tag...>', 'tags, in place of all present ones')
    .option('--user <user>', 'user that the runner acts as')
    .option('--logs-limit <count>', 'number of run records to keep, 1 to 25')
    .addOption(
      optionWithChoices('--overlap <policy>', 'when the previous run is still running', [
        'skip',
        'buffer',
        'allow',
      ]),
    )
    .addOption(optionWithChoices('--missed <policy>', 'for runs that were missed', ['once', 'all', 'skip']))
    .option('--max-lateness <time>', 'maximum delay of a missed run, such as 2h or a number of seconds')
    .option('--timeout <time>', 'time limit of a run, such as 90s or a number of seconds')
    .addHelpText('after', EMPTY_NOTE);
}
