/** The timers in memory. Whether and when a caller gets at them is calls.ts; what becomes of a delivery is its owner's. */
import type { Delivery } from '../../lib/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/domain/names.ts';
import type { Loop } from './loop.ts';
import { MOST_STALE } from './memory-store.ts';

interface Standing {
  readonly timer: Timer;
  readonly made: number;
  readonly callOff: () => void;
}

interface Options {
  readonly loop: Loop;
  readonly deliver: (delivery: Delivery) => void;
  /** How long after its time a timer fires, in milliseconds. */
  readonly lag?: () => number;
  /** Whether a timer that is made is lost all the same. */
  readonly isLost?: (timer: Timer) => boolean;
  /** Told of a timer that is taken away before its time. */
  readonly gone?: (timer: Timer) => void;
}

export class MemoryQueue {
  readonly #options: Options;
  readonly #timers = new Map<string, Standing>();
  /** Timers that are gone, and since when; the oldest first. */
  #gone: { readonly timer: Timer; readonly since: number }[] = [];
  #changes = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** All timers as they are, for who watches. */
  standing(): Timer[] {
    return [...this.#timers.values()].map(({ timer }) => timer);
  }

  arm({ site, uid, at }: Timer): void {
    const timer = { site, uid, at };
    const { loop, deliver, lag = () => 0, isLost = () => false } = this.#options;
    const name = nameOf(timer);
    if (at <= loop.now()) deliver(timer);
    if (at <= loop.now() || this.#timers.has(name)) return;
    this.#changes += 1;
    if (isLost(timer)) return;
    const callOff = loop.wake(at + lag(), () => {
      this.#remove(name);
      deliver(timer);
    });
    this.#timers.set(name, { timer, made: loop.now(), callOff });
  }

  disarm(timer: Timer): void {
    if (this.#remove(nameOf(timer))) this.#options.gone?.(timer);
  }

  /** As of an earlier time: without what was made since, and with what has gone since. */
  timers(of?: Required<ParameterKey>, asOf = this.#options.loop.now()): Timer[] {
    const made = [...this.#timers.values()].filter((one) => one.made <= asOf).map(({ timer }) => timer);
    const gone = this.#gone.filter(({ since }) => since > asOf).map(({ timer }) => timer);
    return [...made, ...gone].filter(({ site, uid }) => !of || (of.site === site && of.uid === uid));
  }

  deliver({ site, uid, at, forced }: Delivery): void {
    this.#options.deliver({ site, uid, at, ...(forced === undefined ? {} : { forced }) });
  }

  #remove(name: string): boolean {
    const standing = this.#timers.get(name);
    if (!standing) return false;
    this.#changes += 1;
    standing.callOff();
    this.#timers.delete(name);
    const now = this.#options.loop.now();
    this.#gone = this.#gone.filter(({ since }) => since > now - MOST_STALE);
    this.#gone.push({ timer: standing.timer, since: now });
    return true;
  }
}

function nameOf({ site, uid, at }: Timer): string {
  return `${site}.${uid}.${at}`;
}
