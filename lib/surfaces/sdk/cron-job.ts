/** The job, the logs and the history of a cron, for programs. */
import type { InputOf } from '../../app/door/operations.ts';
import { wholeHistory } from '../../app/door/whole-lists.ts';
import type { ForceOptions } from '../../app/operations/force-run.ts';
import type { VersionView } from '../../app/operations/history.ts';
import type { JobStatus } from '../../app/operations/job-status.ts';
import type {
  BulkResult,
  DeleteLogsResult,
  ForceRunResult,
  OperationResult,
} from '../../app/operations/operation-result.ts';
import type { Output } from '../../app/operations/read-output.ts';
import type { RunPage } from '../../app/operations/read-runs.ts';
import type { Power } from '../../app/operations/switch-cron.ts';
import type { WhyAnswer } from '../../app/operations/why.ts';
import type { Client } from '../../client/client.ts';
import { finishedRun } from '../../client/finished-run.ts';
import { ReadOnlyError } from '../../core/domain/errors.ts';
import type { Log } from '../../core/domain/log.ts';

/** Which runs, as in the API. */
export type RunFilter = InputOf<'readRuns'>;

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

  /** A page of its runs, newest first; those in progress come first. Throws NotFoundError. */
  async runs(filter: Omit<RunFilter, 'uid'> = {}): Promise<RunPage> {
    return this.#client.call('readRuns', { site: this.site }, { ...filter, uid: this.uid });
  }

  /** The lines that a run wrote; with the cursor of an answer the lines after it. `id` is that of its record or of a run in progress. */
  output(id: string, cursor?: string): Promise<Output> {
    return this.#client.call('readOutput', this.#key, { id, cursor });
  }

  /**
   * Why it ran, did not run or will run at that time, past or future. `timezone`: the zone of the times in the text, by default
   * that of the cron. Throws NotFoundError.
   */
  why(time: Date, { timezone }: { readonly timezone?: string } = {}): Promise<WhyAnswer> {
    return this.#client.call('why', this.#key, { time: time.toISOString(), timezone });
  }

  /** Stops a run in progress: it ends as FAILURE. Throws NotFoundError if there is no such run. */
  stop(id: string): Promise<OperationResult> {
    return this.#client.call('stopRun', this.#key, { id });
  }

  /** Switches it on or off, with a note for the history. Throws NotFoundError, ReadOnlyError. Reload the crontab afterwards. */
  async switch(power: Power): Promise<OperationResult> {
    this.#requireWritable();
    const { message, changed } = await this.#client.call('switchCron', this.#key, power);
    return { message, changed };
  }

  /**
   * Adds it again after its removal, with its last valid definition. Throws NotFoundError, ConflictError, ReadOnlyError. Reload the
   * crontab afterwards.
   */
  async undelete(): Promise<OperationResult> {
    this.#requireWritable();
    const { message, changed } = await this.#client.call('restoreCron', this.#key);
    return { message, changed };
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
    return wholeHistory(this.#client.call, this.#key);
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

/** What to do to each of several crons. */
export type BulkAction = 'run' | 'remove' | 'restore' | Power;

/** Does it to those of that site. Throws ReadOnlyError for a change without `mayWrite`. */
export async function toEach(
  { call }: Client,
  site: string,
  uids: readonly string[],
  action: BulkAction,
  mayWrite: boolean,
): Promise<BulkResult> {
  if (action === 'run') return call('runCrons', { site }, { uids: [...uids] });
  if (!mayWrite) throw new ReadOnlyError(site);
  if (action === 'remove') return call('removeCrons', { site }, { uids: [...uids] });
  if (action === 'restore') return call('restoreCrons', { site }, { uids: [...uids] });
  return call('switchCrons', { site }, { uids: [...uids], ...action });
}
