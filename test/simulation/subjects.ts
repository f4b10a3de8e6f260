/**
 * What the judge knows of each parameter: what the person meant, what the table shows, and since when both agree. It
 * takes notice of writes only; it reads nothing of what the handlers compute.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { DAY, MINUTE } from './definition.ts';
import type { AnyProjection, Row } from './memory-store.ts';

/** A version that was in the registry, as it was meant. */
export interface Version<Meaning> {
  readonly meaning: Meaning;
  readonly from: number;
  /** Which edit of the parameter it was: several may happen within a millisecond. */
  readonly edit: number;
  /** When the system had followed whatever came in its place. */
  gone?: number | undefined;
}

/** Longer than anybody takes from reading a parameter to writing its projection. */
const SLOWEST = 8 * MINUTE;

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
  #edits = 0;
  /** Which edits were removals: what stood before is forgotten. */
  readonly #removals: number[] = [];
  /** Which edit led to what is known by that time of modification. */
  readonly #editOf = new Map<number, number>();
  #replaced: { readonly meaning: Meaning | undefined; readonly at: number } = { meaning: undefined, at: 0 };

  constructor(key: ParameterKey) {
    this.key = key;
  }

  /** What should hold: the version that stands, if it is good; otherwise the last good one that was seen. */
  get inForce(): Meaning | undefined {
    return this.present && (this.present.meaning ?? this.accepted);
  }

  edited(now: number, parameter: Parameter | undefined, meaning: Meaning | undefined): void {
    const edit = ++this.#edits;
    if (meaning) this.versions.push({ meaning, from: now, edit });
    if (parameter) this.#editOf.set(parameter.modified, edit);
    else this.#removals.push(edit);
    this.versions = this.versions.filter(({ gone = now }) => gone > now - 2 * DAY);
    const { modified = 0, version = 0 } = parameter ?? {};
    this.present = parameter && { modified, version, ...(meaning && { meaning }) };
    this.lastEdit = now;
  }

  /** Takes notice of a projection. `fits` says whether its value is that meaning; the answer, whether one fits. */
  projected(
    now: number,
    projection: AnyProjection,
    meaningOf: (modified: number) => Meaning | undefined,
    fits: (meaning: Meaning | undefined) => boolean,
  ): boolean {
    if (projection.removed) {
      this.#replaced = { meaning: this.accepted, at: now };
      this.accepted = undefined;
    } else if (!projection.problems) {
      this.#replaced = { meaning: this.accepted, at: now };
      this.accepted = meaningOf(projection.modified);
    } else if (fits(this.#lastGoodBefore(projection.modified))) {
      this.accepted = this.#lastGoodBefore(projection.modified);
    } else if (!fits(this.accepted) && this.#replaced.at > now - SLOWEST && fits(this.#replaced.meaning)) {
      // Somebody read a bad version, and what was good, before the latter was removed or replaced, and writes only now.
      this.accepted = this.#replaced.meaning;
    }
    return fits(this.accepted);
  }

  /** The latest good version of the same parameter that was written before that one, noticed or not. */
  #lastGoodBefore(modified: number): Meaning | undefined {
    const before = this.#editOf.get(modified) ?? 0;
    const since = this.#removals.findLast((removed) => removed < before) ?? 0;
    return this.versions.findLast(({ edit }) => edit < before && edit > since)?.meaning;
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
    for (const version of this.versions) {
      version.gone = version.meaning === this.inForce ? undefined : (version.gone ?? now);
    }
  }

  isSettledFor(now: number, milliseconds: number): boolean {
    return this.settledSince !== undefined && this.settledSince <= now - milliseconds;
  }
}
