/**
 * What the crontab of a folder allows its runners, kept beside its state: whoever keeps it running says so at the start,
 * and every other command judges edits by the same.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunnerLimits } from '../../runners/limits.ts';

/** What holds when nobody said otherwise: a laptop may call itself, and the functions of its folder. */
export const LOCAL_LIMITS: RunnerLimits = {
  allowedHosts: ['localhost:*', '127.0.0.1:*'],
  allowedFunctions: ['*'],
  allowedUsers: [],
};

/** The limits that were written last; the default ones when there are none. */
export function readLimits(file: string): RunnerLimits {
  try {
    const { allowedHosts }: Partial<RunnerLimits> = JSON.parse(readFileSync(file, 'utf8'));
    const isList = Array.isArray(allowedHosts) && allowedHosts.every((host) => typeof host === 'string');
    return isList ? { ...LOCAL_LIMITS, allowedHosts } : LOCAL_LIMITS;
  } catch {
    return LOCAL_LIMITS;
  }
}

/** Keeps them for those who come later. */
export function writeLimits(file: string, limits: RunnerLimits): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ allowedHosts: limits.allowedHosts }));
}
