/**
 * The settings of a local crontab, which all processes on its folder share: what runners may reach, which folder-limits.ts
 * reads, and how long run records are kept. `cloudtab allow` and `cloudtab start --retention` write them; users may, too.
 */
import { readFileSync } from 'node:fs';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import { folderOf } from './folder.ts';
import { writePrivate } from './private-file.ts';

export interface FolderSettings {
  /** What runners may reach, by site. Hosts are those besides the public ones. */
  readonly limits: LimitsBySite;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
}

/** How long run records are kept unless the settings of the folder say otherwise. */
export const DEFAULT_RETENTION_DAYS = 90;

/** The longest retention of run records, in days. */
export const MAX_RETENTION_DAYS = 400;

/** How long run records of the folder are kept, in days. A setting that is missing or not valid has its default. */
export function readRetention(dir: string): number {
  const { retentionDays } = storedSettings(dir);
  return isRetention(retentionDays) ? retentionDays : DEFAULT_RETENTION_DAYS;
}

/** The settings as the file has them, not validated. */
export function storedSettings(dir: string): { readonly [name in keyof FolderSettings]?: unknown } {
  try {
    return { ...JSON.parse(readFileSync(folderOf(dir).settings, 'utf8')) };
  } catch {
    return {};
  }
}

/** Changes these settings and keeps the others. A process that reads meanwhile sees all of them as before or as after. */
export function changeSettings(dir: string, changes: Partial<FolderSettings>): void {
  const { settings } = folderOf(dir);
  writePrivate(settings, `${JSON.stringify({ ...storedSettings(dir), ...changes }, null, 2)}\n`);
}

function isRetention(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= MAX_RETENTION_DAYS;
}
