/**
 * The SQLite database of a local crontab; the classes that use it create their tables. The write-ahead log lets the
 * command line read while the scheduler writes. With `synchronous = FULL`, a committed claim is on the disk before its
 * runner starts; with NORMAL a power failure could undo the claim, and the run would happen twice.
 */
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError, messageOf, UnavailableError } from '../../core/domain/errors.ts';
import { makeFolder } from './folder.ts';
import { BUSY_MS } from './instance-lock.ts';
import { appendPrivate } from './private-file.ts';

const UNWRITABLE = 'Make the folder and its files writable for this user, or choose another folder.';

/** What to do about a result code of SQLite (https://sqlite.org/rescode.html). */
const FIXES: Readonly<Record<number, string>> = {
  5: 'Another process is writing to it: try again in a moment.',
  8: UNWRITABLE,
  10: 'Check the disk, or choose a folder on a local disk.',
  13: 'Free disk space.',
  14: UNWRITABLE,
  15: 'Its filesystem has no locks: choose a folder on a local disk.',
};
const OTHER_FIX = 'Choose another folder, or move this file away.';

/** Opens the database; creates it and its folder if necessary. Throws ConfigurationError when that fails. */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makeFolder(dirname(path));
    // SQLite gives the files beside it the same mode.
    appendPrivate(path, '');
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    return database;
  } catch (cause) {
    database?.close();
    throw new ConfigurationError(
      `Cannot open the state in ${path}: ${messageOf(cause)}. ${fixOf(cause) ?? OTHER_FIX}`,
      { cause },
    );
  }
}

/** Runs a step on the database. Its errors, such as a full disk, become UnavailableErrors. */
export function attempt<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    const text = [`Cannot read or write the state: ${messageOf(cause)}.`, fixOf(cause) ?? []]
      .flat()
      .join(' ');
    throw new UnavailableError(text, { cause });
  }
}

/** Runs a step as one transaction, isolated from other processes. Throws as `attempt` does. */
export function transact<Result>(database: DatabaseSync, step: () => Result): Result {
  return attempt(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = step();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  });
}

function fixOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error && 'errcode' in cause)) return undefined;
  // The low byte is the primary result code.
  return FIXES[Number(cause.errcode) & 0xff];
}
