/** The Queue of a process that syncs a folder but does not run its crontab: the process that runs it creates the timers. */
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
