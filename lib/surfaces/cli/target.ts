/**
 * Chooses and opens the target of a command: a folder or a deployment. Options take precedence over environment variables.
 * Without both, the target is the default folder if it exists, else the default deployment if there are credentials.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FileLogger } from '../../adapters/local/file-logger.ts';
import { folderOf } from '../../adapters/local/folder.ts';
import { openFolderReader } from '../../adapters/local/folder-reader.ts';
import { LogFolder } from '../../adapters/local/log-folder.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { CloudtabError, ConfigurationError } from '../../core/domain/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ReadTarget, Target } from '../../core/ports/target.ts';
import { DEFAULT_DIR } from './options.ts';

export interface TargetOptions {
  readonly dir?: string;
  readonly stack?: string;
  /** Chooses between the deployments of the stack. */
  readonly root?: string;
  /** The region of AWS. Default: that of the environment or of the profile. */
  readonly region?: string;
  /** The profile in the configuration of the AWS tools. Default: that of the environment. */
  readonly profile?: string;
}

/** Environment variables, as in `process.env`. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

const DEFAULT_STACK = 'Cloudtab';
const STACK_OPTIONS = ['root', 'region', 'profile'] as const;
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

function discard(): void {}

/** Discards everything: commands print only their result. */
const quietLogger: Logger = {
  debug: discard,
  info: discard,
  warn: discard,
  error: discard,
  with: () => quietLogger,
};

/** Throws ConfigurationError when the options are ambiguous or the target does not exist. */
export async function openTarget(options: TargetOptions, env: Environment = process.env): Promise<Target> {
  const { dir, stack, isGuess } = chosen(options, env);
  const refused = STACK_OPTIONS.find((name) => options[name] !== undefined);
  if (stack === undefined && refused !== undefined) {
    throw new ConfigurationError(
      `--${refused} is an option for deployments, but the target is the folder ${dir}. Use it with --stack.`,
    );
  }
  if (stack !== undefined) chooseAccount(options, process.env);
  const root = options.root ?? (env.CLOUDTAB_ROOT || undefined);
  if (stack === undefined) checkFolder(dir);
  if (!isGuess) return openAt({ dir, stack, root });
  try {
    return await openAt({ dir, stack, root });
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    throw new ConfigurationError(
      `${noFolder(dir).message} The stack ${stack} cannot be opened either: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

/** The target of a command that only lists. Throws as `openTarget` does. */
export async function openReader(
  options: TargetOptions,
  env: Environment = process.env,
): Promise<ReadTarget> {
  const { dir, stack } = chosen(options, env);
  const isFolder = stack === undefined && STACK_OPTIONS.every((name) => options[name] === undefined);
  const reader = isFolder ? await openFolderReader(dir) : undefined;
  return reader ?? openTarget(options, env);
}

/** The deployment with that stack, or without one the folder. `isGuess`: neither options nor variables name it. */
export function chosen(
  { dir, stack }: TargetOptions,
  env: Environment,
): { readonly dir: string; readonly stack?: string; readonly isGuess?: true } {
  if (dir !== undefined && stack !== undefined) {
    throw new ConfigurationError('--dir and --stack are both set: choose a folder or a deployment.');
  }
  if (dir !== undefined) return { dir };
  if (stack !== undefined) return { dir: DEFAULT_DIR, stack };
  const { CLOUDTAB_DIR: envDir, CLOUDTAB_STACK: envStack } = env;
  if (envDir && envStack) {
    throw new ConfigurationError(
      'CLOUDTAB_DIR and CLOUDTAB_STACK are both set: unset one, or use --dir or --stack.',
    );
  }
  if (envDir) return { dir: envDir };
  if (envStack) return { dir: DEFAULT_DIR, stack: envStack };
  return !existsSync(DEFAULT_DIR) && hasCredentials(env)
    ? { dir: DEFAULT_DIR, stack: DEFAULT_STACK, isGuess: true }
    : { dir: DEFAULT_DIR };
}

async function openAt({ dir, stack, root }: TargetOptions & { readonly dir: string }): Promise<Target> {
  if (stack !== undefined) {
    // Loaded only here: the AWS SDK would slow down commands on a folder.
    const { openStackTarget } = await import('../../adapters/aws/stack-target.ts');
    return openStackTarget(stack, { logger: quietLogger, root });
  }
  // This process executes forced runs; their output belongs with the output of all other runs.
  const { openFolderTarget } = await import('../../adapters/local/folder-target.ts');
  const logger = new FileLogger(new LogFolder(folderOf(dir).logs), systemClock, quietLogger);
  return openFolderTarget(dir, { logger });
}

/** Whether neither an option nor a variable names the target, and it may be a folder or a deployment. */
export function isAmbiguous({ dir, stack }: TargetOptions, env: Environment = process.env): boolean {
  return !(dir ?? stack ?? (env.CLOUDTAB_DIR || env.CLOUDTAB_STACK)) && hasCredentials(env);
}

/** Sets the variables from which every client of the AWS SDK reads its region and its credentials. */
function chooseAccount({ region, profile }: TargetOptions, env: NodeJS.ProcessEnv): void {
  const chosenRegion = region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  // The SDK does not read AWS_DEFAULT_REGION, which the AWS CLI does.
  if (chosenRegion) env.AWS_REGION = chosenRegion;
  if (profile === undefined) return;
  env.AWS_PROFILE = profile;
  // As with the AWS CLI, an option counts more than keys in the environment.
  for (const key of KEYS) delete env[key];
}

/** Whether AWS credentials are configured, in the environment or in the files of the AWS tools. */
function hasCredentials(env: Environment): boolean {
  const home = join(env.HOME ?? homedir(), '.aws');
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, 'credentials'),
    env.AWS_CONFIG_FILE ?? join(home, 'config'),
  ];
  const fromEnvironment = env.AWS_PROFILE || env.AWS_ACCESS_KEY_ID || env.AWS_WEB_IDENTITY_TOKEN_FILE;
  return Boolean(fromEnvironment) || files.some((file) => existsSync(file));
}

/** Throws ConfigurationError if the folder does not exist. */
export function checkFolder(dir: string): void {
  if (!existsSync(dir)) throw noFolder(dir);
}

function noFolder(dir: string): ConfigurationError {
  return new ConfigurationError(
    `Folder ${dir} not found. Create a crontab there with "cloudtab start --dir ${dir}", or choose another folder with --dir or a deployment with --stack.`,
  );
}
