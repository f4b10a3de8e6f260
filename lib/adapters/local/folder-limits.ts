/**
 * The limits of the runners of a local crontab. `cloudtab start` writes them beside the crontab's state, so that other
 * commands validate edits with the same limits.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunnerLimits } from '../../runners/limits.ts';

/** The defaults: runners may call this computer and the functions of the folder. */
export const LOCAL_LIMITS: RunnerLimits = {
  allowedHosts: ['localhost:*', '127.0.0.1:*'],
  allowedFunctions: ['*'],
  allowedUsers: [],
};

/** The limits in the file; the defaults when it is missing or damaged. */
export function readLimits(file: string): RunnerLimits {
  try {
    const { allowedHosts }: Partial<RunnerLimits> = JSON.parse(readFileSync(file, 'utf8'));
    const isList = Array.isArray(allowedHosts) && allowedHosts.every((host) => typeof host === 'string');
    return isList ? { ...LOCAL_LIMITS, allowedHosts } : LOCAL_LIMITS;
  } catch {
    return LOCAL_LIMITS;
  }
}

export function writeLimits(file: string, limits: RunnerLimits): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ allowedHosts: limits.allowedHosts }));
}
