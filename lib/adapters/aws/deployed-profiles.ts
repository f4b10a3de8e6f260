/** The profiles of a deployment, in a file beside the setup Lambda's code. No SDK here: the stack writes the file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile, ProfileElement } from '../../app/profiles/profile.ts';
import { START } from '../../app/profiles/source-position.ts';

export const PROFILES_FILE = 'profiles.json';

/** By site. */
export type DeployedProfiles = Readonly<Record<string, Profile>>;

type StoredElement = Pick<ProfileElement, 'uid' | 'remove' | 'given'>;
type StoredProfile = Pick<Profile, 'settings' | 'whenAdded'> & {
  readonly elements: readonly StoredElement[];
};

/** The text of the file. Layout and comments of a profile are not part of it, so a change of them deploys nothing. */
export function profilesText(profiles: DeployedProfiles): string {
  const stored = Object.entries(profiles).map(([site, { settings, whenAdded, elements }]) => {
    const profile: StoredProfile = {
      settings,
      whenAdded,
      elements: elements.map(({ uid, remove, given }) => ({ uid, remove, given })),
    };
    return [site, profile];
  });
  return JSON.stringify(Object.fromEntries(stored));
}

/** The profiles in that folder; none when it has no such file. Trusts the file: `profilesText` writes it. */
export function readDeployedProfiles(folder: string): DeployedProfiles {
  const stored: Readonly<Record<string, StoredProfile>> = JSON.parse(textIn(folder));
  const profiles = Object.entries(stored).map(([site, profile]) => {
    const elements = profile.elements.map((element) => ({ ...element, ...START, placeOf: () => START }));
    return [site, { ...profile, elements, leftOut: [] }] as const;
  });
  return Object.fromEntries(profiles);
}

function textIn(folder: string): string {
  try {
    return readFileSync(join(folder, PROFILES_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  }
}
