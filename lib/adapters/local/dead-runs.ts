/** Ends the leases of runs whose process has ended, so that their run records need not wait for the leases to expire. */
import { unlessUnreadable } from '../../core/engine/unless-unreadable.ts';
import { type UpdateJobPorts, updateJob } from '../../core/engine/update-job.ts';
import type { Logger } from '../../core/ports/logger.ts';

/** Lets the leases of dead holders expire now; the next sync writes the run records. */
export async function endDeadRuns(
  ports: UpdateJobPorts & { readonly logger: Logger },
  mayBeAlive: (holder: string) => boolean,
): Promise<void> {
  for (const site of await ports.store.sites()) {
    const { crons } = await ports.store.readSite(site);
    const dead = crons.filter(({ job }) => job?.leases.some(({ holder }) => !mayBeAlive(holder)));
    for (const { uid } of dead) {
      await unlessUnreadable(ports.logger, site, uid, () => endLeases(ports, site, uid, mayBeAlive));
    }
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
