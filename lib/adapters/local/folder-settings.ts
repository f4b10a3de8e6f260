/**
 * The settings of a local crontab, which all processes on its folder share: the hosts that `http` may call besides the public
 * ones, and how long run records are kept. `cloudtab allow` and `cloudtab start --retention` write them; users may, too.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunnerLimits } from '../../runners/limits.ts';
import { folderOf } from './folder.ts';

export interface FolderSettings {
  /** Hosts that are not public, as in `RunnerLimits`; none by default. */
  readonly allowedHosts: readonly string[];
  /** How long run records are kept, in days; 90 by default. */
  readonly retentionDays: number;
}

const DEFAULTS: FolderSettings = { allowedHosts: [], retentionDays: 90 };

/** Every host, with and without encryption. Addresses that are not public have to be named all the same. */
const PUBLIC_HOSTS = ['*:*', 'http://*:*'];

/** The defaults: runners may call every public host, the functions of the folder, and act as any user that they can. */
export const LOCAL_SETTINGS: { readonly limits: RunnerLimits; readonly retentionDays: number } = {
  limits: { allowedHosts: PUBLIC_HOSTS, allowedFunctions: ['*'], allowedUsers: ['*'] },
  retentionDays: DEFAULTS.retentionDays,
};

/** The longest retention of run records, in days. */
export const MAX_RETENTION_DAYS = 400;

/**
 * The limits of the folder's runners, as its settings are when they are asked for. `command` runs programs for the owner of
 * the folder alone, who writes the files that name the programs. `user` is the user id of this process.
 */
export function limitsOf(dir: string, user = process.getuid?.()): RunnerLimits {
  return {
    ...LOCAL_SETTINGS.limits,
    folder: dir,
    get allowCommands() {
      const stat = statSync(folderOf(dir).parameters, { throwIfNoEntry: false });
      return stat === undefined || stat.uid === user;
    },
    get allowedHosts() {
      return [...PUBLIC_HOSTS, ...readSettings(dir).allowedHosts];
    },
  };
}

/** The settings of the folder. One that is missing or damaged has its default. */
export function readSettings(dir: string): FolderSettings {
  const { allowedHosts, retentionDays } = storedSettings(dir);
  const isList = Array.isArray(allowedHosts) && allowedHosts.every((host) => typeof host === 'string');
  return {
    allowedHosts: isList ? allowedHosts : DEFAULTS.allowedHosts,
    retentionDays: isRetention(retentionDays) ? retentionDays : DEFAULTS.retentionDays,
  };
}

/** Changes these settings and keeps the others. A process that reads meanwhile sees all of them as before or as after. */
export function changeSettings(dir: string, changes: Partial<FolderSettings>): void {
  const { settings } = folderOf(dir);
  mkdirSync(dirname(settings), { recursive: true });
  const draft = `${settings}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...readSettings(dir), ...changes }, null, 2)}\n`);
  renameSync(draft, settings);
}

function storedSettings(dir: string): { readonly [name in keyof FolderSettings]?: unknown } {
  try {
    return { ...JSON.parse(readFileSync(folderOf(dir).settings, 'utf8')) };
  } catch {
    return {};
  }
}

function isRetention(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= MAX_RETENTION_DAYS;
}
