/**
 * Faults that last: the whole system is suspended, its clock is set back, one kind of call is throttled for hours, and an
 * item of a cron cannot be read for a while.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { HOUR, MINUTE } from './durations.ts';
import type { EventLoop } from './event-loop.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Nemesis } from './nemesis.ts';
import { Prng } from './prng.ts';

interface DisastersParts {
  readonly seed: number;
  readonly loop: EventLoop;
  readonly nemesis: Nemesis;
  readonly store: MemoryStore;
  readonly trace: (text: string, key: Partial<ParameterKey>) => void;
  /** The clock was set back just now. */
  readonly clockSetBack: () => void;
  /** The items of the cron can be read again, or cannot any more. */
  readonly readabilityChanged: (key: Required<ParameterKey>, isReadable: boolean) => void;
}

/** Calls that may be throttled for hours; `deliveries` are the invocations of the run Lambda. */
const THROTTLED_CALLS = [
  'queue.arm',
  'queue.arm',
  'queue.deliver',
  'store.commit',
  'store.read',
  'registry.read',
  'registry.markRejected',
  'deliveries',
] as const;

const INTERVAL = 15 * MINUTE;

export class Disasters {
  readonly #parts: DisastersParts;
  readonly #prng: Prng;
  #throttledCall: (typeof THROTTLED_CALLS)[number] | undefined;
  #throttledUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: DisastersParts) {
    this.#parts = parts;
    this.#prng = new Prng(parts.seed, 'disasters');
  }

  /** Draws disasters until the monotonic time `end`. Each is over by then. */
  start(end: number): void {
    const { loop } = this.#parts;
    loop.after(INTERVAL, () => {
      if (loop.monotonic() >= end) return;
      this.#draw(end);
      this.start(end);
    });
  }

  /** How long calls of that name are throttled from now on, in milliseconds; 0 if they are not. */
  throttledFor(call: string): number {
    const { loop, nemesis } = this.#parts;
    if (call !== this.#throttledCall || nemesis.faultFreeSince !== undefined) return 0;
    return Math.max(0, this.#throttledUntil - loop.monotonic());
  }

  #draw(end: number): void {
    const { loop, nemesis, trace } = this.#parts;
    const left = end - loop.monotonic();
    if (nemesis.injects('throttled-for-hours')) this.#throttle();
    if (nemesis.injects('unreadable')) this.#makeUnreadable(left);
    if (nemesis.injects('suspended')) {
      const duration = Math.min(left, this.#prng.logUniform(30_000, 6 * HOUR));
      trace(`everything is suspended for ${Math.round(duration / 1000)} s`, {});
      loop.suspend(duration);
    }
    if (nemesis.injects('clock-back')) {
      const duration = this.#prng.logUniform(30_000, 3 * HOUR);
      trace(`the clock is set back by ${Math.round(duration / 1000)} s`, {});
      loop.setClockBack(duration);
      this.#parts.clockSetBack();
    }
  }

  #throttle(): void {
    const { loop, trace } = this.#parts;
    this.#throttledCall = this.#prng.pick(THROTTLED_CALLS);
    const duration = this.#prng.logUniform(10 * MINUTE, 6 * HOUR);
    this.#throttledUntil = loop.monotonic() + duration;
    trace(`${this.#throttledCall}: throttled for ${Math.round(duration / 1000)} s`, {});
  }

  #makeUnreadable(left: number): void {
    const { loop, store, trace, readabilityChanged } = this.#parts;
    const keys = [...store.rows()].map(({ key }) => key).filter(isCron);
    if (keys.length === 0) return;
    const key = this.#prng.pick(keys);
    const part = this.#prng.pick(['cron', 'job', 'job'] as const);
    const duration = Math.min(left, this.#prng.logUniform(MINUTE, 12 * HOUR));
    trace(`its ${part} cannot be read for ${Math.round(duration / 1000)} s`, key);
    store.makeUnreadable(key, part);
    readabilityChanged(key, false);
    loop.after(duration, () => {
      trace('its items can be read', key);
      store.makeReadable(key);
      readabilityChanged(key, true);
    });
  }
}

function isCron(key: ParameterKey): key is Required<ParameterKey> {
  return key.uid !== undefined;
}
