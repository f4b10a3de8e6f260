/**
 * The lock of the process that runs a folder's crontab. The operating system releases it however the process ends. A
 * process ID alone would not do, because another process may have it after a restart of the computer.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { makeFolder } from './folder.ts';
import { appendPrivate, writePrivate } from './private-file.ts';

/** How long a call waits for the lock of another process, in milliseconds: it blocks the event loop. Its caller tries again. */
export const BUSY_MS = 250;

/**
 * The ID of the process that holds the lock, from `file`: 0 when the process has not written it yet, or has removed it
 * already. Undefined when no process holds the lock.
 */
export function lockHolder(file: string): number | undefined {
  if (!existsSync(lockOf(file))) return undefined;
  const lock = openLock(file, 0);
  try {
    lock.exec('SELECT * FROM sqlite_schema');
    return undefined;
  } catch {
    return readPid(file);
  } finally {
    lock.close();
  }
}

/**
 * Acquires the lock for this process; throws ConfigurationError when another one holds it. Returns a function that
 * releases it, which the caller must keep: the lock is also released when the function is garbage-collected.
 */
export function acquireLock(file: string, pid: number): () => void {
  makeFolder(dirname(file));
  // To close a file releases each lock that this process has on it: SQLite alone may open it once it exists.
  if (!existsSync(lockOf(file))) appendPrivate(lockOf(file), '');
  const lock = openLock(file, BUSY_MS);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const other = lockHolder(file);
    throw new ConfigurationError(
      `${other ? `Process ${other}` : 'Another process'} already runs this crontab. Stop it first, or choose another folder with --dir.`,
      { cause },
    );
  }
  writePrivate(file, String(pid));
  return () => {
    try {
      rmSync(file, { force: true });
    } catch {
      // The state may be out of reach. Without the lock, the file means nothing.
    }
    lock.close();
  };
}

function readPid(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function lockOf(file: string): string {
  return `${file}.lock`;
}

/** SQLite is loaded only here: most commands beside a scheduler open no lock. */
function openLock(file: string, timeout: number): DatabaseSync {
  const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
  return new Database(lockOf(file), { timeout });
}
