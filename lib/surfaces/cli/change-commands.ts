/** The commands that change a crontab: what can be typed. What each does is in the file of its name. */
import type { Command } from 'commander';
import { editCron } from '../../app/operations/edit-cron.ts';
import { readCron } from '../../app/operations/read.ts';
import type { Target } from '../../core/ports/target.ts';
import { type AddOptions, add, type Changed, power, remove } from './change.ts';
import { cronJson } from './cron-json.ts';
import { edit } from './edit.ts';
import { editorOf } from './editor.ts';
import { type FieldOptions, fieldsOf, withFields } from './fields.ts';
import { rollBack } from './history.ts';
import {
  type CommonOptions,
  type ExitStatus,
  examples,
  jsonText,
  onTarget,
  print,
  withCommonOptions,
  withNegatable,
} from './options.ts';
import { runCron } from './run.ts';
import { changeSettings, type SettingsOptions } from './settings.ts';
import { withSuggestions } from './suggest.ts';
import { fitting } from './table.ts';
import { openTarget } from './target.ts';

export function changeCommands(program: Command, ended: ExitStatus): void {
  withFields(withCommonOptions(program.command('add <runner> <periodicity>'), 'add a cron'))
    .option('--uid <uid>', 'its name in the crontab (default: a new one)')
    .option('--new-site', 'make the site, if it is not there yet')
    .addHelpText(
      'after',
      examples(
        "cloudtab add heartbeat '*/5 * * * *' --uid alive",
        'cloudtab add http @daily --set url=https://example.com/nightly --set method=POST --timezone Europe/Paris',
      ),
    )
    .action((runner: string, periodicity: string, options: CommonOptions & AddOptions) =>
      onTarget(options, (target) => add(target, options.site, runner, periodicity, options)),
    );

  const editing = 'edit a cron: in your editor, or by options; without a uid, the settings of the crontab';
  withFields(withCommonOptions(program.command('edit [uid]'), editing))
    .option('--name <runner>', 'another runner')
    .option('--periodicity <expression>', 'another periodicity')
    .option('--read-only', 'lock the crontab: changes through cloudtab are refused')
    .option('--no-read-only', 'take the lock off')
    .addHelpText(
      'after',
      examples(
        'cloudtab edit nightly',
        "cloudtab edit nightly --periodicity '30 3 * * *'",
        'cloudtab edit --timezone Europe/Paris --site shop',
      ),
    )
    .action((uid: string | undefined, options: CommonOptions & FieldOptions & SettingsOptions) =>
      onTarget(options, (target) =>
        uid === undefined ? changeSettings(target, options) : editOrChange(target, uid, options),
      ),
    );

  withCommonOptions(program.command('rm <uid...>'), 'remove crons, with their logs')
    .addHelpText('after', examples('cloudtab rm nightly', 'cloudtab rm a b c --site shop'))
    .action((uids: string[], options: CommonOptions) =>
      changed(options, ended, (target) => remove(target, options.site, uids, options)),
    );

  for (const [name, activated] of [
    ['on', true],
    ['off', false],
  ] as const) {
    withCommonOptions(
      program.command(`${name} [uid...]`),
      `switch crons ${name}; without a uid, the whole crontab`,
    )
      .addHelpText('after', examples(`cloudtab ${name} nightly`, `cloudtab ${name} --site shop`))
      .action((uids: string[], options: CommonOptions) =>
        changed(options, ended, (target) => power(target, options.site, uids, activated, options)),
      );
  }

  withNegatable(
    withCommonOptions(program.command('run <uid>'), 'run a cron now; its regular schedule stands'),
    'wait',
  )
    .option('--wait', 'wait for the end, and exit by how the run went (default)')
    .option('--no-wait', 'do not wait for the end of the run')
    .addHelpText('after', examples('cloudtab run nightly', 'cloudtab run nightly --stack Cloudtab --no-wait'))
    .action(async (uid: string, options: CommonOptions & { wait?: boolean }) => {
      await using target = await openTarget(options);
      const { text, failed } = await runCron(target, options.site, uid, {
        ...options,
        wait: options.wait ?? true,
      });
      print(text);
      ended.code = failed ? 3 : 0;
    });

  const back = 'put an earlier version of a cron back; without a uid, of the settings of the crontab';
  withCommonOptions(program.command('rollback <uid|version> [version]'), back)
    .addHelpText(
      'after',
      examples('cloudtab history nightly', 'cloudtab rollback nightly 3', 'cloudtab rollback 2 --site shop'),
    )
    .action((uid: string, version: string | undefined, options: CommonOptions) =>
      onTarget(options, async (target) => {
        const { site } = options;
        const key = version === undefined ? { site } : { site, uid };
        const message = await rollBack(target, key, version ?? uid);
        return options.json ? jsonText({ ...key, message }) : fitting(message);
      }),
    );
}

async function changed(
  options: CommonOptions,
  ended: ExitStatus,
  work: (target: Target) => Promise<Changed>,
): Promise<void> {
  await using target = await openTarget(options);
  const { text, refused } = await work(target);
  print(text);
  ended.code = refused ? 1 : 0;
}

/** With options that give fields there is nothing to ask an editor for. */
async function editOrChange(
  target: Target,
  uid: string,
  options: CommonOptions & FieldOptions,
): Promise<string> {
  const { site, json } = options;
  const { ports } = target;
  const cron = await withSuggestions(target, site, uid, () => readCron(ports, site, uid));
  const fields = fieldsOf(options, cron.definition?.environ);
  if (Object.keys(fields).length === 0) {
    const message = await edit(target, site, uid, editorOf(process.env));
    return json ? jsonText({ site, uid, message }) : fitting(message);
  }
  const outcome = await editCron(ports, site, uid, fields, { expected: [cron.parameter.tag] });
  if (!json) return fitting(outcome.message);
  return jsonText({ site, message: outcome.message, cron: cronJson(outcome.cron) });
}
