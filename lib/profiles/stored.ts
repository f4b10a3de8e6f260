/**
 * A profile as it goes with a deployment, and as it is kept after it was applied: JSON of what was found valid, without
 * the places in its file. Two files that mean the same are the same text, whatever their format and comments.
 */
import type { JsonObject } from '../domain/cron.ts';
import { START } from './place.ts';
import type { Profile } from './profile.ts';

interface Stored {
  readonly settings: JsonObject;
  readonly whenAdded: JsonObject;
  readonly elements: readonly { readonly uid: string; readonly remove?: true; readonly given: JsonObject }[];
}

export function storedText({ settings, whenAdded, elements }: Profile): string {
  const stored: Stored = {
    settings,
    whenAdded,
    elements: elements.map(({ uid, remove, given }) =>
      remove ? { uid, remove, given: {} } : { uid, given },
    ),
  };
  return JSON.stringify(stored);
}

/** The profile of such a text. Trusts it: it is written by `storedText` alone. */
export function storedProfile(text: string): Profile {
  const { settings, whenAdded, elements }: Stored = JSON.parse(text);
  return {
    settings,
    settingsPlace: START,
    whenAdded,
    leftOut: [],
    elements: elements.map((element) => ({ remove: false, ...element, ...START, placeOf: () => START })),
  };
}
