/**
 * The one database file of a laptop, opened as every part of it needs it. What is in its tables is the business of
 * the classes that take it.
 *
 * Write-ahead log, so that the command line can read while the server writes. `synchronous = FULL`, so that a claim
 * that was committed is on the disk before its runner starts: NORMAL would outlive `kill -9` too, but not a power cut,
 * and the run would happen twice.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError, UnavailableError } from '../../core/domain/errors.ts';

/** How long a call waits for another process to end its write. */
const BUSY_MS = 5_000;

/** Opens or makes the database, with its folder. Throws ConfigurationError when that is not possible. */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    return database;
  } catch (cause) {
    database?.close();
    throw new ConfigurationError(
      `The state in ${path} cannot be opened: ${message(cause)}. Choose another folder, or move this file away.`,
      { cause },
    );
  }
}

/** Runs one step on the database. Throws UnavailableError for whatever goes wrong there, such as a full disk. */
export function attempt<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw new UnavailableError(`The state could not be read or written: ${message(cause)}.`, { cause });
  }
}

/** Runs a step as one transaction that no other process can come between. Throws as `attempt` does. */
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

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
