/** Ends the leases of runs whose process has ended, so that their run records need not wait for the leases to expire. */
import type { Job } from '../../core/domain/job.ts';
import { unlessUnreadable } from '../../core/engine/unless-unreadable.ts';
import { type UpdateJobPorts, updateJob } from '../../core/engine/update-job.ts';
import type { Logger } from '../../core/ports/logger.ts';

/**
 * How long a run may hold its lease, in milliseconds. A run that ignores its timeout keeps its lease until it has ended:
 * the next process that runs the crontab ends the leases of the one before. The process of a command is known by its id alone,
 * which another process may have later.
 */
export const LEASE_LIFETIME_MS = { scheduler: 365 * 86_400_000, command: 86_400_000 };

/** Lets the leases of dead holders expire now; the next sync writes the run records. `leased` are the jobs with leases. */
export async function endDeadRuns(
  ports: UpdateJobPorts & { readonly logger: Logger },
  leased: readonly Job[],
  mayBeAlive: (holder: string) => boolean,
): Promise<void> {
  for (const { site, uid, leases } of leased) {
    if (leases.every(({ holder }) => mayBeAlive(holder))) continue;
    await unlessUnreadable(ports.logger, site, uid, () => endLeases(ports, site, uid, mayBeAlive));
  }
}

async function endLeases(
  ports: UpdateJobPorts,
  site: string,
  uid: string,
  mayBeAlive: (holder: string) => boolean,
): Promise<void> {
  await updateJob(ports, site, uid, (_state, job) => {
    const now = ports.clock.now();
    const leases = job.leases.map((lease) =>
      mayBeAlive(lease.holder) ? lease : { ...lease, expiresAt: now },
    );
    return { job: { ...job, leases }, records: [] };
  });
}
