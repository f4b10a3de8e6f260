/** Stops a run that is in progress. */
import { ConflictError, NotFoundError } from '../../core/domain/errors.ts';
import { stopRun as stopInJob } from '../../core/domain/lease.ts';
import { describeKey } from '../../core/domain/names.ts';
import { updateJob } from '../../core/engine/update-job.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { OperationResult } from './operation-result.ts';

export type StopPorts = Pick<OperationPorts, 'store' | 'clock' | 'random' | 'logger' | 'by'>;

/**
 * Notes in its lease that a user stops the run with that id, the id of its run record. The process of the run notices that
 * within five seconds, aborts the runner, and ends it two seconds later if it goes on; the record is FAILURE with the reason
 * `stopped`. A run that ends at the same time keeps its own result. A read-only crontab allows it, since it changes no
 * setting. Throws ConflictError if the run is not in progress, NotFoundError if there is no such run.
 */
export async function stopRun(
  ports: StopPorts,
  site: string,
  uid: string,
  id: string,
): Promise<OperationResult> {
  const { store, clock, logger, by = 'a user' } = ports;
  let before: string | undefined;
  const change = await updateJob(ports, site, uid, (_state, job) => {
    const stopped = stopInJob(job, id, by, clock.now());
    before = stopped && job.token;
    return stopped && { job: stopped, records: [] };
  });
  if (!change) throw await refusal(store, site, uid, id);
  if (change.job.token === before) {
    return { message: `The run ${id} of "${uid}" is being stopped already.`, changed: false };
  }
  logger.info(`The run ${id} of ${site}/${uid} is to be stopped`, { code: 'run-stopping', site, uid });
  return {
    message: `The run ${id} of "${uid}" is being stopped: it ends within some ten seconds.`,
    changed: true,
  };
}

async function refusal(store: StopPorts['store'], site: string, uid: string, id: string): Promise<Error> {
  if (await store.readRecord(site, uid, id)) {
    return new ConflictError(`The run ${id} of "${uid}" of "${site}" has ended already.`);
  }
  return new NotFoundError(`${describeKey({ site, uid })} has no run "${id}" in progress.`);
}
