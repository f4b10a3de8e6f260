import { ThrottledError, UnavailableError } from '../../core/domain/errors.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import type { Store } from '../../core/ports/store.ts';
import type { FolderRunners } from './folder-runners.ts';
import type { LocalScheduler } from './local-scheduler.ts';

/** The most requested runs at once, for all crons together: each takes memory of the process that runs the crontab. */
const MAX_REQUESTED = 200;

type Laptop = Pick<LocalScheduler, 'requested' | 'deliver'> & {
  readonly ports: {
    readonly store: Pick<Store, 'read'>;
    readonly runners: Pick<FolderRunners, 'requireRunnable'>;
  };
};

/**
 * Starts a run that a user asked for, and returns when its claim is stored: from then on it has a record, even if this process
 * dies. Throws ThrottledError while too many are in progress, UnavailableError if the claim cannot be stored, and
 * ConfigurationError if the code of its runner is out of reach.
 */
export async function acceptRun(laptop: Laptop, delivery: Delivery): Promise<void> {
  const { cron } = await laptop.ports.store.read(delivery.site, delivery.uid);
  if (cron?.value) laptop.ports.runners.requireRunnable(cron.value.name, delivery.site);
  if (laptop.requested >= MAX_REQUESTED) {
    throw new ThrottledError(
      `${MAX_REQUESTED} requested runs are in progress, the most at once. Try again when some of them have ended.`,
    );
  }
  if (await laptop.deliver(delivery)) return;
  throw new UnavailableError('The run could not be started; the log says why. Try again.');
}
