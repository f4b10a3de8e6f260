/** What the runners of a folder may reach: by its settings, and by its owner. */
import { statSync } from 'node:fs';
import type { Problem } from '../../core/domain/problem.ts';
import type { LimitsBySite, SiteLimits } from '../../core/domain/site-limits.ts';
import { readLimits } from '../../runners/limit-problems.ts';
import { ALL_SITES, type TargetLimits } from '../../runners/limits.ts';
import { folderOf } from './folder.ts';
import { storedSettings } from './folder-settings.ts';

/** Every host, with and without encryption. Addresses that are not public have to be named all the same. */
const PUBLIC_HOSTS = ['*:*', 'http://*:*'];

/** What all sites may reach besides public hosts, where the settings name nothing else. */
const ALL_ALLOWED: Required<SiteLimits> = {
  allowedHosts: [],
  allowedFunctions: ['*'],
  allowedUsers: ['*'],
  allowCommands: true,
};

/** What all sites may reach when the settings are not valid: a mistake must not make limits wider than they were. */
const NOTHING: Required<SiteLimits> = {
  allowedHosts: [],
  allowedFunctions: [],
  allowedUsers: [],
  allowCommands: false,
};

type FolderLimits = LimitsBySite & { readonly [ALL_SITES]: Required<SiteLimits> };

/**
 * The limits of the folder's runners, as its settings are when they are asked for. `command` runs programs for the owner of
 * the folder alone, who writes the files that name the programs. `user` is the user id of this process.
 */
export function folderLimits(dir: string, user = process.getuid?.()): TargetLimits {
  return {
    folder: dir,
    get bySite() {
      const { limits } = readFolderLimits(dir);
      const all = limits[ALL_SITES];
      return { ...limits, [ALL_SITES]: { ...all, allowedHosts: [...PUBLIC_HOSTS, ...all.allowedHosts] } };
    },
    get noCommands() {
      const stat = statSync(folderOf(dir).parameters, { throwIfNoEntry: false });
      return stat === undefined || stat.uid === user
        ? undefined
        : `The folder ${dir} belongs to another user, and commands run for the owner of the folder alone. Run cloudtab as that user, or give the folder to this one with chown.`;
    },
  };
}

/** The limits in the settings, besides public hosts, and their problems. Settings with a problem allow nothing. */
export function readFolderLimits(dir: string): {
  readonly limits: FolderLimits;
  readonly problems: readonly Problem[];
} {
  const { limits, problems } = readLimits(storedSettings(dir).limits ?? {});
  if (problems.length > 0) return { limits: { [ALL_SITES]: NOTHING }, problems };
  return { limits: { ...limits, [ALL_SITES]: { ...ALL_ALLOWED, ...limits[ALL_SITES] } }, problems };
}
