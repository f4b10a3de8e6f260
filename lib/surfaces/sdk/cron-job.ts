/** The job, the logs and the history of a cron, for programs. */
import { deleteLogs } from '../../app/operations/delete-logs.ts';
import { forceRun, waitForForcedLog } from '../../app/operations/force-run.ts';
import { history, rollback, type VersionView } from '../../app/operations/history.ts';
import type { JobStatus } from '../../app/operations/job-status.ts';
import type {
  DeleteLogsResult,
  ForceRunResult,
  OperationResult,
} from '../../app/operations/operation-result.ts';
import { readCron } from '../../app/operations/read.ts';
import { ReadOnlyError } from '../../core/domain/errors.ts';
import type { Log } from '../../core/domain/log.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

export interface ForcedRun extends ForceRunResult {
  /** Waits for the end of the run. Throws UnavailableError after half an hour without a log. */
  finished(): Promise<Log>;
}

export class CronJob {
  readonly site: string;
  readonly uid: string;
  readonly #ports: OperationPorts;

  readonly #mayWrite: boolean;

  /** Without `mayWrite` it changes no logs and no definition. */
  constructor(ports: OperationPorts, site: string, uid: string, mayWrite = true) {
    this.#mayWrite = mayWrite;
    this.#ports = ports;
    this.site = site;
    this.uid = uid;
  }

  /** The state of the job and its next time. Throws NotFoundError. */
  async status(): Promise<JobStatus> {
    return (await readCron(this.#ports, this.site, this.uid)).job;
  }

  /** Runs the cron now; its schedule stays the same. Throws NotFoundError, and ConflictError without a valid version. */
  async force(): Promise<ForcedRun> {
    const outcome = await forceRun(this.#ports, this.site, this.uid);
    return { ...outcome, finished: () => waitForForcedLog(this.#ports, this.site, this.uid, outcome) };
  }

  /** Newest first. Throws NotFoundError. */
  async logs(): Promise<readonly Log[]> {
    return (await readCron(this.#ports, this.site, this.uid)).logs;
  }

  /** Deletes the logs of these ids, or all. Throws NotFoundError, ReadOnlyError. */
  async deleteLogs(which: readonly string[] | 'all' = 'all'): Promise<DeleteLogsResult> {
    this.#requireWritable();
    return deleteLogs(this.#ports, this.site, this.uid, which);
  }

  /** The versions of its definition, newest first, with their authors and times. */
  history(): Promise<VersionView[]> {
    return history(this.#ports, this);
  }

  /** Restores an earlier version. Throws NotFoundError, InvalidError, ReadOnlyError. Reload the crontab afterwards. */
  async restore(version: number): Promise<OperationResult> {
    this.#requireWritable();
    return rollback(this.#ports, this, version);
  }

  #requireWritable(): void {
    if (!this.#mayWrite) throw new ReadOnlyError(this.site);
  }
}
