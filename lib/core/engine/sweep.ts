/** The periodic look at what should have happened and did not; and at timers that are missing or too many. */
import { collectErrors } from './collect-errors.ts';
import { repairTimers } from './repair-timers.ts';
import { type SyncPorts, syncCron, syncSite } from './sync.ts';

/** Heals all that is overdue. One cron that cannot be healed stops no other: its error is thrown at the end. */
export async function sweep(ports: SyncPorts): Promise<void> {
  const attempt = collectErrors('The sweep could not heal everything');
  let overdue = 0;
  for await (const { site, uid } of ports.store.overdue(ports.clock.now())) {
    overdue += 1;
    await attempt.run(() => settle(ports, site, uid));
  }
  await attempt.run(() => repairTimers(ports));
  attempt.finish();
  // A deployment raises an alarm when this line stays away.
  ports.logger.info(`Swept: ${overdue} overdue`, { code: 'sweep-done', overdue });
}

/** What the sweep looks at has been unsettled for a while: whoever acted on what stood before has written by now. */
async function settle(ports: SyncPorts, site: string, uid: string | undefined): Promise<void> {
  const key = uid === undefined ? { site } : { site, uid };
  const projection = await ports.store.readProjection(key);
  await (uid === undefined ? syncSite(ports, site) : syncCron(ports, site, uid));
  if (projection) await ports.store.settle(key, projection);
}
