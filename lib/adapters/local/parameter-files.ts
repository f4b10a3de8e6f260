/**
 * Where a parameter lies in a folder: `<site>/crontab.json` and `<site>/crons/<uid>.json`. Whatever else lies there is
 * not a parameter: hidden files, an editor's copies and swap files, the notes about rejections.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterKey } from '../../core/domain/names.ts';

const SUFFIX = '.json';

/** Leaves room in the 255 bytes of a file's name for what is put before and after. */
const MAX_BYTES = 200;

/** Whether a site or uid can be the name of a file that is taken for a parameter. */
export function isFileName(name: string): boolean {
  return /^[^./\\\0][^/\\\0]*$/.test(name) && Buffer.byteLength(name) <= MAX_BYTES;
}

/** The parameter's file; nothing when no file can have that name. */
export function parameterFile(folder: string, key: ParameterKey): string | undefined {
  const path = pathWithoutSuffix(folder, key);
  return path && `${path}${SUFFIX}`;
}

/** The note beside the parameter that says why it was rejected; nothing when no file can have that name. */
export function rejectionFile(folder: string, key: ParameterKey): string | undefined {
  const path = pathWithoutSuffix(folder, key);
  return path && `${path}.rejected.txt`;
}

/**
 * The parameters whose files are there now, sorted by site and uid, a site's crontab first. A folder that is not there
 * is empty. Throws what the file system throws when it cannot be read.
 */
export function parameterKeys(folder: string): ParameterKey[] {
  return names(folder).flatMap((site) => {
    const uids = names(join(folder, site, 'crons')).filter((name) => name.endsWith(SUFFIX));
    const crons = uids.map((name): ParameterKey => ({ site, uid: name.slice(0, -SUFFIX.length) }));
    const hasCrontab = names(join(folder, site)).includes(`crontab${SUFFIX}`);
    return hasCrontab ? [{ site }, ...crons.sort(byUid)] : crons.sort(byUid);
  });
}

/** Whether the error says that there is no such file, or that it is something else than a file. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code);
}

function pathWithoutSuffix(folder: string, { site, uid }: ParameterKey): string | undefined {
  if (!isFileName(site)) return undefined;
  if (uid === undefined) return join(folder, site, 'crontab');
  return isFileName(uid) ? join(folder, site, 'crons', uid) : undefined;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

function byUid(a: ParameterKey, b: ParameterKey): number {
  return (a.uid ?? '') < (b.uid ?? '') ? -1 : 1;
}
