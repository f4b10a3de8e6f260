/** Folders with many crons, for measurements. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderOf } from '../../lib/adapters/local/folder.ts';

/** Does the work in a new folder, and removes it. */
export async function inTempFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a crontab in UTC, and as many crons, into the parameters of a local crontab. */
export function writeCrons(dir: string, count: number, cron: { readonly [field: string]: unknown }): void {
  const site = join(folderOf(dir).parameters, 'default');
  mkdirSync(join(site, 'crons'), { recursive: true });
  writeFileSync(join(site, 'crontab.json'), '{"timezone": "UTC"}');
  for (let number = 0; number < count; number++) {
    const uid = `cron-${String(number).padStart(5, '0')}`;
    writeFileSync(join(site, 'crons', `${uid}.json`), JSON.stringify(cron));
  }
}
