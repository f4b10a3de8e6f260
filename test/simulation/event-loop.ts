/**
 * The event loop of the simulation, with virtual time. It takes the next event only after all promises of the previous
 * event have settled or wait for a later event, so processes interleave, and always in the same way.
 *
 * Two clocks show the time: a monotonic one, and a wall clock that can be set back. Both start at the same time.
 */
import type { Clock } from '../../lib/core/ports/clock.ts';
import { settled } from '../support/settled.ts';

interface ScheduledEvent {
  /** Of the monotonic clock. */
  time: number;
  /** Of the wall clock; absent if the event waits for the monotonic clock. */
  readonly wallTime?: number;
  readonly order: number;
  act: (() => void) | undefined;
}

export class EventLoop implements Clock {
  #monotonic: number;
  /** The wall clock minus the monotonic one, in milliseconds. */
  #offset = 0;
  #order = 0;
  #interruptions = 0;
  #latestTime: number;
  processedEvents = 0;
  /** A binary heap: the earliest first, equal times in the order of scheduling. */
  #heap: ScheduledEvent[] = [];

  constructor(start: number) {
    this.#monotonic = start;
    this.#latestTime = start;
  }

  /** The wall clock. */
  now(): number {
    return this.#monotonic + this.#offset;
  }

  /** The monotonic clock. */
  monotonic(): number {
    return this.#monotonic;
  }

  /** How often the system was suspended or its clock was set back. */
  get interruptions(): number {
    return this.#interruptions;
  }

  /** Whether the wall clock has shown this time before it was set back. */
  hasReached(time: number): boolean {
    return time <= this.#latestTime;
  }

  /** Nothing happens for so long: events become late. */
  suspend(milliseconds: number): void {
    this.#interruptions += 1;
    this.#monotonic += milliseconds;
  }

  setClockBack(milliseconds: number): void {
    this.#interruptions += 1;
    this.#latestTime = Math.max(this.#latestTime, this.now());
    this.#offset -= milliseconds;
    for (const event of this.#heap)
      if (event.wallTime !== undefined) event.time = event.wallTime - this.#offset;
    // A sorted list is a heap.
    this.#heap.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  /** Schedules an event for a time of the wall clock, or for now if that has passed. Returns a function that cancels it. */
  wake(wallTime: number, act: () => void): () => void {
    const time = Math.max(wallTime - this.#offset, this.#monotonic);
    return this.#schedule({ time, wallTime, order: this.#order++, act });
  }

  after(milliseconds: number, act: () => void): () => void {
    return this.#schedule({ time: this.#monotonic + milliseconds, order: this.#order++, act });
  }

  /** Processes all events up to and including the monotonic time `end`, as long as `shouldContinue` returns true. */
  async runUntil(end: number, shouldContinue: () => boolean = () => true): Promise<void> {
    for (let next = this.#heap[0]; next && next.time <= end && shouldContinue(); next = this.#heap[0]) {
      this.#pop();
      const { act } = next;
      if (!act) continue;
      this.#monotonic = Math.max(this.#monotonic, next.time);
      this.processedEvents += 1;
      act();
      await settled();
      // Lets the test runner's timers and the terminal's output proceed.
      if (this.processedEvents % 20_000 === 0) await new Promise(setImmediate);
    }
    this.#monotonic = Math.max(this.#monotonic, end);
  }

  #schedule(event: ScheduledEvent): () => void {
    this.#push(event);
    return () => {
      event.act = undefined;
    };
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
