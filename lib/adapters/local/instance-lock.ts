/**
 * Which process keeps a folder's crontab running: the one that holds a lock, which the operating system takes back
 * whatever way the process ends. A process id alone may belong to somebody else after a restart of the computer.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../core/domain/errors.ts';

/** Whoever looks holds the lock for a moment. */
const LOOK_MS = 1_000;

/**
 * The process that keeps the crontab running, of which `file` has the id: 0 while it has not written that yet, or has
 * taken it away already. Nothing when none does.
 */
export function lockHolder(file: string): number | undefined {
  if (!existsSync(lockOf(file))) return undefined;
  const lock = new DatabaseSync(lockOf(file), { timeout: 0 });
  try {
    lock.exec('SELECT * FROM sqlite_schema');
    return undefined;
  } catch {
    return idIn(file);
  } finally {
    lock.close();
  }
}

/**
 * Makes this process the keeper; throws ConfigurationError when another one is. Returns how to give it back, which has
 * to be held on to: with it goes the lock.
 */
export function acquireLock(file: string, pid: number): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(lockOf(file), { timeout: LOOK_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const other = lockHolder(file);
    throw new ConfigurationError(
      `${other ? `The process ${other}` : 'Another process'} keeps this crontab running already. Stop it first, or choose another folder with --dir.`,
      { cause },
    );
  }
  writeFileSync(file, String(pid));
  return () => {
    rmSync(file, { force: true });
    lock.close();
  };
}

function idIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function lockOf(file: string): string {
  return `${file}.lock`;
}
