/**
 * The Queue of whoever synchronises a folder without keeping it running: timers are made by the process that keeps it,
 * now or later, from what the jobs count on.
 */
import type { Queue } from '../../core/ports/queue.ts';
import type { Store } from '../../core/ports/store.ts';

export function noTimers(store: Store): Queue {
  return {
    arm: async () => {},
    disarm: async () => {},
    deliver: async () => {},
    timers: () => store.armed(),
  };
}
