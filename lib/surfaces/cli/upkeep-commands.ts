/** Defines the commands that maintain a crontab and its runners. */
import { Argument, type Command, Option } from 'commander';
import { DEFAULT_DIR, type TargetOptions } from '../../client/chosen-target.ts';
import { OWN_SECRETS } from '../../core/domain/names.ts';
import type { AllowOptions } from './allow.ts';
import { COMPLETION_SCRIPTS, completions, type NameRequest } from './completion.ts';
import type { DoctorOptions } from './doctor.ts';
import type { DoorOptions } from './door.ts';
import type { OpenOptions } from './open.ts';
import {
  addCommand,
  addSiteCommand,
  addTargetCommand,
  type ExitStatus,
  nameTarget,
  print,
  printWork,
  type SiteOptions,
} from './options.ts';
import type { JsonOptions } from './output.ts';
import type { SecretAction, SecretPlace, SecretResult } from './secret.ts';

const ACTIONS: readonly SecretAction[] = ['set', 'ls', 'rm'];

interface SecretOptions extends SiteOptions {
  readonly deployment?: boolean;
}

export function upkeepCommands(program: Command, ended: ExitStatus): void {
  secretCommand(program);

  addTargetCommand(program, 'doctor', 'find problems and print how to fix them', [
    'cloudtab doctor',
    'cloudtab doctor --stack Cloudtab --fix',
  ])
    .option('--fix', 'fix the problems that can be fixed automatically')
    .option('--site <site>', 'report only the problems of this crontab and of the whole target')
    .action(async (options: TargetOptions & DoctorOptions) => {
      const { openDoctor } = await import('../../client/chosen-target.ts');
      const { doctor } = await import('./doctor.ts');
      await using target = await openDoctor(options);
      if (options.fix) await nameTarget(target, options);
      await printWork(ended, () => doctor(target, options));
    });

  addCommand(
    program,
    'allow [host...]',
    'let runners reach hosts that are not public, functions, users and programs; without any, list them',
    [
      'cloudtab allow localhost:8080',
      'cloudtab allow http://nas.local 10.0.0.0/8 --site shop',
      "cloudtab allow --remove --function '*' --user '*' --commands",
      "cloudtab allow --function 'pay-*' --site payroll",
    ],
  )
    .option('--dir <folder>', 'change the settings of this folder (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--stack <name>', 'print how this deployment allows a host (or CLOUDTAB_STACK)')
    .addOption(limitedSite())
    .option('--function <name...>', 'functions for lambda:<function>, such as report or reports-*')
    .option('--user <name...>', 'users that runners may act as, such as cron-*')
    .option('--commands', 'programs for command')
    .option('--remove', 'allow these no longer')
    .action(async (hosts: string[], options: AllowOptions) => {
      const { allow } = await import('./allow.ts');
      await printResult(allow(hosts, options, process.env), options);
    });

  addCommand(program, 'door', 'print the secret address of the dashboard of a folder', [
    'cloudtab door',
    'cloudtab door --renew',
  ])
    .option('--dir <folder>', 'the folder whose scheduler runs (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--renew', 'make a new secret; the old address is void at once')
    .action(async (options: DoorOptions) => {
      const [{ door }, { jsonText }] = await Promise.all([import('./door.ts'), import('./output.ts')]);
      const { message, ...found } = door(options, process.env);
      print(options.json ? jsonText('dashboard' in found ? found : { message }) : message);
    });

  addCommand(program, 'new <name>', 'write a new project: runners, a profile and a CDK app', [
    'npx cloudtab new my-crons',
  ]).action(async (name: string, options: JsonOptions) => {
    const { newProject } = await import('./new-project.ts');
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await printResult({ name, message: newProject(name, { cwd: process.cwd(), timezone }) }, options);
  });

  addCommand(program, 'init <name>', 'write a new runner and its test', ['cloudtab init my-job']).action(
    async (name: string, options: JsonOptions) => {
      const { init } = await import('./init.ts');
      const dir = process.env.CLOUDTAB_DIR || DEFAULT_DIR;
      const message = init(name, { cwd: process.cwd(), dir, env: process.env });
      await printResult({ name, message }, options);
    },
  );

  addTargetCommand(program, 'open', 'open the dashboard of a deployment in your browser, until Ctrl-C', [
    'cloudtab open --stack Cloudtab',
  ])
    .option('--port <port>', 'local port to listen on; 0 is any free one', '0')
    .option('--no-browser', 'only print the address, as --json does')
    .option('--site <site>', 'open the crontab of this site')
    .action(async (options: TargetOptions & OpenOptions) => {
      const { findDeployment } = await import('../../client/chosen-target.ts');
      const { openDashboard } = await import('./open.ts');
      const { untilStopped } = await import('./stopped.ts');
      await openDashboard(await findDeployment(options), options, untilStopped());
    });

  addCommand(program, 'completion', 'print the completion script of a shell', [
    'eval "$(npx cloudtab completion bash)"',
    'npx cloudtab completion fish | source',
  ])
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(COMPLETION_SCRIPTS)))
    .action(async (shell: keyof typeof COMPLETION_SCRIPTS, { json }: JsonOptions) => {
      const script = COMPLETION_SCRIPTS[shell];
      const { jsonText } = await import('./output.ts');
      print(json ? jsonText({ shell, script }) : script);
    });

  program
    .command('__complete [words...]', { hidden: true })
    .action(async (words: string[]) => print((await completions(program, words, lookUp)).join('\n')));
}

