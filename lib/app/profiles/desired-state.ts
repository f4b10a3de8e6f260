/** The final state of each uid in a profile, in which a uid may be removed and added again. */
import type { Profile, ProfileElement } from './profile.ts';

export type DesiredState =
  | { readonly kind: 'absent'; readonly element: ProfileElement }
  /** Added, or changed in the given fields. */
  | { readonly kind: 'given'; readonly element: ProfileElement }
  /** Removed and then added again: no current field is kept. */
  | { readonly kind: 'replaced'; readonly element: ProfileElement };

/** By uid, in the order in which the file first names them. */
export function desiredState({ elements }: Profile): Map<string, DesiredState> {
  const states = new Map<string, DesiredState>();
  for (const element of elements) {
    const added = states.get(element.uid)?.kind === 'absent' ? 'replaced' : 'given';
    states.set(element.uid, { kind: element.remove ? 'absent' : added, element });
  }
  return states;
}
