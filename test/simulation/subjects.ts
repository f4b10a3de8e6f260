/**
 * What the judge knows of each parameter: what the person meant, what the table shows, and since when both agree. It
 * takes notice of writes only; it reads nothing of what the handlers compute.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { DAY } from './definition.ts';
import type { AnyProjection, Row } from './memory-store.ts';

/** A version that was in the registry, as it was meant. */
export interface Version<Meaning> {
  readonly meaning: Meaning;
  readonly from: number;
  /** When the person replaced or removed it. */
  to?: number;
  /** When the system had followed that. */
  gone?: number;
}

export class Subject<Meaning> {
  readonly key: ParameterKey;
  /** What stands in the registry; without a meaning when it is not valid. */
  present: { readonly modified: number; readonly version: number; readonly meaning?: Meaning } | undefined;
  /** The last good version that the system took notice of since the parameter was last seen absent. */
  accepted: Meaning | undefined;
  lastEdit = Number.NEGATIVE_INFINITY;
  /** When news of an edit was lost that nobody has made up for. */
  newsLost = Number.NEGATIVE_INFINITY;
  /** Since when the table agrees with the registry, and the timers are said to follow. */
  settledSince: number | undefined = Number.NEGATIVE_INFINITY;
  versions: Version<Meaning>[] = [];

  constructor(key: ParameterKey) {
    this.key = key;
  }

  /** What should hold: the version that stands, if it is good; otherwise the last good one that was seen. */
  get inForce(): Meaning | undefined {
    return this.present && (this.present.meaning ?? this.accepted);
  }

  edited(now: number, parameter: Parameter | undefined, meaning: Meaning | undefined): void {
    const last = this.versions.at(-1);
    // What is not valid replaces nothing.
    if (last && last.to === undefined && (meaning || !parameter)) last.to = now;
    if (meaning) this.versions.push({ meaning, from: now });
    this.versions = this.versions.filter(({ gone = now }) => gone > now - 2 * DAY);
    const { modified = 0, version = 0 } = parameter ?? {};
    this.present = parameter && { modified, version, ...(meaning && { meaning }) };
    this.lastEdit = now;
  }

  /** What the projection should have for its value. */
  projected(projection: AnyProjection, meaningOf: (modified: number) => Meaning | undefined): Meaning | undefined {
    if (projection.removed) this.accepted = undefined;
    else if (!projection.problems) this.accepted = meaningOf(projection.modified);
    return this.accepted;
  }

  /** To be told whenever the parameter or its row changed. */
  follow(now: number, row: Row): void {
    const { projection, unsettled } = row;
    const shown = projection?.removed ? undefined : projection?.modified;
    const isSettled = shown === this.present?.modified && unsettled === undefined;
    if (!isSettled) {
      this.settledSince = undefined;
      return;
    }
    this.settledSince ??= now;
    for (const version of this.versions) if (version.to !== undefined) version.gone ??= now;
  }

  isSettledFor(now: number, milliseconds: number): boolean {
    return this.settledSince !== undefined && this.settledSince <= now - milliseconds;
  }
}
