/**
 * The files of runners in a folder. `<name>.ts` is the runner of that name for all sites; `<site>/<name>.ts` belongs to one
 * site, where it takes the place of a runner of that name for all. runner-module.ts finds the class that a file exports.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SITE } from '../core/domain/names.ts';

/** A name of letters, digits, "_" and "-", so that `my-job.test.ts`, `types.d.ts` and `_shared.ts` are no runners. */
const FILE = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.(?:ts|mts|js|mjs)$/;

export interface RunnerFile {
  readonly name: string;
  /** The only site that has it. Default: all sites. */
  readonly site?: string;
  /** Absolute path. */
  readonly file: string;
}

/** Sorted by name. A folder that does not exist has none. Of a name in two formats, the TypeScript file counts. */
export function runnerFiles(folder: string): RunnerFile[] {
  const path = resolve(folder);
  const entries = entriesOf(path);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  const sites = folders.filter((entry) => !FILE.test(entry.name) && SITE.test(entry.name));
  const files = [
    ...filesIn(path, entries),
    ...sites.flatMap(({ name: site }) =>
      filesIn(join(path, site), entriesOf(join(path, site))).map((one) => ({ ...one, site })),
    ),
  ];
  const byKey = new Map(files.map((one) => [runnerKey(one), one]));
  return [...byKey.values()].sort((a, b) => (runnerKey(a) < runnerKey(b) ? -1 : 1));
}

/** Identifies a runner: its name, or `<site>/<name>` for one site alone. */
export function runnerKey({ name, site }: Pick<RunnerFile, 'name' | 'site'>): string {
  return site === undefined ? name : `${site}/${name}`;
}

function filesIn(folder: string, entries: readonly Dirent[]): RunnerFile[] {
  return entries
    .map((entry) => entry.name)
    .sort()
    .flatMap((file) => {
      const [, name] = FILE.exec(file) ?? [];
      return name === undefined ? [] : [{ name, file: join(folder, file) }];
    });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
