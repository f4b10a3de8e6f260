/** The timers of a world, and the deliveries that were accepted. It keeps the contract of Queue. */
import { type ParameterKey, type Timer, timerName } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { Queue } from '../../lib/core/ports/queue.ts';

export class MemoryQueue implements Queue {
  #timers = new Map<string, Timer>();
  readonly #now: () => number;
  readonly #onDelivery: (delivery: Delivery) => void;

  constructor(now: () => number, onDelivery: (delivery: Delivery) => void) {
    this.#now = now;
    this.#onDelivery = onDelivery;
  }

  async arm({ site, uid, plannedAt }: Timer): Promise<void> {
    this.#timers.set(timerName({ site, uid, plannedAt }), { site, uid, plannedAt });
    this.fire();
  }

  async disarm(timer: Timer): Promise<void> {
    this.#timers.delete(timerName(timer));
  }

  async *timers(of?: Required<ParameterKey>): AsyncIterable<Timer> {
    for (const timer of [...this.#timers.values()]) {
      if (!of || (timer.site === of.site && timer.uid === of.uid)) yield timer;
    }
  }

  async deliver(delivery: Delivery): Promise<void> {
    this.#onDelivery(delivery);
  }

  /** Delivers what is due, oldest first. */
  fire(): void {
    const due = [...this.#timers].filter(([, { plannedAt }]) => plannedAt <= this.#now());
    due.sort(([, a], [, b]) => a.plannedAt - b.plannedAt);
    for (const [name, timer] of due) {
      this.#timers.delete(name);
      this.#onDelivery(timer);
    }
  }

  /** Everything that it holds. */
  get content(): ReadonlyMap<string, Timer> {
    return new Map(this.#timers);
  }

  set content(timers: ReadonlyMap<string, Timer>) {
    this.#timers = new Map(timers);
  }

  /** Everything that it holds, as text. */
  get state(): string {
    return [...this.#timers.keys()].sort().join(' ');
  }
}
