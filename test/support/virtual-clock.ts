/**
 * A clock that stands still until a test moves it. What a wake starts has ended before the clock goes on, as long as
 * it waits for promises, SQLite or other wakes only; a test that waits for a socket waits for it itself.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../lib/ports/clock.ts';

interface Wake {
  readonly time: number;
  readonly callback: () => void;
}

export class VirtualClock implements Clock {
  #now: number;
  /** Sorted by time; equal times in the order of asking. */
  readonly #wakes: Wake[] = [];

  /** Starts at that time, in epoch milliseconds. */
  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** A time that has passed calls back without a test moving the clock, after the caller's own step. */
  wake(time: number, callback: () => void): () => void {
    const wake = { time, callback };
    const after = this.#wakes.findIndex((other) => other.time > time);
    this.#wakes.splice(after === -1 ? this.#wakes.length : after, 0, wake);
    if (time <= this.#now) setImmediate(() => this.#take(wake)?.callback());
    return () => {
      this.#take(wake);
    };
  }

  /** How many wakes are to come: a test that closed everything expects 0. */
  get waiting(): number {
    return this.#wakes.length;
  }

  /** Goes on by that many milliseconds: see `advanceTo`. */
  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.#now + ms);
  }

  /**
   * Goes on to that time. Wakes up to and including it come in the order of their times, also those that are asked for
   * on the way, each at its own time and after what the one before it started has ended.
   */
  async advanceTo(time: number): Promise<void> {
    await settled();
    for (let next = this.#wakes[0]; next && next.time <= time; next = this.#wakes[0]) {
      this.#now = Math.max(this.#now, next.time);
      this.#take(next);
      next.callback();
      await settled();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Sets the clock, back or forth, as a person or a time server does: nothing is called until it is advanced. */
  set(time: number): void {
    this.#now = time;
  }

  #take(wake: Wake): Wake | undefined {
    const index = this.#wakes.indexOf(wake);
    return index === -1 ? undefined : this.#wakes.splice(index, 1)[0];
  }
}

/** Two turns of the event loop: promises that wait for promises end in the first, what they put off in the second. */
async function settled(): Promise<void> {
  await turn();
  await turn();
}
