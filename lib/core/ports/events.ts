import type { Event } from '../domain/event.ts';

/** Publishes events on the deployment's bus. */
export interface Events {
  /**
   * Publishes the events in this order. Throws UnavailableError if some could not be published; they may have been
   * published anyway, so a subscriber may get one twice.
   */
  publish(...events: readonly Event[]): Promise<void>;
}
