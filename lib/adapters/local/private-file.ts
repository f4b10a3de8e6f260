/**
 * Files for the owner alone, and files that others may have laid out. A file that is written is made under a random name and
 * renamed into place; what is a link or no regular file is never opened through.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError, messageOf } from '../../core/domain/errors.ts';
import { OWNER_ONLY_FOLDER } from './folder.ts';

const OWNER_ONLY = 0o600;
/** The rights of everyone but the owner. */
export const OTHERS = 0o077;

const { O_RDONLY, O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The text of the file. Undefined if it does not exist, cannot be read, is a link, or if others may read or write it. */
export function readPrivate(file: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, O_RDONLY | O_NOFOLLOW);
    return (fstatSync(descriptor).mode & OTHERS) === 0 ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The beginning of the file. Throws ConfigurationError if it is a link or no regular file, else the error of the file system,
 * also if there is none.
 */
export function readRegular(file: string, maxBytes: number, stats: FileKind = lstatSync(file)): Uint8Array {
  const refusal = fileRefusal(file, stats);
  if (refusal) throw new ConfigurationError(`${refusal.what} ${refusal.fix}`);
  // If it has been replaced meanwhile, a link is not followed, and a pipe is not waited for.
  const descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(maxBytes);
    return buffer.subarray(0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

/** What a path leads to, without following a link. */
export type FileKind = Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

/** Why a file is not read. Undefined for a regular file, and for a folder, whose use has an error of its own. */
export function fileRefusal(
  file: string,
  stats: FileKind,
): { readonly what: string; readonly fix: string } | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined;
  return stats.isSymbolicLink()
    ? { what: `${file} is a symbolic link, and is not followed.`, fix: 'Put the file itself there.' }
    : { what: `${file} is no regular file, and is not opened.`, fix: 'Remove it.' };
}

/**
 * Replaces the file as a whole: no reader sees half of it, and others can read it at no time. A link is replaced, too, and not
 * what it leads to. Throws ConfigurationError when that fails.
 */
export function writePrivate(file: string, text: string): void {
  try {
    replacePrivate(file, text);
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot write ${file}: ${messageOf(cause)}. Free disk space, or make its folder writable.`,
      { cause },
    );
  }
}

/** The same, after which the file is on the disk. Throws the error of the file system. */
export function replacePrivate(file: string, text: string): void {
  // Loaded only here: commands that read do not need it.
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const draft = `${dirname(file)}/.${randomBytes(12).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  try {
    writeFileSync(draft, text, { mode: OWNER_ONLY, flag: 'wx', flush: true });
    renameSync(draft, file);
  } catch (error) {
    removePrivate(draft);
    throw error;
  }
}

/** Appends to the file, and makes it if it does not exist. Throws the error of the file system, also for a link. */
export function appendPrivate(file: string, text: string): void {
  const descriptor = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, OWNER_ONLY);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
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
