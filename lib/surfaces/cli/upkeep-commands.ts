/** Defines the commands that maintain a crontab and its runners. */
import { Argument, type Command } from 'commander';
import { type AllowOptions, allow } from './allow.ts';
import { candidates } from './candidates.ts';
import { COMPLETION_SCRIPTS, completions } from './completion.ts';
import { type DoctorOptions, doctor } from './doctor.ts';
import { type DoorOptions, door } from './door.ts';
import { type InitOptions, init } from './init.ts';
import { type NewProjectOptions, newProject } from './new-project.ts';
import { type OpenOptions, openDashboard } from './open.ts';
import {
  addCommand,
  addTargetCommand,
  type ExitStatus,
  type JsonOptions,
  jsonText,
  onTarget,
  print,
  resultText,
} from './options.ts';
import { untilStopped } from './stopped.ts';
import { DEFAULT_DIR, openTarget, type TargetOptions } from './target.ts';

export function upkeepCommands(program: Command, ended: ExitStatus): void {
  addTargetCommand(program, 'doctor', 'find problems and print how to fix them', [
    'cloudtab doctor',
    'cloudtab doctor --stack Cloudtab --fix',
  ])
    .option('--fix', 'fix the problems that can be fixed automatically')
    .option('--site <site>', 'report only the problems of this crontab and of the whole target')
    .action((options: TargetOptions & DoctorOptions) =>
      onTarget(options, ended, (target) => doctor(target, options)),
    );

  addCommand(
    program,
    'allow [host...]',
    'let http call hosts that are not public; without a host, list them',
    [
      'cloudtab allow localhost:8080',
      'cloudtab allow http://nas.local 10.0.0.0/8',
      'cloudtab allow --remove http://nas.local',
    ],
  )
    .option('--dir <folder>', 'change the settings of this folder (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--stack <name>', 'print how this deployment allows a host (or CLOUDTAB_STACK)')
    .option('--remove', 'allow these hosts no longer')
    .action((hosts: string[], options: AllowOptions) =>
      print(resultText(allow(hosts, options, process.env), options)),
    );

  addCommand(program, 'door', 'print the secret address of the dashboard of a folder', [
    'cloudtab door',
    'cloudtab door --renew',
  ])
    .option('--dir <folder>', 'the folder whose scheduler runs (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--renew', 'make a new secret; the old address is void at once')
    .action((options: DoorOptions) => {
      const { message, ...found } = door(options, process.env);
      print(options.json ? jsonText('dashboard' in found ? found : { message }) : message);
    });

  addCommand(program, 'new <name>', 'write a new project: runners, a profile and a CDK app', [
    'npx cloudtab new my-crons',
  ]).action((name: string, options: JsonOptions) =>
    print(resultText({ name, message: newProject(name, newProjectOptions()) }, options)),
  );

  addCommand(program, 'init <name>', 'write a new runner and its test', ['cloudtab init my-job']).action(
    (name: string, options: JsonOptions) =>
      print(resultText({ name, message: init(name, initOptions()) }, options)),
  );

  addTargetCommand(program, 'open', 'open the dashboard of a deployment in your browser, until Ctrl-C', [
    'cloudtab open --stack Cloudtab',
  ])
    .option('--port <port>', 'local port to listen on; 0 is any free one', '0')
    .option('--no-browser', 'only print the address, as --json does')
    .option('--site <site>', 'open the crontab of this site')
    .action(async (options: TargetOptions & OpenOptions) => {
      await using target = await openTarget(options);
      await openDashboard(target, options, untilStopped());
    });

  addCommand(program, 'completion', 'print the completion script of a shell', [
    'eval "$(npx cloudtab completion bash)"',
    'npx cloudtab completion fish | source',
  ])
    .addArgument(new Argument('<shell>', 'name of the shell').choices(Object.keys(COMPLETION_SCRIPTS)))
    .action((shell: keyof typeof COMPLETION_SCRIPTS, { json }: JsonOptions) => {
      const script = COMPLETION_SCRIPTS[shell];
      print(json ? jsonText({ shell, script }) : script);
    });

  program
    .command('__complete [words...]', { hidden: true })
    .action(async (words: string[]) => print((await completions(program, words, candidates)).join('\n')));
}

function initOptions(): InitOptions {
  return { cwd: process.cwd(), dir: process.env.CLOUDTAB_DIR || DEFAULT_DIR, env: process.env };
}

function newProjectOptions(): NewProjectOptions {
  return { cwd: process.cwd(), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
