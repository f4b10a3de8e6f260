/**
 * The queue's timers in memory. It has neither latency nor faults (memory-ports.ts), and hands deliveries to its
 * owner.
 */

import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { EventLoop } from './event-loop.ts';
import { MAX_STALENESS } from './memory-store.ts';

interface ArmedTimer {
  readonly timer: Timer;
  readonly armedAt: number;
  readonly cancel: () => void;
}

interface Options {
  readonly loop: EventLoop;
  readonly deliver: (delivery: Delivery) => void;
  /** Milliseconds from the time of a timer until it fires. */
  readonly delay?: () => number;
  /** Whether the timer is lost although arming it succeeds. */
  readonly isLost?: (timer: Timer) => boolean;
  /** Called for a timer that was removed before it fired. */
  readonly onDisarm?: (timer: Timer) => void;
}

export class MemoryQueue {
  readonly #options: Options;
  readonly #timers = new Map<string, ArmedTimer>();
  /** Timers that fired or were removed lately; the oldest first. */
  readonly #removed: { readonly timer: Timer; readonly removedAt: number }[] = [];
  #changes = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** All timers as they are, for the oracle. */
  allTimers(): Timer[] {
    return [...this.#timers.values()].map(({ timer }) => timer);
  }

  arm({ site, uid, plannedAt }: Timer): void {
    const timer = { site, uid, plannedAt: plannedAt };
    const { loop, deliver, delay = () => 0, isLost = () => false } = this.#options;
    const name = nameOf(timer);
    if (plannedAt <= loop.now()) deliver(timer);
    if (plannedAt <= loop.now() || this.#timers.has(name)) return;
    this.#changes += 1;
    if (isLost(timer)) return;
    const cancel = loop.wake(plannedAt + delay(), () => {
      this.#remove(name);
      deliver(timer);
    });
    this.#timers.set(name, { timer, armedAt: loop.monotonic(), cancel });
  }

  disarm(timer: Timer): void {
    if (this.#remove(nameOf(timer))) this.#options.onDisarm?.(timer);
  }

  /** As of an earlier time: without the timers armed since then, and with those removed since then. */
  timers(of?: Required<ParameterKey>, asOf = this.#options.loop.monotonic()): Timer[] {
    const armed = [...this.#timers.values()]
      .filter(({ armedAt }) => armedAt <= asOf)
      .map(({ timer }) => timer);
    const removed = this.#removed.filter(({ removedAt }) => removedAt > asOf).map(({ timer }) => timer);
    return [...armed, ...removed].filter(({ site, uid }) => !of || (of.site === site && of.uid === uid));
  }

  deliver({ site, uid, plannedAt, forced, evenOff }: Delivery): void {
    const request = forced === undefined ? {} : { forced, ...(evenOff && { evenOff }) };
    this.#options.deliver({ site, uid, plannedAt, ...request });
  }

  #remove(name: string): boolean {
    const armed = this.#timers.get(name);
    if (!armed) return false;
    this.#changes += 1;
    armed.cancel();
    this.#timers.delete(name);
    const now = this.#options.loop.monotonic();
    while (this.#removed[0] && this.#removed[0].removedAt <= now - MAX_STALENESS) this.#removed.shift();
    this.#removed.push({ timer: armed.timer, removedAt: now });
    return true;
  }
}

function nameOf({ site, uid, plannedAt }: Timer): string {
  return `${site}.${uid}.${plannedAt}`;
}
