/** What the runners of a folder may reach, as its settings have it. */
import { readFolderLimits } from '../adapters/local/folder-limits.ts';
import { changeSettings } from '../adapters/local/folder-settings.ts';
import type { LimitsBySite } from '../core/domain/site-limits.ts';

/** The limits, and the problems of what is stored. */
export function readLimits(dir: string): ReturnType<typeof readFolderLimits> {
  return readFolderLimits(dir);
}

/** A scheduler that runs follows within a second. Throws ConfigurationError if the file cannot be written. */
export function writeLimits(dir: string, limits: LimitsBySite): void {
  changeSettings(dir, { limits });
}
