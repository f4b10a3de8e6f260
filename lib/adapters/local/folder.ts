/** Where things are in the one folder that a laptop's crontab lives in. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../core/domain/errors.ts';

export interface Folder {
  /** What a person edits: one JSON file for each cron. */
  readonly parameters: string;
  /** The projection and the jobs. */
  readonly database: string;
  /** `<site>/<name>`: one file for each secret. */
  readonly secrets: string;
  /** `<name>.mjs`: what `lambda:<name>` invokes. */
  readonly functions: string;
  /** One file of JSON lines a day. */
  readonly logs: string;
  /** What runners are allowed to do. */
  readonly limits: string;
  /** Holds the id of the process that keeps the crontab running; beside it is the lock that it holds. */
  readonly pid: string;
}

export function folderOf(dir: string): Folder {
  return {
    parameters: join(dir, 'parameters'),
    database: join(dir, 'state', 'cloudtab.db'),
    secrets: join(dir, 'secrets'),
    functions: join(dir, 'functions'),
    logs: join(dir, 'logs'),
    limits: join(dir, 'state', 'limits.json'),
    pid: join(dir, 'state', 'pid'),
  };
}

/** Makes the folder when it is missing. Throws ConfigurationError when it cannot be made. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new ConfigurationError(
      `The folder ${folder} cannot be made: ${reason}. Name a folder that you can write to, or move away the file that is in its place.`,
      { cause },
    );
  }
}
