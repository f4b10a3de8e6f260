/**
 * The parts that all commands share: their options and examples, and the target that they open. Each command loads its
 * implementation when it runs, so that the command line starts fast.
 */
import { type Command, Option } from 'commander';
import { isNamed, openClient, type TargetOptions } from '../../client/chosen-target.ts';
import type { Client } from '../../client/client.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { JsonOptions, Printed } from './output.ts';

export interface SiteOptions extends TargetOptions, JsonOptions {
  readonly site: string;
}

/** The exit code of the process; a command that succeeds may set one that reports its result. */
export interface ExitStatus {
  code: number;
}

/** Adds a command with the option `--json`. */
export function addCommand(
  program: Command,
  usage: string,
  description: string,
  examples: readonly string[],
): Command {
  return program
    .command(usage)
    .description(description)
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
}

/** Adds a command that opens a target. */
export function addTargetCommand(...command: Parameters<typeof addCommand>): Command {
  return addCommand(...command)
    .option('--dir <folder>', 'use the crontabs of this folder (or CLOUDTAB_DIR; default: .cloudtab)')
    .option('--stack <name>', 'use the crontabs of the deployment with this stack (or CLOUDTAB_STACK)')
    .option('--url <url>', 'use the deployment with this function URL (or CLOUDTAB_URL)')
    .option('--root <root>', 'choose the deployment if the stack contains several (or CLOUDTAB_ROOT)')
    .option('--region <region>', 'AWS region of the stack (or AWS_REGION)')
    .option('--profile <name>', 'profile of your AWS configuration (or AWS_PROFILE)');
}

export function addSiteCommand(...command: Parameters<typeof addCommand>): Command {
  return addTargetCommand(...command).addOption(siteOption('site of the crontab'));
}

/** The option `--site`, whose default is CLOUDTAB_SITE. */
export function siteOption(description: string): Option {
  const option = new Option('--site <site>', `${description} (or CLOUDTAB_SITE)`);
  return option.default(process.env.CLOUDTAB_SITE || DEFAULT_SITE);
}

/** An option whose help and completion list these values. The operation that receives the value validates it. */
export function optionWithChoices(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser((text: string) => text);
}

/** Makes the command reject `--name` together with `--no-name`, of which commander would use the last. */
export function withNegation(command: Command, name: string): Command {
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

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Opens the target that the options choose, does the work, prints its result and closes the target. */
export async function onTarget(
  options: TargetOptions,
  ended: ExitStatus,
  work: (client: Client) => Promise<string | Printed>,
): Promise<void> {
  await using client = await openClient(options);
  await printWork(ended, () => work(client));
}

/** The same for work that changes something: first names its target, if it might have been another. */
export async function onChange(
  options: TargetOptions & JsonOptions,
  ended: ExitStatus,
  work: (client: Client) => Promise<string | Printed>,
): Promise<void> {
  await onTarget(options, ended, async (client) => {
    await nameTarget(client, options);
    return work(client);
  });
}

/** Names the target, if neither an option nor a variable did. */
export async function nameTarget(
  { title }: Pick<Client, 'title'>,
  options: TargetOptions & JsonOptions,
): Promise<void> {
  if (!options.json && !isNamed(options)) process.stderr.write(`→ ${title}\n`);
}

/** Does the work, prints its result, and sets the exit code. */
export async function printWork(ended: ExitStatus, work: () => Promise<string | Printed>): Promise<void> {
  const result = await work();
  const { text, code } = typeof result === 'string' ? { text: result, code: 0 } : result;
  print(text);
  ended.code = code;
}
