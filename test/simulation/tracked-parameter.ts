/**
 * The oracle's knowledge of one parameter: what the user intended, what the table shows, and since when both agree. It
 * observes writes only and reads nothing that the handlers compute.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Parameter } from '../../lib/core/ports/registry.ts';
import type { AnyProjection } from '../../lib/core/ports/store.ts';
import { DAY, MINUTE } from './durations.ts';
import type { Row } from './memory-store.ts';

/** A valid version that was written to the registry. */
export interface IntendedVersion<Intent> {
  readonly intent: Intent;
  writtenAt: number;
  /** Its time of modification in the registry, which never goes back. */
  readonly modified: number;
  /** The number of the edit; several edits can happen within a millisecond. */
  readonly edit: number;
  /** When its successor was in the table. */
  replacedAt?: number | undefined;
}

/** An upper bound of the time from reading a parameter to writing its projection. */
const MAX_PROJECTION_DELAY = 8 * MINUTE;

/** The version in the table, by its time of modification; undefined when there is none. */
export function projectedVersion({ projection }: Row): number | undefined {
  return projection?.removedAt === undefined ? projection?.modified : undefined;
}

export class TrackedParameter<Intent> {
  readonly key: ParameterKey;
  /** The registry's version; it has no intent when it is invalid. */
  current: { readonly modified: number; readonly version: number; readonly intent?: Intent } | undefined;
  /** The last valid version that the system projected since it last projected the parameter's absence. */
  accepted: Intent | undefined;
  lastEditAt = Number.NEGATIVE_INFINITY;
  /** When the event of an edit was lost; minus infinity once a resync has repaired that. */
  eventLostAt = Number.NEGATIVE_INFINITY;
  /** When its label could not be changed; minus infinity once a resync has repaired that. */
  labelFailedAt = Number.NEGATIVE_INFINITY;
  /** Since when the table agrees with the registry; undefined while it does not. */
  settledSince: number | undefined = Number.NEGATIVE_INFINITY;
  versions: IntendedVersion<Intent>[] = [];
  #edits = 0;
  /** The edits that were removals, after which earlier versions no longer count. */
  readonly #removals: number[] = [];
  /** The number of the edit by its time of modification. */
  readonly #editOf = new Map<number, number>();
  #replaced: { readonly intent: Intent | undefined; readonly plannedAt: number } = {
    intent: undefined,
    plannedAt: 0,
  };

  constructor(key: ParameterKey) {
    this.key = key;
  }

  /** The intent that should be in force: the current version or, when that is invalid, the last accepted one. */
  get inForce(): Intent | undefined {
    return this.current && (this.current.intent ?? this.accepted);
  }

  /** The intent that was in force at a time of the last day, since the parameter was last removed. */
  intentAt(time: number): Intent | undefined {
    const removal = this.#removals.at(-1) ?? 0;
    return this.versions.findLast((one) => one.edit > removal && one.modified <= time)?.intent;
  }

  edited(now: number, parameter: Parameter | undefined, intent: Intent | undefined): void {
    const edit = ++this.#edits;
    const { modified = 0, version = 0 } = parameter ?? {};
    if (intent) this.versions.push({ intent, writtenAt: now, modified, edit });
    if (parameter) this.#editOf.set(parameter.modified, edit);
    else this.#removals.push(edit);
    this.versions = this.versions.filter(({ replacedAt = now }) => replacedAt > now - 2 * DAY);
    this.current = parameter && { modified, version, ...(intent && { intent }) };
    this.lastEditAt = now;
  }

  /** Observes a projection. `matches` compares its value with an intent. Returns whether the value is legitimate. */
  projected(
    now: number,
    projection: AnyProjection,
    intentOf: (modified: number) => Intent | undefined,
    matches: (intent: Intent | undefined) => boolean,
  ): boolean {
    if (projection.removedAt !== undefined) {
      this.#replaced = { intent: this.accepted, plannedAt: now };
      this.accepted = undefined;
    } else if (!projection.problems) {
      this.#replaced = { intent: this.accepted, plannedAt: now };
      this.accepted = intentOf(projection.modified);
    } else if (matches(this.#lastValidBefore(projection.modified))) {
      this.accepted = this.#lastValidBefore(projection.modified);
    } else if (
      !matches(this.accepted) &&
      this.#replaced.plannedAt > now - MAX_PROJECTION_DELAY &&
      matches(this.#replaced.intent)
    ) {
      // A slow process read the invalid version and the valid one in force before the latter was removed or replaced.
      this.accepted = this.#replaced.intent;
    }
    return matches(this.accepted);
  }

  /** The latest valid version before that edit and after the last removal, whether or not it was ever projected. */
  #lastValidBefore(modified: number): Intent | undefined {
    const edit = this.#editOf.get(modified) ?? 0;
    const removal = this.#removals.findLast((removed) => removed < edit) ?? 0;
    return this.versions.findLast((version) => version.edit < edit && version.edit > removal)?.intent;
  }

  /** Must be called whenever the parameter or its row has changed. */
  rowChanged(now: number, row: Row): void {
    const projected = projectedVersion(row);
    if (projected !== this.current?.modified) {
      this.settledSince = undefined;
      this.#projectedAgain(projected);
      return;
    }
    this.settledSince ??= now;
    for (const version of this.versions) {
      version.replacedAt = version.intent === this.inForce ? undefined : (version.replacedAt ?? now);
    }
  }

  /** A slow process may project a version that was replaced before, while its removal was settled. */
  #projectedAgain(modified: number | undefined): void {
    const edit = modified === undefined ? undefined : this.#editOf.get(modified);
    for (const version of this.versions) if (version.edit === edit) version.replacedAt = undefined;
  }

  /** Nothing was written after `now`. */
  clockSetBack(now: number): void {
    for (const version of this.versions) version.writtenAt = Math.min(version.writtenAt, now);
    if (this.settledSince !== undefined) this.settledSince = Math.min(this.settledSince, now);
    this.lastEditAt = Math.min(this.lastEditAt, now);
    this.eventLostAt = Math.min(this.eventLostAt, now);
    this.labelFailedAt = Math.min(this.labelFailedAt, now);
  }

  isSettledFor(milliseconds: number, now: number): boolean {
    return this.settledSince !== undefined && this.settledSince <= now - milliseconds;
  }
}
