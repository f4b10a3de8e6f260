/** Opens a folder for commands that only read, without loading what validates parameters and runs crons. */
import { existsSync } from 'node:fs';
import type { ReadTarget } from '../../core/ports/target.ts';
import { systemClock } from '../system-clock.ts';
import { folderOf } from './folder.ts';
import { readSettings } from './folder-settings.ts';
import { lockHolder } from './instance-lock.ts';
import { KnownFiles } from './known-files.ts';
import { openDatabase } from './sqlite-database.ts';
import { SqliteStore } from './sqlite-store.ts';

/**
 * The crontabs of the folder; undefined if its state has to be brought up to date first, which openFolderTarget does. Throws
 * ConfigurationError if the state cannot be opened.
 */
export async function openFolderReader(dir: string): Promise<ReadTarget | undefined> {
  const folder = folderOf(dir);
  if (!existsSync(folder.database)) return undefined;
  const { retentionDays } = readSettings(dir);
  const database = openDatabase(folder.database);
  try {
    const store = new SqliteStore(database, { clock: systemClock, retentionDays });
    // The process that runs the crontab follows the files, and ends runs.
    const isKept = lockHolder(folder.pid) !== undefined;
    const isUpToDate = async () =>
      (await store.leasedJobs()).length === 0 &&
      new KnownFiles(database, store, folder).changes(Date.now()).keys.length === 0;
    if (isKept || (await isUpToDate())) {
      return {
        ...folderNames(dir, isKept),
        ports: { store, clock: systemClock },
        [Symbol.asyncDispose]: async () => database.close(),
      };
    }
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

/** What messages and hints call the folder. `isKept`: a process runs its crontab. */
export function folderNames(dir: string, isKept: boolean): Pick<ReadTarget, 'name' | 'option' | 'note'> {
  const note = `The scheduler is not running. Start it: cloudtab start --dir ${dir}`;
  return { name: dir, option: `--dir ${dir}`, ...(isKept ? {} : { note }) };
}
