/**
 * Chooses and opens the target of a command: a folder or a deployment. Options take precedence over environment variables.
 * Without both, the target is the default folder if it exists, else the default deployment if there are credentials.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../adapters/local/home-folder.ts';
import { CloudtabError, ConfigurationError, InvalidError } from '../core/domain/errors.ts';
import type { SecretStore } from '../core/ports/secrets.ts';
import type { Client } from './client.ts';
import type { FoundDeployment } from './deployment-client.ts';
import type { Doctor } from './doctor.ts';
import { openFolderClient } from './folder-client.ts';
import type { NamedDeployment } from './open-deployment.ts';
import { quietLogger } from './quiet-logger.ts';

/** The folder of commands that name no target. */
export const DEFAULT_DIR = '.cloudtab';

export interface TargetOptions {
  readonly dir?: string;
  readonly stack?: string;
  /** The function URL of a deployment, instead of its stack: then the caller needs no permission but to call it. */
  readonly url?: string;
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

/** The crontabs of the chosen target. Throws InvalidError for options that exclude each other, and ConfigurationError when it does not exist. */
export function openClient(options: TargetOptions, env: Environment = process.env): Promise<Client> {
  return openChosen(options, env, {
    async folder(dir) {
      return openFolderClient(dir);
    },
    async deployment(find) {
      // Loaded only here: the signer and the credentials of AWS would slow down commands on a folder.
      const { deploymentClient } = await import('./deployment-client.ts');
      return deploymentClient(await find());
    },
  });
}

/** Who examines and repairs the chosen target. Throws as `openClient`. */
export function openDoctor(options: TargetOptions, env: Environment = process.env): Promise<Doctor> {
  return openChosen(options, env, {
    async folder(dir) {
      const [{ openFolderTarget }, { doctorOf }] = await Promise.all([
        import('../adapters/local/folder-target.ts'),
        import('./doctor.ts'),
      ]);
      return doctorOf(await openFolderTarget(dir, { logger: quietLogger }));
    },
    async deployment(find, named) {
      const { deploymentDoctor } = await import('./deployment-doctor.ts');
      return deploymentDoctor(stackOf(named), named.root, find);
    },
  });
}

/** The secrets of the sites of a target. */
export interface OpenedSecrets {
  readonly title: string;
  readonly secrets: SecretStore;
}

/** The secrets of the chosen target, with the rights of the caller. Throws as `openClient`. */
export function openSecrets(options: TargetOptions, env: Environment = process.env): Promise<OpenedSecrets> {
  return openChosen(options, env, {
    async folder(dir) {
      const [{ FileSecrets }, { folderOf }] = await Promise.all([
        import('../adapters/local/file-secrets.ts'),
        import('../adapters/local/folder.ts'),
      ]);
      return { title: `folder ${dir}`, secrets: new FileSecrets(folderOf(dir).secrets) };
    },
    async deployment(_, named) {
      const { openStackSecrets } = await import('../adapters/aws/ssm-secret-store.ts');
      return openStackSecrets(stackOf(named), named.root);
    },
  });
}

function stackOf({ stack }: NamedDeployment): string {
  if (stack !== undefined) return stack;
  const wanted = 'the stack of the deployment, which this needs';
  throw new InvalidError([
    { where: '--stack', got: 'nothing', wanted, fix: 'Use --stack instead of --url.' },
  ]);
}

/** The chosen deployment, for its dashboard. Throws ConfigurationError for a folder, and as `openClient`. */
export function findDeployment(
  options: TargetOptions,
  env: Environment = process.env,
): Promise<FoundDeployment> {
  return openChosen(options, env, {
    async folder(dir) {
      throw new ConfigurationError(
        `${dir} is a folder: "cloudtab door" prints the address of its dashboard. For a deployment, use --stack.`,
      );
    },
    deployment: (find) => find(),
  });
}

interface Ways<Opened> {
  folder(dir: string): Promise<Opened>;
  deployment(find: () => Promise<FoundDeployment>, named: NamedDeployment): Promise<Opened>;
}

async function openChosen<Opened>(
  options: TargetOptions,
  env: Environment,
  { folder, deployment }: Ways<Opened>,
): Promise<Opened> {
  const { dir, stack, url, isGuess } = chosen(options, env);
  const refused = STACK_OPTIONS.find((name) => options[name] !== undefined);
  const isFolder = stack === undefined && url === undefined;
  if (isFolder && refused !== undefined) {
    const wanted = 'a deployment, to which the option belongs';
    throw new InvalidError([
      { where: `--${refused}`, got: `the folder ${dir}`, wanted, fix: 'Use it with --stack.' },
    ]);
  }
  if (isFolder) {
    checkFolder(dir);
    return folder(dir);
  }
  chooseAccount(options, process.env);
  const root = options.root ?? (env.CLOUDTAB_ROOT || undefined);
  const named = { stack, url, root };
  const find = async () => (await import('./open-deployment.ts')).findDeployment(named);
  const open = () => deployment(find, named);
  if (!isGuess) return open();
  try {
    return await open();
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

/** The deployment with that stack or URL, or without one the folder. `isGuess`: neither options nor variables name it. */
export function chosen(
  { dir, stack, url }: TargetOptions,
  env: Environment,
): { readonly dir: string; readonly stack?: string; readonly url?: string; readonly isGuess?: true } {
  const given = { dir, stack, url };
  const inEnvironment = namedBy(env);
  const names = namesIn(given);
  if (names.length > 1) {
    const [where = '', ...others] = names.map((name) => `--${name}`);
    const fix = 'Choose a folder or a deployment.';
    throw new InvalidError([{ where, got: `${others.join(' and ')} as well`, wanted: 'one of them', fix }]);
  }
  if (names.length === 1) return named(given);
  const variables = namesIn(inEnvironment);
  if (variables.length > 1) {
    const both = variables.map((name) => `CLOUDTAB_${name.toUpperCase()}`).join(' and ');
    throw new ConfigurationError(`${both} are both set: unset one, or use --dir or --stack.`);
  }
  if (variables.length === 1) return named(inEnvironment);
  return !existsSync(DEFAULT_DIR) && hasCredentials(env)
    ? { dir: DEFAULT_DIR, stack: DEFAULT_STACK, isGuess: true }
    : { dir: DEFAULT_DIR };
}

interface Named {
  readonly dir?: string | undefined;
  readonly stack?: string | undefined;
  readonly url?: string | undefined;
}

function namedBy({ CLOUDTAB_DIR: dir, CLOUDTAB_STACK: stack, CLOUDTAB_URL: url }: Environment): Named {
  return { dir, stack, url };
}

/** The options or variables that have a value. */
function namesIn({ dir, stack, url }: Named): string[] {
  return Object.entries({ dir, stack, url }).flatMap(([name, value]) => (value ? name : []));
}

function named({ dir, stack, url }: Named) {
  return { dir: dir || DEFAULT_DIR, ...(stack && { stack }), ...(url && { url }) };
}

/** Whether an option or a variable names the target. */
export function isNamed(options: TargetOptions, env: Environment = process.env): boolean {
  return namesIn(options).length + namesIn(namedBy(env)).length > 0;
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
  const home = join(env.HOME ?? homeFolder() ?? '/', '.aws');
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
