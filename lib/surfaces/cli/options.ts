/** What all commands have in common on the command line: options, examples, and where results are printed. */
import { type Command, Option } from 'commander';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { Target } from '../../core/ports/target.ts';
import { openTarget, type TargetOptions } from './target.ts';

export interface CommonOptions extends TargetOptions {
  readonly site: string;
  readonly json?: true;
}

/** How the command line ended: 0 unless a command says otherwise. */
export interface ExitStatus {
  code: number;
}

/** The command with its description and the options that say where it works. */
export function withCommonOptions(command: Command, description: string): Command {
  return withTargetOptions(command, description)
    .addOption(siteOption('whose crontab'))
    .option('--json', 'print JSON, for programs');
}

/** `--site`, with the default that the environment says. */
export function siteOption(description: string): Option {
  const option = new Option('--site <site>', `${description} (or CLOUDTAB_SITE)`);
  return option.default(process.env.CLOUDTAB_SITE || DEFAULT_SITE);
}

/** The command with its description and the options that say which crontabs. */
export function withTargetOptions(command: Command, description: string): Command {
  return command
    .description(description)
    .option('--dir <folder>', 'crontabs of a folder on this computer (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--stack <name>', 'crontabs of a deployment, by the name of its stack (or CLOUDTAB_STACK)');
}

/** An option with values that completion and help offer; what else is typed is judged by whoever takes it. */
export function optionWithChoices(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser((text: string) => text);
}

/** The command, which refuses `--name` with `--no-name`: they are one option, of which the last would count. */
export function withNegatable(command: Command, name: string): Command {
  const given = new Set<string>();
  for (const option of [name, `no-${name}`]) {
    command.on(`option:${option}`, () => {
      given.add(option);
      if (given.size > 1)
        command.error(`error: option '--${name}' cannot be used with option '--no-${name}'`);
    });
  }
  return command;
}

/** For the help of a command. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** JSON as it is printed. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Does the work on the target that the options mean, prints what it returns, and closes the target. */
export async function onTarget<Options extends TargetOptions>(
  options: Options,
  work: (target: Target) => Promise<string>,
): Promise<void> {
  await using target = await openTarget(options);
  print(await work(target));
}
