/** The Events of one process: tells whoever subscribed, in the order of subscription. */
import type { Event, Events } from '../../core/ports/events.ts';
import type { Logger } from '../../core/ports/logger.ts';

export type Listener = (event: Event) => void | Promise<void>;

export class LocalEvents implements Events {
  readonly #log: Logger;
  readonly #listeners = new Set<{ readonly listen: Listener }>();

  /** A listener's error goes to `log` and harms neither the other listeners nor the sender. */
  constructor(logger: Logger) {
    this.#log = logger;
  }

  /** Tells the listener every event from now on, until the returned function is called. */
  subscribe(listen: Listener): () => void {
    const subscription = { listen };
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }

  /** Every listener was called when it returns; what a listener does later is not waited for. */
  async publish(...events: readonly Event[]): Promise<void> {
    for (const event of events) {
      for (const { listen } of [...this.#listeners]) void this.#tell(listen, event);
    }
  }

  async #tell(listen: Listener, event: Event): Promise<void> {
    try {
      await listen(event);
    } catch (error) {
      this.#log.error(`A listener failed on ${event.type}: ${error}`, { type: event.type, error });
    }
  }
}
