/** What a profile wants in the end of each uid, whatever happened to it on the way through the file. */
import type { Profile, ProfileElement } from './profile.ts';

export type DesiredState =
  | { readonly kind: 'absent'; readonly element: ProfileElement }
  /** Added, or changed in what is given. */
  | { readonly kind: 'given'; readonly element: ProfileElement }
  /** Removed and then given anew: nothing of what stands is kept. */
  | { readonly kind: 'anew'; readonly element: ProfileElement };

/** By uid, in the order in which the file first names them. */
export function desiredState({ elements }: Profile): Map<string, DesiredState> {
  const wanted = new Map<string, DesiredState>();
  for (const element of elements) {
    const before = wanted.get(element.uid);
    if (element.remove) wanted.set(element.uid, { kind: 'absent', element });
    else wanted.set(element.uid, { kind: before?.kind === 'absent' ? 'anew' : 'given', element });
  }
  return wanted;
}
