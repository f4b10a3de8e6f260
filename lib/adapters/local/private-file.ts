/** Files for the owner alone: their content gives access to everything that the owner may do. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError } from '../../core/domain/errors.ts';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** The text of the file. Undefined if it does not exist, cannot be read, is a link, or if others may read or write it. */
export function readPrivate(file: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    return (fstatSync(descriptor).mode & OTHERS) === 0 ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Replaces the file as a whole: no reader sees half of it, and others can read it at no time. Throws ConfigurationError when
 * that fails.
 */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text, { mode: OWNER_ONLY, flag: 'wx' });
    renameSync(draft, file);
  } catch (cause) {
    removePrivate(draft);
    const reason = cause instanceof Error ? cause.message : cause;
    throw new ConfigurationError(
      `Cannot write ${file}: ${reason}. Free disk space, or make its folder writable.`,
      { cause },
    );
  }
}

/** Nothing happens if the file does not exist or is out of reach. */
export function removePrivate(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A reader checks whether what it says still holds.
  }
}
