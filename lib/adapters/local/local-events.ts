/** The Events of one process: calls its subscribers in the order of their subscription. */

import type { Event } from '../../core/domain/event.ts';
import type { Events } from '../../core/ports/events.ts';
import type { Logger } from '../../core/ports/logger.ts';

export type Listener = (event: Event) => void | Promise<void>;

export class LocalEvents implements Events {
  readonly #logger: Logger;
  readonly #listeners = new Set<{ readonly listen: Listener }>();

  /** An error of a listener is logged, and affects neither the other listeners nor the publisher. */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Calls the listener with each later event, until the returned function is called. */
  subscribe(listen: Listener): () => void {
    const subscription = { listen };
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }

  /** Calls every listener, and waits for none of their promises. */
  async publish(...events: readonly Event[]): Promise<void> {
    for (const event of events) {
      for (const { listen } of [...this.#listeners]) void this.#notify(listen, event);
    }
  }

  async #notify(listen: Listener, event: Event): Promise<void> {
    try {
      await listen(event);
    } catch (error) {
      this.#logger.error(`A listener failed on ${event.type}: ${error}`, { type: event.type, error });
    }
  }
}
