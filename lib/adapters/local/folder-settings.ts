/**
 * The settings of a local crontab that its processes share: the limits of the runners, and how long run records are kept.
 * `cloudtab start` writes them beside the crontab's state, so that other commands use the same.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunnerLimits } from '../../runners/limits.ts';

export interface FolderSettings {
  readonly limits: RunnerLimits;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
}

/** The defaults: runners may call this computer and the functions of the folder. */
export const LOCAL_SETTINGS: FolderSettings = {
  limits: { allowedHosts: ['localhost:*', '127.0.0.1:*'], allowedFunctions: ['*'], allowedUsers: [] },
  retentionDays: 90,
};

/** The longest retention of run records, in days. */
export const MAX_RETENTION_DAYS = 400;

/** The settings in the file. One that is missing or damaged has its default. */
export function readSettings(file: string): FolderSettings {
  const { allowedHosts, retentionDays } = storedSettings(file);
  const isList = Array.isArray(allowedHosts) && allowedHosts.every((host) => typeof host === 'string');
  return {
    limits: isList ? { ...LOCAL_SETTINGS.limits, allowedHosts } : LOCAL_SETTINGS.limits,
    retentionDays: isRetention(retentionDays) ? retentionDays : LOCAL_SETTINGS.retentionDays,
  };
}

export function writeSettings(file: string, { limits, retentionDays }: FolderSettings): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ allowedHosts: limits.allowedHosts, retentionDays }));
}

function storedSettings(file: string): { readonly allowedHosts?: unknown; readonly retentionDays?: unknown } {
  try {
    return { ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return {};
  }
}

function isRetention(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= MAX_RETENTION_DAYS;
}
