/** The job, the logs and the history of a cron, for programs. */
import type { ForceOptions } from '../../app/operations/force-run.ts';
import type { VersionView } from '../../app/operations/history.ts';
import type { JobStatus } from '../../app/operations/job-status.ts';
import type {
  DeleteLogsResult,
  ForceRunResult,
  OperationResult,
} from '../../app/operations/operation-result.ts';
import type { Client } from '../../client/client.ts';
import { finishedRun } from '../../client/finished-run.ts';
import { ReadOnlyError } from '../../core/domain/errors.ts';
import type { Log } from '../../core/domain/log.ts';

export interface ForcedRun extends ForceRunResult {
  /** Waits for the end of the run. Throws UnavailableError after half an hour without a log. */
  finished(): Promise<Log>;
}

export class CronJob {
  readonly site: string;
  readonly uid: string;
  readonly #client: Client;
  readonly #mayWrite: boolean;

  /** Without `mayWrite` it changes no logs and no definition. */
  constructor(client: Client, site: string, uid: string, mayWrite = true) {
    this.#mayWrite = mayWrite;
    this.#client = client;
    this.site = site;
    this.uid = uid;
  }

  /** The state of the job and its next time. Throws NotFoundError. */
  async status(): Promise<JobStatus> {
    return this.#client.call('readJob', this.#key);
  }

  /**
   * Runs the cron now; its schedule stays the same. One that is off runs only with `evenOff`, and stays off. Throws
   * NotFoundError, and ConflictError without a valid version.
   */
  async force(options: ForceOptions = {}): Promise<ForcedRun> {
    const outcome = await this.#client.call('runCron', this.#key, options);
    return { ...outcome, finished: () => finishedRun(this.#client, this.#key, outcome) };
  }

  /** Newest first. Throws NotFoundError. */
  async logs(): Promise<readonly Log[]> {
    return (await this.#client.call('readCron', this.#key)).logs;
  }

  /** Deletes the logs of these ids, or all. Throws NotFoundError, ReadOnlyError. */
  async deleteLogs(which: readonly string[] | 'all' = 'all'): Promise<DeleteLogsResult> {
    this.#requireWritable();
    return this.#client.call('deleteLogs', this.#key, which === 'all' ? {} : { ids: [...which] });
  }

  /** The versions of its definition, newest first, with their authors and times. */
  history(): Promise<VersionView[]> {
    return this.#client.call('readHistory', this.#key);
  }

  /** Restores an earlier version. Throws NotFoundError, InvalidError, ReadOnlyError. Reload the crontab afterwards. */
  async restore(version: number): Promise<OperationResult> {
    this.#requireWritable();
    return this.#client.call('rollbackCron', this.#key, { version });
  }

  get #key(): { readonly site: string; readonly uid: string } {
    return { site: this.site, uid: this.uid };
  }

  #requireWritable(): void {
    if (!this.#mayWrite) throw new ReadOnlyError(this.site);
  }
}
