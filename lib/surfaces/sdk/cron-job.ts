/** What goes on with one cron, for programs: its job, its logs, its history, and running it now. */

import { deleteLogs } from '../../app/operations/delete-logs.ts';
import { forceRun } from '../../app/operations/force-run.ts';
import { history, rollback, type VersionView } from '../../app/operations/history.ts';
import type { JobStatus } from '../../app/operations/job-status.ts';
import type {
  DeleteLogsResult,
  ForceRunResult,
  OperationResult,
} from '../../app/operations/operation-result.ts';
import { readCron } from '../../app/operations/read.ts';
import { UnavailableError } from '../../core/domain/errors.ts';
import type { Log } from '../../core/domain/log.ts';
import { pause } from '../../core/ports/clock.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

const LOOK_EVERY = 250;
/** Longer than a run and its lease can take. */
const MAX_WAIT_MS = 1_800_000;

export interface ForcedRun extends ForceRunResult {
  /** Waits for its end. Throws UnavailableError when no log comes within half an hour. */
  finished(): Promise<Log>;
}

export class CronJob {
  readonly site: string;
  readonly uid: string;
  readonly #ports: OperationPorts;

  constructor(ports: OperationPorts, site: string, uid: string) {
    this.#ports = ports;
    this.site = site;
    this.uid = uid;
  }

  /** Whether a job is present, pending, running, finished or late, and its next time. Throws NotFoundError. */
  async status(): Promise<JobStatus> {
    return (await readCron(this.#ports, this.site, this.uid)).job;
  }

  /** Runs it now; its regular schedule stands. Throws NotFoundError, and ConflictError when it was never valid. */
  async force(): Promise<ForcedRun> {
    const outcome = await forceRun(this.#ports, this.site, this.uid);
    return { ...outcome, finished: () => this.#logOf(outcome.runId) };
  }

  /** Newest first. Throws NotFoundError. */
  async logs(): Promise<readonly Log[]> {
    return (await readCron(this.#ports, this.site, this.uid)).logs;
  }

  /** Deletes the logs of these ids, or all. Throws NotFoundError, ReadOnlyError. */
  deleteLogs(which: readonly string[] | 'all' = 'all'): Promise<DeleteLogsResult> {
    return deleteLogs(this.#ports, this.site, this.uid, which);
  }

  /** The versions of its definition, newest first, with who and when. */
  history(): Promise<VersionView[]> {
    return history(this.#ports, this);
  }

  /** Puts an earlier version back. Throws NotFoundError, InvalidError, ReadOnlyError. Load the crontab again after it. */
  restore(version: number): Promise<OperationResult> {
    return rollback(this.#ports, this, version);
  }

  async #logOf(runId: string): Promise<Log> {
    const { clock } = this.#ports;
    const end = clock.now() + MAX_WAIT_MS;
    while (clock.now() < end) {
      const log = (await this.logs()).find((one) => one.runId === runId || one.id.endsWith(`-${runId}`));
      if (log) return log;
      await pause(clock, LOOK_EVERY);
    }
    throw new UnavailableError(`The run ${runId} of ${this.site}/${this.uid} left no log in half an hour.`);
  }
}
