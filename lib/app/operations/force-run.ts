/** Requests a run now. The regular schedule stays unchanged. */
import type { CronFields } from '../../core/domain/cron.ts';
import { ConflictError, ThrottledError } from '../../core/domain/errors.ts';
import { MAX_RECENT_FORCED, recentRequests } from '../../core/domain/job.ts';
import { describeKey } from '../../core/domain/names.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { GRACE_MS } from '../../core/domain/occurrence.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import { recordId } from '../../core/domain/run-record.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { type CronView, cronView } from './cron-view.ts';
import type { ForceRunResult } from './operation-result.ts';

export interface ForceOptions {
  /** Runs although the cron or its crontab is switched off, and leaves it so. Default: false. */
  readonly evenOff?: boolean | undefined;
}

export type ForcePorts = Pick<OperationPorts, 'store' | 'queue' | 'clock' | 'random' | 'logger' | 'by'>;

/**
 * Delivers a forced run and returns its id; the log appears when the run ends. A read-only crontab allows it, since it
 * changes no setting. A cron that is switched off does not run without `evenOff`, and its log records that. Throws
 * NotFoundError, ThrottledError when it was requested too often, and ConflictError when no version of the cron was ever valid or
 * its stored state cannot be read.
 */
export async function forceRun(
  ports: ForcePorts,
  site: string,
  uid: string,
  { evenOff = false }: ForceOptions = {},
): Promise<ForceRunResult> {
  const state = await ports.store.read(site, uid);
  const now = ports.clock.now();
  const cron = cronView({ site, uid }, state, now);
  if (!cron) throw cronNotFound({ site, uid });
  if (!cron.definition || cron.unreadable) {
    const why = cron.unreadable
      ? formatProblem(cron.unreadable)
      : 'no version of it was ever valid. Fix it first.';
    throw new ConflictError(`${describeKey({ site, uid })} cannot run: ${why}`);
  }
  if (state.job && recentRequests(state.job, now).length >= MAX_RECENT_FORCED) {
    throw new ThrottledError(
      `${describeKey({ site, uid })} was requested ${MAX_RECENT_FORCED} times within ${GRACE_MS / 60_000} minutes, the most. Try again later.`,
    );
  }
  const forced = ports.random.id();
  const plannedAt = Math.floor(now / 1000) * 1000;
  const requestedBy = ports.by === undefined ? {} : { requestedBy: ports.by };
  const held = evenOff ? { evenOff } : {};
  await ports.queue.deliver({ site, uid, plannedAt, forced, ...requestedBy, ...held });
  ports.logger.info(`A run of ${site}/${uid} was asked for`, {
    site,
    uid,
    runId: forced,
    code: 'run-forced',
  });
  const asked = `Asked for a run of "${uid}" of "${site}": ${forced}.`;
  return {
    message: `${asked} ${expectation(cron, cron.definition, evenOff)}`,
    changed: true,
    runId: forced,
    logId: recordId({ plannedAt, forced }),
  };
}

function expectation({ active, job }: CronView, definition: CronFields, evenOff: boolean): string {
  if (!active && !evenOff) {
    const what = definition.activated ? 'the crontab' : 'it';
    return `It will not run, because ${what} is switched off; its run record will say so.`;
  }
  if (!job.running || definition.overlap === 'allow') return 'Its run record appears when it has ended.';
  return definition.overlap === 'skip'
    ? 'A run still goes on, and overlap is "skip": if it has not ended by then, this one is logged as not run.'
    : 'A run still goes on: this one follows when that has ended.';
}
