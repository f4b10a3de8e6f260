/** The Queue of a process that syncs a folder without running its crontab. Timers are left to the process that runs it. */
import type { Queue } from '../../core/ports/queue.ts';
import type { Store } from '../../core/ports/store.ts';

export function noTimers(store: Pick<Store, 'armed'>): Queue {
  return {
    arm: async () => {},
    disarm: async () => {},
    deliver: async () => {},
    timers: () => store.armed(),
  };
}
