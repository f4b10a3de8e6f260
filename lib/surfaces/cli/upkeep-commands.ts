/** The commands of whoever looks after a crontab and writes its runners: what can be typed. */
import { Argument, type Command } from 'commander';
import { candidates } from './candidates.ts';
import { completionScript, completions } from './completion.ts';
import { type DoctorOptions, doctor } from './doctor.ts';
import { init } from './init.ts';
import { type OpenOptions, openDashboard } from './open.ts';
import { type ExitStatus, examples, jsonText, print, withTargetOptions } from './options.ts';
import { untilStopped } from './stopped.ts';
import { openTarget, type TargetOptions } from './target.ts';

export function upkeepCommands(program: Command, ended: ExitStatus): void {
  withTargetOptions(
    program.command('doctor'),
    'look for what is not as it should be, and say what to do about it',
  )
    .option('--fix', 'mend what can be mended')
    .option('--site <site>', 'tell of this crontab alone, and of what all have in common')
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', examples('cloudtab doctor', 'cloudtab doctor --stack Cloudtab --fix'))
    .action(async (options: TargetOptions & DoctorOptions) => {
      await using target = await openTarget(options);
      const { text, well } = await doctor(target, options);
      print(text);
      ended.code = well ? 0 : 1;
    });

  program
    .command('init <name>')
    .description('write a runner of your own with its test, and register it')
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', examples('cloudtab init my-job'))
    .action((name: string, { json }: { json?: true }) => {
      const message = init(name, process.cwd());
      print(json ? jsonText({ name, message }) : message);
    });

  withTargetOptions(
    program.command('open'),
    'open the dashboard of a deployment in your browser, until Ctrl-C',
  )
    .option('--port <port>', 'where to listen on this computer; 0 is any free one', '0')
    .option('--no-browser', 'only print the address')
    .option('--site <site>', 'begin with the crontab of this site')
    .option('--json', 'print the address as JSON, for programs; no browser is opened')
    .addHelpText('after', examples('cloudtab open --stack Cloudtab'))
    .action(async (options: TargetOptions & OpenOptions) => {
      await using target = await openTarget(options);
      await openDashboard(target, options, untilStopped());
    });

  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'whose').choices(['bash', 'zsh', 'fish']))
    .description('print the completion script of a shell')
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', examples('eval "$(cloudtab completion bash)"', 'cloudtab completion fish | source'))
    .action((shell: string, { json }: { json?: true }) => {
      const script = completionScript(shell);
      print(json ? jsonText({ shell, script }) : script);
    });

  program
    .command('__complete [words...]', { hidden: true })
    .action(async (words: string[]) => print((await completions(program, words, candidates)).join('\n')));
}
