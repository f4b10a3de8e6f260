/** The text format of a deployment's profiles, which the stack writes and the setup Lambda parses. */
import type { Profile, ProfileElement } from './profile.ts';
import { START } from './source-position.ts';

/** By site. */
export type DeployedProfiles = Readonly<Record<string, Profile>>;

type StoredElement = Pick<ProfileElement, 'uid' | 'remove' | 'given'>;
type StoredProfile = Pick<Profile, 'settings' | 'whenAdded'> & {
  readonly elements: readonly StoredElement[];
};

/** Profiles with the same content have the same text, so a change of layout or comments deploys nothing. */
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

/** Parses text of `profilesText`, and does not validate it. All positions are the start of the file. */
export function parseProfilesText(text: string): DeployedProfiles {
  const stored: Readonly<Record<string, StoredProfile>> = JSON.parse(text);
  const profiles = Object.entries(stored).map(([site, profile]) => {
    const elements = profile.elements.map((element) => ({ ...element, ...START, positionOf: () => START }));
    return [site, { ...profile, elements, leftOut: [], notes: [] }] as const;
  });
  return Object.fromEntries(profiles);
}
