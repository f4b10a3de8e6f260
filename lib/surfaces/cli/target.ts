/**
 * Where a command does its work: the folder of a laptop, or a deployment. What is said on the command line counts, then
 * the environment, then whichever of the two is there.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FileLogger } from '../../adapters/local/file-logger.ts';
import { folderOf } from '../../adapters/local/folder.ts';
import { openFolderTarget } from '../../adapters/local/folder-target.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { CloudtabError, ConfigurationError } from '../../core/domain/errors.ts';
import type { Target } from '../../core/ports/target.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { ownRunners } from './load-runners.ts';
import { quietLogger } from './quiet-logger.ts';

export interface TargetOptions {
  readonly dir?: string;
  readonly stack?: string;
}

/** What the environment says; the names are those of `process.env`. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

export const DEFAULT_DIR = '.cloudtab';
const DEFAULT_STACK = 'Cloudtab';

/** Opens it. Throws ConfigurationError when both or neither can be meant, or it is not there. */
export async function openTarget(options: TargetOptions, env: Environment = process.env): Promise<Target> {
  const { dir, stack, isGuess } = chosen(options, env);
  if (stack === undefined && !existsSync(dir)) throw noFolder(dir);
  const runners = await ownRunners(env);
  if (!isGuess) return openAt({ dir, stack }, runners);
  try {
    return await openAt({ dir, stack }, runners);
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    throw new ConfigurationError(`${noFolder(dir).message} The stack ${stack} was tried: ${error.message}`, {
      cause: error,
    });
  }
}

/** Which one is meant: either a stack, or the folder. */
export function chosen(
  { dir, stack }: TargetOptions,
  env: Environment,
): { readonly dir: string; readonly stack?: string; readonly isGuess?: true } {
  if (dir !== undefined && stack !== undefined) {
    throw new ConfigurationError('--dir is a folder, --stack a deployment: give one of them.');
  }
  if (dir !== undefined) return { dir };
  if (stack !== undefined) return { dir: DEFAULT_DIR, stack };
  const { CLOUDTAB_DIR: envDir, CLOUDTAB_STACK: envStack } = env;
  if (envDir && envStack) {
    throw new ConfigurationError(
      'CLOUDTAB_DIR and CLOUDTAB_STACK are both set: unset one, or say --dir or --stack.',
    );
  }
  if (envDir) return { dir: envDir };
  if (envStack) return { dir: DEFAULT_DIR, stack: envStack };
  return !existsSync(DEFAULT_DIR) && hasCredentials(env)
    ? { dir: DEFAULT_DIR, stack: DEFAULT_STACK, isGuess: true }
    : { dir: DEFAULT_DIR };
}

async function openAt(
  { dir, stack }: { readonly dir: string; readonly stack?: string },
  runners: Readonly<Record<string, RunnerClass>>,
): Promise<Target> {
  if (stack !== undefined) {
    // Whoever works in a folder does not wait for the SDK.
    const { openStackTarget } = await import('../../adapters/aws/stack-target.ts');
    return openStackTarget(stack, { runners, logger: quietLogger });
  }
  // A run that is asked for happens in this process: its lines belong to those of all other runs.
  const logger = new FileLogger(folderOf(dir).logs, systemClock, quietLogger);
  return openFolderTarget(dir, { runners, logger });
}

/** Whether the person has said to AWS's tools who they are: in the environment, or in the files of those tools. */
function hasCredentials(env: Environment): boolean {
  const home = join(env.HOME ?? homedir(), '.aws');
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, 'credentials'),
    env.AWS_CONFIG_FILE ?? join(home, 'config'),
  ];
  const isSaid = env.AWS_PROFILE || env.AWS_ACCESS_KEY_ID || env.AWS_WEB_IDENTITY_TOKEN_FILE;
  return Boolean(isSaid) || files.some((file) => existsSync(file));
}

function noFolder(dir: string): ConfigurationError {
  return new ConfigurationError(
    `There is no folder ${dir}. Make a crontab there with "cloudtab start --dir ${dir}", or name another folder with --dir or a deployment with --stack.`,
  );
}
