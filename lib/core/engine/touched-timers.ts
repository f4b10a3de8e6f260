import type { Job } from '../domain/job.ts';
import type { Queue } from '../ports/queue.ts';

/** Removes the timers of these planned times, except the one that the job counts on: a lost attempt may have made them. */
export async function disarmAllBut(
  queue: Pick<Queue, 'disarm'>,
  { site, uid, armedAt }: Job,
  plannedTimes: ReadonlySet<number>,
): Promise<void> {
  for (const plannedAt of plannedTimes) {
    if (plannedAt !== armedAt) await queue.disarm({ site, uid, plannedAt });
  }
}
