/** The layout of the folder that contains a local crontab and its state. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../core/domain/errors.ts';

export interface Folder {
  /** The files that users edit: a JSON file for each cron and crontab. */
  readonly parameters: string;
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

/** Creates the folder if it does not exist. Throws ConfigurationError when that fails. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new ConfigurationError(
      `Cannot create the folder ${folder}: ${reason}. Choose a writable folder, or move away the file at this path.`,
      { cause },
    );
  }
}
