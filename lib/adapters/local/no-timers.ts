/** The Queue of a process that syncs a folder without running its crontab. Timers are left to the process that runs it. */
import type { Timer } from '../../core/domain/names.ts';
import type { Queue } from '../../core/ports/queue.ts';
import type { Store } from '../../core/ports/store.ts';

export function noTimers(store: Pick<Store, 'sites' | 'readSite'>): Queue {
  return {
    arm: async () => {},
    disarm: async () => {},
    deliver: async () => {},
    timers: () => armedTimers(store),
  };
}

/** The timers that the jobs of all sites need. */
export async function* armedTimers(store: Pick<Store, 'sites' | 'readSite'>): AsyncIterable<Timer> {
  for (const site of await store.sites()) {
    const { crons } = await store.readSite(site);
    for (const { uid, job } of crons) {
      if (job?.armedAt !== undefined) yield { site, uid, plannedAt: job.armedAt };
    }
  }
}
