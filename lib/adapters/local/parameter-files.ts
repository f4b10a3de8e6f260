/**
 * The paths of parameters in a folder: `<site>/crontab.json` and `<site>/crons/<uid>.json`. Other files are not
 * parameters: hidden files, backup and swap files of editors, rejection notes.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterKey } from '../../core/domain/names.ts';

const SUFFIX = '.json';

/** Leaves room in the 255 bytes of a file's name for prefixes and suffixes. */
const MAX_BYTES = 200;

/** Whether a site or uid can be the name of a parameter file. */
export function isFileName(name: string): boolean {
  return /^[^./\\\0][^/\\\0]*$/.test(name) && Buffer.byteLength(name) <= MAX_BYTES;
}

/** The parameter's file; undefined when no file can have this name. */
export function parameterFile(folder: string, key: ParameterKey): string | undefined {
  const path = pathWithoutSuffix(folder, key);
  return path && `${path}${SUFFIX}`;
}

/** The rejection note beside the parameter's file; undefined when no file can have this name. */
export function rejectionFile(folder: string, key: ParameterKey): string | undefined {
  const path = pathWithoutSuffix(folder, key);
  return path && `${path}.rejected.txt`;
}

/** The folder of a site's crons. */
export function cronsFolder(folder: string, site: string): string {
  // Not `join`, which takes long for each of many files.
  return `${folder}/${site}/crons`;
}

/** The uid of the cron in a file of this name; undefined if it contains no cron. */
export function uidOfFile(name: string): string | undefined {
  return name.endsWith(SUFFIX) && !name.startsWith('.') ? name.slice(0, -SUFFIX.length) : undefined;
}

/**
 * The parameters whose files exist, sorted by site and uid, a site's crontab first. A missing folder counts as empty.
 * Throws the error of the file system when a folder cannot be read.
 */
export function parameterKeys(
  folder: string,
  sites: readonly string[] = siteFolders(folder),
): ParameterKey[] {
  return sites.flatMap((site) => {
    const uids = names(cronsFolder(folder, site)).flatMap((name) => uidOfFile(name) ?? []);
    const crons = uids.sort().map((uid): ParameterKey => ({ site, uid }));
    return isThere(join(folder, site, `crontab${SUFFIX}`)) ? [{ site }, ...crons] : crons;
  });
}

/** The sorted names of the folders of sites. */
export function siteFolders(folder: string): string[] {
  return names(folder).sort();
}

/** Whether the error means that the path does not exist, or is not a file. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code);
}

function pathWithoutSuffix(folder: string, { site, uid }: ParameterKey): string | undefined {
  if (!isFileName(site)) return undefined;
  if (uid === undefined) return `${folder}/${site}/crontab`;
  return isFileName(uid) ? `${cronsFolder(folder, site)}/${uid}` : undefined;
}

/** Also a link that leads nowhere, because reading it reports why. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Its site is a file.
    return false;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
