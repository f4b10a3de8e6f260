/** A folder whose catalogue has been published: every runner that is not built in is unknown there. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { tempFolder } from './temp-folder.ts';

export function knownFolder(): string {
  const dir = tempFolder();
  const { catalogue } = folderOf(dir);
  mkdirSync(dirname(catalogue), { recursive: true, mode: 0o700 });
  writeFileSync(catalogue, JSON.stringify({ runners: [], limits: {} }));
  return dir;
}
