/**
 * The periodic repair: syncs every cron whose job does not agree with its definition or with the time, and repairs the
 * timers. It relies on no mark, so that the next sweep sees a write of a slow process. Overlapping sweeps are harmless: each
 * reads again before it acts.
 */
import type { Timer } from '../domain/names.ts';
import type { CronState } from '../ports/store.ts';
import { collectErrors, type ErrorCollection } from './collect-errors.ts';
import { repairTimers } from './repair-timers.ts';
import { reportOverrun } from './run-reporting.ts';
import { reconcileSite, type SyncPorts } from './sync.ts';

/** Sweeps all sites. One cron that cannot be repaired stops no other: the errors are thrown at the end. */
export async function sweep(ports: SyncPorts): Promise<void> {
  const errors = collectErrors('The sweep could not repair everything');
  await sweepSites(ports, await ports.store.sites(), errors);
  errors.finish();
  // An alarm is raised if this line stays away.
  ports.logger.info('Swept', { code: 'sweep-done' });
}

/**
 * Synchronises these sites and repairs the timers of all. Every site is queried once, unless many timers differ: then
 * once more.
 */
export async function sweepSites(
  ports: SyncPorts,
  sites: readonly string[],
  errors: ErrorCollection,
): Promise<void> {
  const armed: Timer[] = [];
  // If they cannot be listed, everything else is repaired all the same.
  const timers = await errors.run(() => listTimers(ports));
  for (const site of sites) {
    await errors.run(async () => {
      const crons = await reconcileSite(ports, site, errors);
      armed.push(...armedTimers(site, crons));
      for (const cron of crons)
        reportOverrun(ports.logger.with({ site, uid: cron.uid }), cron, ports.clock.now());
    });
  }
  if (!timers) return;
  const listAgain = async () => ({ ...(await listTimers(ports)), armed: await listArmed(ports, sites) });
  await errors.run(() => repairTimers(ports, { ...timers, armed }, listAgain, errors));
}

async function listTimers({ queue, clock }: SyncPorts) {
  const existing = await Array.fromAsync(queue.timers());
  return { existing, listedAt: clock.now() };
}

async function listArmed({ store }: SyncPorts, sites: readonly string[]): Promise<Timer[]> {
  const timers: Timer[] = [];
  for (const site of sites) timers.push(...armedTimers(site, (await store.readSite(site)).crons));
  return timers;
}

function armedTimers(site: string, crons: readonly CronState[]): Timer[] {
  return crons.flatMap(({ uid, job }) =>
    job?.armedAt === undefined ? [] : [{ site, uid, plannedAt: job.armedAt }],
  );
}
