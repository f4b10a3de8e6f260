import type { ParameterKey, Timer } from '../domain/names.ts';
import type { Delivery } from '../domain/occurrence.ts';

/**
 * The timers that wake the run handler. A delivery may come late, more than once, or not at all.
 * Every call may throw UnavailableError; a call that threw may have had its effect.
 */
export interface Queue {
  /**
   * Creates a timer that delivers `{site, uid, plannedAt}` at its time, and then is gone. If it exists, nothing changes.
   * A time that has passed is delivered at once.
   */
  arm(timer: Timer): Promise<void>;

  /** Removes a timer; an absent one is fine. One that is being delivered may still be. */
  disarm(timer: Timer): Promise<void>;

  /** The timers of all crons or of one, in any order. May miss what was made in the last seconds. */
  timers(of?: Required<ParameterKey>): AsyncIterable<Timer>;

  /** Delivers now, without a timer, and returns when the delivery is accepted, not when it has run. */
  deliver(delivery: Delivery): Promise<void>;
}
