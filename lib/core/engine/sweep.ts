/** The periodic repair: delivers overdue occurrences, settles edits, and repairs timers that are lost or surplus. */
import { collectErrors } from './collect-errors.ts';
import { repairTimers } from './repair-timers.ts';
import { type SyncPorts, syncCron, syncSite } from './sync.ts';

/** Repairs all that is overdue. One cron that cannot be repaired stops no other: its error is thrown at the end. */
export async function sweep(ports: SyncPorts): Promise<void> {
  const attempt = collectErrors('The sweep could not repair everything');
  let overdue = 0;
  for await (const { site, uid } of ports.store.overdue(ports.clock.now())) {
    overdue += 1;
    await attempt.run(() => settle(ports, site, uid));
  }
  await attempt.run(() => repairTimers(ports));
  attempt.finish();
  // A deployment raises an alarm if this line stays away.
  ports.logger.info(`Swept: ${overdue} overdue`, { code: 'sweep-done', overdue });
}

/** The parameter has been unsettled for a while: a process that acted on the previous state has written by now. */
async function settle(ports: SyncPorts, site: string, uid: string | undefined): Promise<void> {
  const key = uid === undefined ? { site } : { site, uid };
  const projection = await ports.store.readProjection(key);
  await (uid === undefined ? syncSite(ports, site) : syncCron(ports, site, uid));
  if (projection) await ports.store.settle(key, projection);
}
