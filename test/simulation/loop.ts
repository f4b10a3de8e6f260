/**
 * Virtual time. Whatever waits does so here, in order of time, and what one moment sets in motion has come to rest
 * before the next moment is taken: so everything interleaves, always in the same way.
 */
import type { Clock } from '../../lib/ports/clock.ts';

interface Moment {
  readonly time: number;
  readonly order: number;
  act: (() => void) | undefined;
}

export class Loop implements Clock {
  #now: number;
  #order = 0;
  /** How many moments were taken. */
  taken = 0;
  /** A binary heap: the earliest first, equal times in the order of asking. */
  readonly #heap: Moment[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Calls back at the time, or now if it has passed, after what the present moment sets in motion. */
  wake(time: number, act: () => void): () => void {
    const moment: Moment = { time: Math.max(time, this.#now), order: this.#order++, act };
    this.#push(moment);
    return () => {
      moment.act = undefined;
    };
  }

  after(milliseconds: number, act: () => void): () => void {
    return this.wake(this.#now + milliseconds, act);
  }

  /** Takes all moments up to and including `end`; stops before when `goesOn` says so. */
  async reach(end: number, goesOn: () => boolean = () => true): Promise<void> {
    for (let next = this.#heap[0]; next && next.time <= end && goesOn(); next = this.#heap[0]) {
      this.#pop();
      const { act } = next;
      if (!act) continue;
      this.#now = next.time;
      this.taken += 1;
      act();
      await rest();
      // Whoever runs this (a test runner, a terminal) also wants to breathe.
      if (this.taken % 20_000 === 0) await new Promise(setImmediate);
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(moment: Moment): void {
    const heap = this.#heap;
    let index = heap.push(moment) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Moment;
      if (!isBefore(moment, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = moment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Moment;
    if (heap.length === 0) return;
    let index = 0;
    while (true) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Moment, heap[child] as Moment)) child += 1;
      const below = heap[child] as Moment;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Once no promise has anything left to do: a tick that is asked for by a microtask comes after all microtasks. */
function rest(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
