/** Ends the leases of runs whose process has ended, so that their run records need not wait for the leases to expire. */
import type { Job } from '../../core/domain/job.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Store } from '../../core/ports/store.ts';

/** Lets these leases expire now; the next sync writes the run records. The next sweep retries jobs that changed meanwhile. */
export async function endDeadRuns(
  store: Store,
  clock: Clock,
  mayBeRunning: (runId: string) => boolean,
): Promise<void> {
  for (const site of await store.sites()) {
    const { crons } = await store.readSite(site);
    for (const { job } of crons) {
      if (job?.leases.some(({ runId }) => !mayBeRunning(runId)))
        await store.saveJob(expired(job, clock.now(), mayBeRunning));
    }
  }
}

function expired(job: Job, now: number, mayBeRunning: (runId: string) => boolean): Job {
  const leases = job.leases.map((lease) =>
    mayBeRunning(lease.runId) ? lease : { ...lease, expiresAt: now },
  );
  return { ...job, leases };
}
