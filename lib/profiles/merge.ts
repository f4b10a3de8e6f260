/**
 * What a deployment applies of its profile: only what the profile itself changed since it was applied last. What people
 * changed meanwhile stays, unless the profile changed the same; then the profile's version wins, and the history of the
 * parameter shows both.
 */
import type { JsonObject } from '../domain/cron.ts';
import { sameJson } from '../domain/same-json.ts';
import type { Profile, ProfileElement } from './profile.ts';
import type { SiteNow } from './site-now.ts';
import { type Wanted, wantedOf } from './wanted.ts';

export interface Merged {
  /** Planned and applied like every profile. */
  readonly profile: Profile;
  /** Uids that people removed, and of which the profile says too little to add them again. */
  readonly skipped: readonly string[];
}

/**
 * `last` is what was applied last; nothing: all of `next` is new. An element or a field that `next` does not have any
 * more is left as it is, as in any profile: what is absent is not spoken of.
 */
export function newSince(last: Profile | undefined, next: Profile, site: Pick<SiteNow, 'crons'>): Merged {
  const known = last ? wantedOf(last) : new Map<string, Wanted>();
  const elements: ProfileElement[] = [];
  const skipped: string[] = [];
  for (const [uid, wanted] of wantedOf(next)) {
    const news = newsOf(known.get(uid), wanted);
    if (!news) continue;
    if (news === wanted || site.crons.has(uid)) elements.push(...elementsOf(news));
    else if (isWhole(wanted.element.given)) elements.push(wanted.element);
    else skipped.push(uid);
  }
  const settings = changedFields(last?.settings ?? {}, next.settings);
  return { profile: { ...next, elements, settings }, skipped };
}

/** What is new of it: all, some of its fields, or nothing. */
function newsOf(before: Wanted | undefined, wanted: Wanted): Wanted | undefined {
  if (!before || before.kind !== wanted.kind) return wanted;
  if (wanted.kind === 'absent') return undefined;
  const { element } = wanted;
  const given = changedFields(before.element.given, element.given);
  const isSame = Object.keys(given).length === 0;
  if (wanted.kind === 'given') return isSame ? undefined : { kind: 'given', element: { ...element, given } };
  // Given anew: also a field that is not there any more is a change, since it goes to its default.
  return isSame && sameJson(before.element.given, element.given) ? undefined : wanted;
}

function elementsOf({ kind, element }: Wanted): ProfileElement[] {
  return kind === 'anew' ? [{ ...element, remove: true }, element] : [element];
}

function isWhole(given: JsonObject): boolean {
  return 'name' in given && 'periodicity' in given;
}

function changedFields(before: JsonObject, after: JsonObject): JsonObject {
  const changed = Object.entries(after).filter(([field, value]) => !sameJson(before[field], value));
  return Object.fromEntries(changed);
}
