/** The Queue in the memory of one process. At its start, the scheduler arms the occurrences that jobs have armed. */
import { type ParameterKey, type Timer, timerName } from '../../core/domain/names.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Queue } from '../../core/ports/queue.ts';

export class TimerQueue implements Queue {
  readonly #clock: Clock;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #armed = new Map<string, { readonly timer: Timer; readonly callOff: () => void }>();
  readonly #accepted = new Set<() => void>();
  #closed = false;

  /** Calls `onDelivery`, which must not throw, only after `arm` or `deliver` has returned. */
  constructor(clock: Clock, onDelivery: (delivery: Delivery) => void) {
    this.#clock = clock;
    this.#onDelivery = onDelivery;
  }

  async arm({ site, uid, plannedAt }: Timer): Promise<void> {
    const timer = { site, uid, plannedAt };
    const name = timerName(timer);
    if (this.#closed || this.#armed.has(name)) return;
    const callOff = this.#clock.wake(plannedAt, () => {
      this.#armed.delete(name);
      this.#onDelivery(timer);
    });
    this.#armed.set(name, { timer, callOff });
  }

  async disarm(timer: Timer): Promise<void> {
    const name = timerName(timer);
    this.#armed.get(name)?.callOff();
    this.#armed.delete(name);
  }

  async *timers(of?: Required<ParameterKey>): AsyncIterable<Timer> {
    for (const { timer } of [...this.#armed.values()]) {
      if (!of || (timer.site === of.site && timer.uid === of.uid)) yield timer;
    }
  }

  async deliver(delivery: Delivery): Promise<void> {
    if (this.#closed) return;
    const callOff = this.#clock.wake(this.#clock.now(), () => {
      this.#accepted.delete(callOff);
      this.#onDelivery(delivery);
    });
    this.#accepted.add(callOff);
  }

  /** Calls off everything: nothing is delivered any more, and nothing can be armed. */
  close(): void {
    this.#closed = true;
    for (const { callOff } of this.#armed.values()) callOff();
    for (const callOff of this.#accepted) callOff();
    this.#armed.clear();
    this.#accepted.clear();
  }
}
