/** A clock for adapters that pause before they ask again: whoever waits is woken at once, and the time has come. */
import type { Clock } from '../../lib/ports/clock.ts';

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
    this.pauses.push(time - this.#now);
    this.#now = time;
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
}
