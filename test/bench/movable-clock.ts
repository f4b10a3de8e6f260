import type { Clock } from '../../lib/core/ports/clock.ts';

/** A clock that runs as fast as real time, from a time that can be moved forward. */
export class MovableClock implements Clock {
  #offset: number;
  readonly #waits = new Set<() => void>();

  constructor(start: number) {
    this.#offset = start - performance.now();
  }

  now(): number {
    return Math.floor(performance.now() + this.#offset);
  }

  wake(time: number, callback: () => void): () => void {
    let timeout: NodeJS.Timeout | undefined;
    const wait = () => {
      clearTimeout(timeout);
      timeout = setTimeout(check, Math.max(time - this.now(), 0));
    };
    const check = () => {
      if (this.now() < time) return wait();
      this.#waits.delete(wait);
      callback();
    };
    this.#waits.add(wait);
    wait();
    return () => {
      this.#waits.delete(wait);
      clearTimeout(timeout);
    };
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timeout = setTimeout(callback, milliseconds);
    return () => clearTimeout(timeout);
  }

  moveTo(time: number): void {
    this.#offset += time - this.now();
    for (const wait of [...this.#waits]) wait();
  }
}
