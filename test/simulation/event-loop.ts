/**
 * The event loop of the simulation, with virtual time. It takes the next event only after all promises of the previous
 * event have settled or wait for a later event, so processes interleave, and always in the same way.
 */
import type { Clock } from '../../lib/core/ports/clock.ts';

interface ScheduledEvent {
  readonly time: number;
  readonly order: number;
  act: (() => void) | undefined;
}

export class EventLoop implements Clock {
  #now: number;
  #order = 0;
  processedEvents = 0;
  /** A binary heap: the earliest first, equal times in the order of scheduling. */
  readonly #heap: ScheduledEvent[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Schedules an event for `time`, or for now if that has passed. Returns a function that cancels it. */
  wake(time: number, act: () => void): () => void {
    const event: ScheduledEvent = { time: Math.max(time, this.#now), order: this.#order++, act };
    this.#push(event);
    return () => {
      event.act = undefined;
    };
  }

  after(milliseconds: number, act: () => void): () => void {
    return this.wake(this.#now + milliseconds, act);
  }

  /** Processes all events up to and including `end`, as long as `shouldContinue` returns true. */
  async runUntil(end: number, shouldContinue: () => boolean = () => true): Promise<void> {
    for (let next = this.#heap[0]; next && next.time <= end && shouldContinue(); next = this.#heap[0]) {
      this.#pop();
      const { act } = next;
      if (!act) continue;
      this.#now = next.time;
      this.processedEvents += 1;
      act();
      await settled();
      // Lets the test runner's timers and the terminal's output proceed.
      if (this.processedEvents % 20_000 === 0) await new Promise(setImmediate);
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(event: ScheduledEvent): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as ScheduledEvent;
      if (!isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as ScheduledEvent;
    if (heap.length === 0) return;
    let index = 0;
    while (true) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (
        child + 1 < heap.length &&
        isBefore(heap[child + 1] as ScheduledEvent, heap[child] as ScheduledEvent)
      )
        child += 1;
      const below = heap[child] as ScheduledEvent;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Resolves once no microtask is left: a tick that a microtask requests runs after all microtasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
