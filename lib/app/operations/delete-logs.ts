/** Deletes run records of a cron. */
import { cronNotFound } from '../../core/domain/not-found.ts';
import { valueInForce } from '../../core/domain/projection.ts';
import { recordId } from '../../core/domain/run-record.ts';
import { withoutDeleted } from '../../core/domain/run-summary.ts';
import { updateJob } from '../../core/engine/update-job.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { pluralize } from './messages.ts';
import type { DeleteLogsResult } from './operation-result.ts';
import { requireWritable } from './preconditions.ts';

export type DeleteLogsPorts = Pick<OperationPorts, 'registry' | 'store' | 'logger' | 'clock' | 'random'>;

/** The number of records that are deleted at once, and of those that the summary is made from. */
const PAGE = 100;

/**
 * Deletes the run records with these ids, or all, and updates the summary in the job. Ignores ids that do not exist. Throws
 * NotFoundError when the cron does not exist, ReadOnlyError, UnavailableError.
 */
export async function deleteLogs(
  ports: DeleteLogsPorts,
  site: string,
  uid: string,
  which: readonly string[] | 'all',
): Promise<DeleteLogsResult> {
  await requireWritable(ports, site);
  const { cron } = await ports.store.read(site, uid);
  const fields = valueInForce(cron);
  if (!cron || cron.removedAt !== undefined) throw cronNotFound({ site, uid });
  const deleted =
    which === 'all' ? await deleteAll(ports, site, uid) : await ports.store.deleteRecords(site, uid, which);
  if (deleted > 0) {
    await updateSummary(ports, site, uid);
    ports.logger.info(`Deleted ${pluralize(deleted, 'log')} of ${site}/${uid}`, {
      code: 'logs-deleted',
      site,
      uid,
    });
  }
  const { records } = await ports.store.records(site, uid, { limit: PAGE });
  const left = Math.min(records.length, fields?.logsLimit ?? records.length);
  return { message: sentence(uid, deleted, left), changed: deleted > 0, deleted, left };
}

async function deleteAll({ store }: DeleteLogsPorts, site: string, uid: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { records } = await store.records(site, uid, { limit: PAGE });
    if (records.length === 0) return deleted;
    deleted += await store.deleteRecords(site, uid, records.map(recordId));
  }
}

/** Removes deleted records from the summary in the job. */
async function updateSummary(ports: DeleteLogsPorts, site: string, uid: string): Promise<void> {
  await updateJob(ports, site, uid, async (_state, job) => {
    if (job.token === undefined) return undefined;
    // Read again at each attempt: the run that changed the job has added a record.
    const { records } = await ports.store.records(site, uid, { limit: PAGE });
    return { job: { ...job, summary: withoutDeleted(job.summary, records) }, records: [] };
  });
}

function sentence(uid: string, deleted: number, left: number): string {
  if (deleted === 0) return `There was no such log of "${uid}": nothing was deleted.`;
  return `Deleted ${pluralize(deleted, 'log')} of "${uid}"; ${left === 0 ? 'none is' : `${pluralize(left, 'log')} ${left === 1 ? 'is' : 'are'}`} left.`;
}
