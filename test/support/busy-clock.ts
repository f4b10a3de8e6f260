/** A clock for adapters that pause before a retry: it jumps to the end of each pause at once. */
import type { Clock } from '../../lib/core/ports/clock.ts';

export class BusyClock implements Clock {
  /** How long each pause was, in milliseconds. */
  readonly pauses: number[] = [];
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wake(time: number, callback: () => void): () => void {
    return this.after(time - this.#now, callback);
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.pauses.push(milliseconds);
    this.#now += milliseconds;
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
}
