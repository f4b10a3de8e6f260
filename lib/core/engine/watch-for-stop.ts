/** Lets a run know that a user wants it stopped: the lease says so. */
import { StoppedError } from '../domain/errors.ts';
import type { Lease } from '../domain/job.ts';
import type { RecordOwner } from '../domain/run-record.ts';
import type { Ports } from './ports.ts';

/** How often a run looks whether it is to stop, in milliseconds. */
const STOP_CHECK_MS = 5_000;

/** Looks every few seconds whether a user wants the run stopped. Returns how to end that. */
export function watchForStop(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  { site, uid }: RecordOwner,
  { holder }: Lease,
  stop: (error: StoppedError) => void,
): () => void {
  let cancel = clock.after(STOP_CHECK_MS, look);
  let isWatching = true;
  return () => {
    isWatching = false;
    cancel();
  };

  async function look(): Promise<void> {
    // A look that fails is repeated by the next one.
    const job = await store.readJob(site, uid).catch(() => undefined);
    const lease = job?.leases.find((one) => one.holder === holder);
    if (lease?.stop !== undefined) stop(new StoppedError(`stopped by ${lease.stop}`));
    else if (isWatching) cancel = clock.after(STOP_CHECK_MS, look);
  }
}
