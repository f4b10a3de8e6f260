/** What the runners of a folder may reach, as its settings have it. */
import { changeSettings } from '../adapters/local/folder-settings.ts';
import type { LimitsBySite } from '../core/domain/site-limits.ts';

export { readFolderLimits as readLimits } from '../adapters/local/folder-limits.ts';

/** A scheduler that runs follows within a second. Throws ConfigurationError if the file cannot be written. */
export function writeLimits(dir: string, limits: LimitsBySite): void {
  changeSettings(dir, { limits });
}
