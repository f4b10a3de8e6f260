import type { Delivery } from '../../core/domain/occurrence.ts';
import type { LocalScheduler } from './local-scheduler.ts';

/** Starts a run that a user asked for. Throws ConfigurationError if the code of its runner is out of reach. */
export async function acceptRun(
  laptop: Pick<LocalScheduler, 'ports' | 'deliver'>,
  delivery: Delivery,
): Promise<void> {
  const { cron } = await laptop.ports.store.read(delivery.site, delivery.uid);
  if (cron?.value) laptop.ports.runners.requireRunnable(cron.value.name, delivery.site);
  laptop.deliver(delivery);
}
