/** The final state of each uid in a profile, in which a uid may be removed and added again. */
import type { Profile, ProfileElement } from './profile.ts';

export interface DesiredState {
  /** `given`: added, or changed in the given fields; `replaced`: removed and then added again, so that no current field is kept. */
  readonly kind: 'absent' | 'given' | 'replaced';
  readonly element: ProfileElement;
}

/** By uid, in the order in which the file first names them. */
export function desiredState({ elements }: Profile): Map<string, DesiredState> {
  const states = new Map<string, DesiredState>();
  for (const element of elements) {
    const added = states.get(element.uid)?.kind === 'absent' ? 'replaced' : 'given';
    states.set(element.uid, { kind: element.remove ? 'absent' : added, element });
  }
  return states;
}
