/** Requests a run now. The regular schedule stays unchanged. */
import type { CronFields } from '../../core/domain/cron.ts';
import { ConflictError } from '../../core/domain/errors.ts';
import { describeKey } from '../../core/domain/names.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import { recordId } from '../../core/domain/run-record.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { CronView } from './cron-view.ts';
import type { ForceRunResult } from './operation-result.ts';
import { readCron } from './read.ts';

export type ForcePorts = Pick<OperationPorts, 'store' | 'queue' | 'clock' | 'random' | 'logger' | 'by'>;

/**
 * Delivers a forced run and returns its id; the log appears when the run ends. A read-only crontab allows it, since it
 * changes no setting. A cron that is switched off does not run, and its log records that. Throws NotFoundError, and
 * ConflictError when no version of the cron was ever valid or its stored state cannot be read.
 */
export async function forceRun(ports: ForcePorts, site: string, uid: string): Promise<ForceRunResult> {
  const cron = await readCron(ports, site, uid);
  if (!cron.definition || cron.unreadable) {
    const why = cron.unreadable
      ? formatProblem(cron.unreadable)
      : 'no version of it was ever valid. Fix it first.';
    throw new ConflictError(`${describeKey({ site, uid })} cannot run: ${why}`);
  }
  const forced = ports.random.id();
  const plannedAt = Math.floor(ports.clock.now() / 1000) * 1000;
  const requestedBy = ports.by === undefined ? {} : { requestedBy: ports.by };
  await ports.queue.deliver({ site, uid, plannedAt, forced, ...requestedBy });
  ports.logger.info(`A run of ${site}/${uid} was asked for`, {
    site,
    uid,
    runId: forced,
    code: 'run-forced',
  });
  const asked = `Asked for a run of "${uid}" of "${site}": ${forced}.`;
  return {
    message: `${asked} ${expectation(cron, cron.definition)}`,
    changed: true,
    runId: forced,
    logId: recordId({ plannedAt, forced }),
  };
}

function expectation({ active, job }: CronView, definition: CronFields): string {
  if (!active) {
    const what = definition.activated ? 'the crontab' : 'it';
    return `It will not run, because ${what} is switched off; its log will say so.`;
  }
  if (!job.running || definition.overlap === 'allow') return 'Its log appears when it has ended.';
  return definition.overlap === 'skip'
    ? 'A run still goes on, and overlap is "skip": if it has not ended by then, this one is logged as not run.'
    : 'A run still goes on: this one follows when that has ended.';
}
