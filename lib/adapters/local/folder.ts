/** The layout of the folder that contains a local crontab and its state. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, messageOf } from '../../core/domain/errors.ts';

/** The mode of a folder for its owner alone. */
export const OWNER_ONLY_FOLDER = 0o700;

export interface Folder {
  /** The files that users edit: a JSON file for each cron and crontab. */
  readonly parameters: string;
  /** All that belongs to the program, such as the database. */
  readonly state: string;
  /** The projection and the jobs. */
  readonly database: string;
  /** `<site>/<name>`: one file for each secret. */
  readonly secrets: string;
  /** `<name>.mjs`: what `lambda:<name>` invokes. */
  readonly functions: string;
  /** One file of JSON lines a day. */
  readonly logs: string;
  /** The catalogue of the runners, as JSON. */
  readonly catalogue: string;
  readonly settings: string;
  /** The token of the dashboard, for the owner of the folder alone. It survives restarts. */
  readonly token: string;
  /** Where the scheduler that runs answers, for the owner of the folder alone. */
  readonly door: string;
  /** The ID of the process that runs the crontab. The file of its lock is beside it. */
  readonly pid: string;
}

export function folderOf(dir: string): Folder {
  return {
    parameters: join(dir, 'parameters'),
    state: join(dir, 'state'),
    database: join(dir, 'state', 'cloudtab.db'),
    secrets: join(dir, 'secrets'),
    functions: join(dir, 'functions'),
    logs: join(dir, 'logs'),
    settings: join(dir, 'settings.json'),
    catalogue: join(dir, 'state', 'catalogue.json'),
    token: join(dir, 'state', 'token'),
    door: join(dir, 'state', 'door.json'),
    pid: join(dir, 'state', 'pid'),
  };
}

/** How messages and hints name the crontab of the folder. */
export function folderNames(dir: string) {
  return { name: dir, title: `folder ${dir}`, option: `--dir ${dir}` };
}

/** Keeps the state, the output and the secrets out of a repository, and leaves the crons to the user. */
const IGNORED = '/state/\n/logs/\n/secrets/\n';

/**
 * Creates the folder of a crontab, with a .gitignore if it has none, and the folder of its parameters. Throws
 * ConfigurationError when that fails.
 */
export function makeCrontabFolder(dir: string): void {
  makeFolder(folderOf(dir).parameters);
  try {
    writeFileSync(join(dir, '.gitignore'), IGNORED, { flag: 'wx' });
  } catch {
    // It exists, or the user keeps this process from writing there, as for a crontab in files of another owner.
  }
}

/** Creates the folder for the owner alone if it does not exist. Throws ConfigurationError when that fails. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot create the folder ${folder}: ${messageOf(cause)}. Choose a writable folder, or move away the file at this path.`,
      { cause },
    );
  }
}
