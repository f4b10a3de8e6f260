/** The settings of the runner `command`: their descriptions, their validation, and the program that they describe. */
import type { Json, JsonObject } from '../core/domain/cron.ts';
import type { Problem } from '../core/domain/problem.ts';
import type { EnvironFields } from '../core/domain/runner-description.ts';
import { isSecretReference } from '../core/domain/secret-reference.ts';
import type { ProgramCommand } from '../core/ports/programs.ts';
import { commandsRefusal, refusalProblems } from './limits.ts';
import type { Written } from './runner.ts';

const DEFAULT_SHELL = '/bin/sh';

export const COMMAND_FIELDS: EnvironFields = {
  command: {
    type: ['string', 'list'],
    required: true,
    meaning: 'A line for the shell, or a program and its arguments as a list, without a shell.',
    example: 'backup --all > backup.log',
    wanted: (command) =>
      isCommand(command) ? undefined : 'a line for the shell, or a list of texts that begins with a program',
  },
  cwd: {
    type: 'string',
    meaning: 'The working directory; the home directory by default.',
    example: '/srv/shop',
    wanted: (cwd) => (isText(cwd) && cwd !== '' ? undefined : 'the path of a directory'),
  },
  env: {
    type: 'object',
    meaning:
      'Environment variables, each a text or a reference to a secret. SHELL also chooses the shell, which is /bin/sh by default.',
    example: { LANG: 'C.UTF-8', TOKEN: { $secret: 'my-token' } },
    wanted: (env) => (isEnv(env) ? undefined : 'an object of variable names and texts'),
  },
  stdin: {
    type: 'string',
    meaning: 'The standard input; empty by default.',
    example: 'yes\n',
  },
};

/** The program of an environ that has no problems and no references. */
export function programCommand({ command, cwd, env, stdin }: JsonObject): ProgramCommand {
  const variables = { ...(env as { readonly [name: string]: string } | undefined) };
  const [file, ...args] = Array.isArray(command)
    ? command.map(String)
    : [variables.SHELL || DEFAULT_SHELL, '-c', String(command)];
  return {
    file: file as string,
    args,
    cwd: cwd === undefined ? undefined : String(cwd),
    env: variables,
    stdin: String(stdin ?? ''),
  };
}

/** The problem of a cron whose target runs no commands. */
export function commandProblems({ name, limits }: Written): Problem[] {
  return refusalProblems('name', name, 'a runner that may run here', limits && commandsRefusal(limits));
}

function isCommand(command: Json): boolean {
  if (!Array.isArray(command)) return isText(command) && String(command).trim() !== '';
  return command.length > 0 && command.every(isTextOrSecret) && command[0] !== '';
}

function isEnv(env: Json): boolean {
  return Object.entries(env as JsonObject).every(
    ([name, value]) => /^[^=\0]+$/.test(name) && isTextOrSecret(value),
  );
}

function isTextOrSecret(value: Json): boolean {
  return isSecretReference(value) || isText(value);
}

/** A program's arguments and variables end at a zero byte. */
function isText(value: Json): boolean {
  return typeof value === 'string' && !value.includes('\0');
}
