/** The planned times of one cron that have a run record, found by time: of one time each, or of a range. */
import { isForced } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';

export class RecordedTimes {
  /** By planned time, in the order in which they were written. */
  readonly #ofOneTime = new Map<number, RunRecord>();
  #ofRange: RunRecord[] = [];

  add(record: RunRecord): void {
    if (record.covers) this.#ofRange.push(record);
    else this.#ofOneTime.set(record.plannedAt, record);
  }

  /** Forgets the oldest ones, up to that time of their end. */
  forget(until: number): void {
    this.#ofRange = this.#ofRange.filter(({ endedAt }) => endedAt > until);
    for (const [plannedAt, { endedAt }] of this.#ofOneTime) {
      if (endedAt > until) break;
      this.#ofOneTime.delete(plannedAt);
    }
  }

  /** Whether the time has a record, or is in the range of one. */
  covers(time: number): boolean {
    return this.#at(time) !== undefined;
  }

  /** A record of a time that the given record covers as well. */
  overlapping(record: RunRecord): RunRecord | undefined {
    const { plannedAt, covers } = record;
    return covers ? this.#all.find((one) => overlaps(one, record)) : this.#at(plannedAt);
  }

  hasAfter(time: number): boolean {
    return this.#all.some(({ plannedAt }) => plannedAt > time);
  }

  #at(time: number): RunRecord | undefined {
    return this.#ofOneTime.get(time) ?? this.#ofRange.find((record) => coversTime(record, time));
  }

  get #all(): RunRecord[] {
    return [...this.#ofOneTime.values(), ...this.#ofRange];
  }
}

/** Whether the record is that of the planned time, or covers a range that includes it. */
export function coversTime(record: RunRecord, time: number): boolean {
  return !isForced(record) && firstTime(record) <= time && time <= record.plannedAt;
}

function overlaps(one: RunRecord, other: RunRecord): boolean {
  return firstTime(one) <= other.plannedAt && firstTime(other) <= one.plannedAt;
}

function firstTime({ plannedAt, covers }: RunRecord): number {
  return covers?.from ?? plannedAt;
}
