/** Defines the commands that change a crontab. */
import type { Command } from 'commander';
import type { AddOptions, PowerOptions } from './change.ts';
import { withFields } from './field-options.ts';
import type { FieldOptions } from './fields.ts';
import {
  addSiteCommand,
  type ExitStatus,
  onChange,
  print,
  type SiteOptions,
  withNegation,
} from './options.ts';
import type { SettingsOptions } from './settings.ts';

export function changeCommands(program: Command, ended: ExitStatus): void {
  withFields(
    addSiteCommand(program, 'add <runner> <periodicity>', 'add a cron', [
      "cloudtab add heartbeat '*/5 * * * *' --uid alive",
      'cloudtab add http @daily --set url=https://example.com/nightly --set method=POST --timezone Europe/Paris',
    ]),
  )
    .option('--uid <uid>', 'uid of the cron in the crontab (default: a new one)')
    .option('--new-site', 'create the site if it does not exist')
    .action((runner: string, periodicity: string, options: SiteOptions & AddOptions) =>
      onChange(options, ended, async (client) => {
        const { add } = await import('./change.ts');
        return add(client, options.site, runner, periodicity, options);
      }),
    );

  withFields(
    addSiteCommand(
      program,
      'edit [uid]',
      'edit a cron in your editor or by options; without a uid, the settings of the crontab',
      [
        'cloudtab edit nightly',
        "cloudtab edit nightly --periodicity '30 3 * * *'",
        'cloudtab edit --timezone Europe/Paris --site shop',
      ],
    ),
  )
    .option('--name <runner>', 'runner')
    .option('--periodicity <expression>', 'periodicity')
    .option('--read-only', 'lock the crontab: cloudtab refuses changes')
    .option('--no-read-only', 'unlock the crontab')
    .action((uid: string | undefined, options: SiteOptions & FieldOptions & SettingsOptions) =>
      onChange(options, ended, async (client) => {
        if (uid !== undefined) return (await import('./edit.ts')).editOrChange(client, uid, options);
        const { changeSettings } = await import('./settings.ts');
        return changeSettings(client, options);
      }),
    );

  addSiteCommand(program, 'rm <uid...>', 'remove crons; "restore" brings them back for 90 days', [
    'cloudtab rm nightly',
    'cloudtab rm a b c --site shop --yes',
  ])
    .option('--yes', 'do not ask at a terminal')
    .action((uids: string[], options: SiteOptions & { yes?: true }) =>
      onChange(options, ended, async (client) => {
        const { remove } = await import('./change.ts');
        return remove(client, options.site, uids, options);
      }),
    );

  addSiteCommand(program, 'restore <uid...>', 'add removed crons again, with their last valid definitions', [
    'cloudtab restore nightly',
    'cloudtab restore a b c --site shop',
  ]).action((uids: string[], options: SiteOptions) =>
    onChange(options, ended, async (client) => {
      const { restore } = await import('./change.ts');
      return restore(client, options.site, uids, options);
    }),
  );

  for (const name of ['on', 'off']) {
    addSiteCommand(program, `${name} [uid...]`, `switch crons ${name}, or with --all the whole crontab`, [
      `cloudtab ${name} nightly --note 'until the database has moved'`,
      `cloudtab ${name} --all --site shop`,
    ])
      .option('--all', 'switch the whole crontab')
      .option('--note <text>', 'why, for the history; one line of at most 200 characters')
      .action((uids: string[], options: SiteOptions & PowerOptions) =>
        onChange(options, ended, async (client) => {
          const { power } = await import('./change.ts');
          return power(client, options.site, uids, name === 'on', options);
        }),
      );
  }

  withNegation(
    addSiteCommand(program, 'run <uid>', 'run a cron now and print its output; its schedule stays as it is', [
      'cloudtab run nightly',
      'cloudtab run nightly --stack Cloudtab --no-wait',
    ]),
    'wait',
  )
    .option(
      '--wait',
      'print the output until the run ends, and exit with its result (default); Ctrl-C stops the wait, not the run',
    )
    .option('--no-wait', 'do not wait for the end of the run')
    .option('--even-off', 'run it once although it is switched off; it stays off')
    .action((uid: string, options: SiteOptions & { wait?: boolean; evenOff?: true }) =>
      onChange(options, ended, async (client) => {
        const [{ runCron }, { stopSignal }] = await Promise.all([import('./run.ts'), import('./stopped.ts')]);
        using stop = stopSignal();
        const wait = options.wait ?? true;
        return await runCron(client, options.site, uid, { ...options, wait, signal: stop.signal, print });
      }),
    );

  addSiteCommand(
    program,
    'rollback <uid|version> [version]',
    'restore an earlier version of a cron; without a uid, of the settings of the crontab',
    ['cloudtab history nightly', 'cloudtab rollback nightly 3', 'cloudtab rollback 2 --site shop'],
  ).action((uid: string, version: string | undefined, options: SiteOptions) =>
    onChange(options, ended, async (client) => {
      const { rollBack } = await import('./history.ts');
      const { resultText } = await import('./output.ts');
      const { site } = options;
      const key = version === undefined ? { site } : { site, uid };
      return resultText({ ...key, message: await rollBack(client, key, version ?? uid) }, options);
    }),
  );
}
