/** Requests a run now. The regular schedule stays unchanged. */
import type { CronFields } from '../../core/domain/cron.ts';
import { ConflictError, UnavailableError } from '../../core/domain/errors.ts';
import { type Log, logOf } from '../../core/domain/log.ts';
import { describeKey } from '../../core/domain/names.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import { recordId } from '../../core/domain/run-record.ts';
import { pause } from '../../core/ports/clock.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { CronView } from './cron-view.ts';
import type { ForceRunResult } from './operation-result.ts';
import { type ReadPorts, readCron } from './read.ts';

/** Each pause between two reads is longer by a quarter, up to the longest, in milliseconds: most runs end soon. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Half an hour, twice the time that a run and its lease can take. By then the run or the sweep has written the record. */
const MAX_WAIT_MS = 1_800_000;

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

/** The log of a forced run, however many are newer; absent until the run has ended. Throws NotFoundError without a cron. */
export async function readForcedLog(
  ports: ReadPorts,
  site: string,
  uid: string,
  logId: string,
): Promise<Log | undefined> {
  const record = await ports.store.readRecord(site, uid, logId);
  if (record) return logOf(record);
  await readCron(ports, site, uid);
  return undefined;
}

/** Waits for the log of a forced run. Throws NotFoundError without a cron, and UnavailableError after half an hour. */
export async function waitForForcedLog(
  ports: ReadPorts,
  site: string,
  uid: string,
  { runId, logId }: Pick<ForceRunResult, 'runId' | 'logId'>,
): Promise<Log> {
  let pauseMs = FIRST_PAUSE_MS;
  for (const end = ports.clock.now() + MAX_WAIT_MS; ports.clock.now() < end; ) {
    const log = await readForcedLog(ports, site, uid, logId);
    if (log) return log;
    await pause(ports.clock, pauseMs);
    pauseMs = Math.min(1.25 * pauseMs, LONGEST_PAUSE_MS);
  }
  throw new UnavailableError(
    `The run ${runId} of ${site}/${uid} has no run record after half an hour. ` +
      `See "cloudtab logs ${uid}" and the output of the run function.`,
  );
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