function secretCommand(program: Command): void {
  addSiteCommand(program, 'secret', 'keep the secrets of a site', [
    'cloudtab secret set api-token',
    'pass api-token | cloudtab secret set api-token --stack Cloudtab',
    'cloudtab secret set heartbeat --deployment',
  ])
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS))
    .argument('[name]', 'its name; its value is asked for, or read from standard input')
    .option('--deployment', 'the secret of the deployment or folder itself: the URL of the heartbeat')
    .action(async (action: SecretAction, name: string | undefined, options: SecretOptions) => {
      const { resultText } = await import('./output.ts');
      const place = { name, site: options.deployment ? OWN_SECRETS : options.site };
      const result = await (action === 'ls'
        ? listNames(place, options)
        : setOrRemove(action, place, options));
      print(resultText({ ...result }, options));
    });
}

/** The names of a site come from the target's own list, for which the URL of a deployment is enough. */
async function listNames(place: SecretPlace, options: SecretOptions): Promise<SecretResult> {
  const [{ openClient, openSecrets }, { listSecrets }, { wholeSecretNames }] = await Promise.all([
    import('../../client/chosen-target.ts'),
    import('./secret.ts'),
    import('../../app/door/whole-lists.ts'),
  ]);
  if (options.deployment) {
    const { secrets } = await openSecrets(options);
    return listSecrets((site) => secrets.names(site), place);
  }
  await using client = await openClient(options);
  return listSecrets((site) => wholeSecretNames(client.call, site), place);
}

/** Values never pass through an operation: they are kept with the rights of the caller. */
async function setOrRemove(
  action: Exclude<SecretAction, 'ls'>,
  place: SecretPlace,
  options: SecretOptions,
): Promise<SecretResult> {
  const [{ openSecrets }, { changeSecret, readSecret }] = await Promise.all([
    import('../../client/chosen-target.ts'),
    import('./secret.ts'),
  ]);
  const target = await openSecrets(options);
  await nameTarget(target, options);
  const readValue = () => readSecret(process.stdin, process.stderr);
  return changeSecret(target.secrets, action, place, readValue);
}

/** Unlike other commands, this one is for all sites unless a site is named. */
function limitedSite(): Option {
  const option = new Option('--site <site>', 'only for this site (or CLOUDTAB_SITE; default: all sites)');
  return process.env.CLOUDTAB_SITE ? option.default(process.env.CLOUDTAB_SITE) : option;
}

async function printResult(
  result: Readonly<Record<string, unknown>> & { readonly message: string },
  options: JsonOptions,
): Promise<void> {
  const { resultText } = await import('./output.ts');
  print(resultText(result, options));
}

async function lookUp(request: NameRequest): Promise<readonly string[]> {
  const { candidates } = await import('./candidates.ts');
  return candidates(request);
}
