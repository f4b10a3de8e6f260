/** Deletes logs of a cron. */
import { UnavailableError } from '../../core/domain/errors.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { pluralize } from './messages.ts';
import type { DeleteLogsResult } from './operation-result.ts';
import { requireWritable } from './preconditions.ts';

export type DeleteLogsPorts = Pick<OperationPorts, 'registry' | 'store' | 'logger'>;

const MAX_TRIES = 10;

/**
 * Deletes the logs with these ids, or all. Ignores ids that do not exist, since newer logs replace old ones. Throws
 * NotFoundError when the cron does not exist, ReadOnlyError, UnavailableError when its job keeps changing.
 */
export async function deleteLogs(
  ports: DeleteLogsPorts,
  site: string,
  uid: string,
  which: readonly string[] | 'all',
): Promise<DeleteLogsResult> {
  await requireWritable(ports, site);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { cron, job } = await ports.store.read(site, uid);
    if (!cron || cron.removed) throw cronNotFound({ site, uid });
    const logs = job?.logs ?? [];
    const kept = which === 'all' ? [] : logs.filter(({ id }) => !which.includes(id));
    const deleted = logs.length - kept.length;
    if (job && deleted > 0 && !(await ports.store.saveJob({ ...job, logs: kept }))) continue;
    const changed = deleted > 0;
    if (changed)
      ports.logger.info(`Deleted ${pluralize(deleted, 'log')} of ${site}/${uid}`, {
        site,
        uid,
        code: 'logs-deleted',
      });
    return { message: sentence(uid, deleted, kept.length), changed, deleted, left: kept.length };
  }
  throw new UnavailableError(`The job of ${site}/${uid} was changed by others ${MAX_TRIES} times in a row.`);
}

function sentence(uid: string, deleted: number, left: number): string {
  if (deleted === 0) return `There was no such log of "${uid}": nothing was deleted.`;
  return `Deleted ${pluralize(deleted, 'log')} of "${uid}"; ${left === 0 ? 'none is' : `${pluralize(left, 'log')} ${left === 1 ? 'is' : 'are'}`} left.`;
}
