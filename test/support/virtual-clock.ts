/**
 * A clock that moves only when a test advances it. The work that a wake starts ends before the clock advances further,
 * as long as it awaits only promises, SQLite or other wakes; a test has to await sockets itself.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../lib/core/ports/clock.ts';

interface Wake {
  /** Moves with the clock if it is the end of a period. */
  time: number;
  readonly isPeriod: boolean;
  readonly callback: () => void;
}

export class VirtualClock implements Clock {
  #now: number;
  /** Sorted by time; equal times in the order of registration. */
  readonly #wakes: Wake[] = [];

  /** `startMs` is in epoch milliseconds. */
  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** A past time calls back without an advance, after the current step of the caller. */
  wake(time: number, callback: () => void): () => void {
    return this.#register({ time, isPeriod: false, callback });
  }

  after(milliseconds: number, callback: () => void): () => void {
    return this.#register({ time: this.#now + milliseconds, isPeriod: true, callback });
  }

  #register(wake: Wake): () => void {
    const { time } = wake;
    const after = this.#wakes.findIndex((other) => other.time > time);
    this.#wakes.splice(after === -1 ? this.#wakes.length : after, 0, wake);
    if (time <= this.#now) setImmediate(() => this.#take(wake)?.callback());
    return () => {
      this.#take(wake);
    };
  }

  /** The number of pending wakes: 0 after everything was closed. */
  get waiting(): number {
    return this.#wakes.length;
  }

  /** Advances by that many milliseconds: see `advanceTo`. */
  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.#now + ms);
  }

  /**
   * Advances to that time. Calls the wakes up to and including it in the order of their times, also those that are
   * registered meanwhile, each at its own time and after the work of the previous one has ended.
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

  /** Sets the clock back or forward, as a time server does; calls nothing until the clock is advanced. */
  set(time: number): void {
    for (const wake of this.#wakes) if (wake.isPeriod) wake.time += time - this.#now;
    this.#wakes.sort((a, b) => a.time - b.time);
    this.#now = time;
  }

  #take(wake: Wake): Wake | undefined {
    const index = this.#wakes.indexOf(wake);
    return index === -1 ? undefined : this.#wakes.splice(index, 1)[0];
  }
}

/**
 * Turns of the event loop: chains of promises end in the first, and what they deferred, such as a transaction, in the next,
 * which may begin another chain.
 */
async function settled(): Promise<void> {
  await turn();
  do await turn();
  while (process.getActiveResourcesInfo().includes('Immediate'));
}
