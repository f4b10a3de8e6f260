/** The history of each cron, read from the database and from the output files without changing them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, folderOf } from '../../lib/adapters/local/folder.ts';
import { openDatabase } from '../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import { type Log, logOf } from '../../lib/core/domain/log.ts';
import { DEFAULT_SITE } from '../../lib/core/domain/names.ts';
import { retry } from '../../lib/core/ports/retry.ts';
import { type CronHistory, plannedTimes, type RunStart } from './oracle.ts';
import type { WorkloadCron } from './workload.ts';

/** A run that a command forced successfully. */
export interface ForcedRun {
  readonly uid: string;
  readonly runId: string;
}

const PAGE_SIZE = 1_000;

/** Pauses before the state is read again, in milliseconds. */
const BUSY_PAUSES = [100, 200, 400, 800, 1_600];

export class History {
  readonly #folder: Folder;
  readonly #crons: readonly WorkloadCron[];
  /** By cron: the first time of the first job that was seen. */
  readonly #firstPlannedAt = new Map<string, number>();
  /** By cron, then by the record's JSON: a record that changed is kept in each of its versions. */
  readonly #records = new Map<string, Map<string, Log>>();

  constructor(dir: string, crons: readonly WorkloadCron[]) {
    this.#folder = folderOf(dir);
    this.#crons = crons;
  }

  /** The current jobs by cron. */
  readJobs(): Promise<Map<string, Job>> {
    return this.#withStore((store) => this.#readJobs(store));
  }

  /** Keeps the run records as they are now. */
  readRecords(): Promise<void> {
    return this.#withStore((store) => this.#readRecords(store));
  }

  /** The history of each cron up to now, given all runs that were forced and all that reported their start. */
  async crons(forcedRuns: readonly ForcedRun[], starts: readonly RunStart[]): Promise<CronHistory[]> {
    await this.readRecords();
    const jobs = await this.readJobs();
    return this.#crons.map((cron): CronHistory => {
      const { uid } = cron;
      const { armedAt, waiting, waitingForced = [], leases = [] } = jobs.get(uid) ?? {};
      const records = [...(this.#records.get(uid)?.values() ?? [])];
      const recorded = records
        .filter(({ id }) => !id.includes('-'))
        .map(({ plannedAt, covers }) => covers?.from ?? plannedAt);
      const forcedRunIds = forcedRuns.filter((run) => run.uid === uid).map(({ runId }) => runId);
      return {
        cron,
        // Some minutes may have passed before the jobs were read for the first time.
        firstPlannedAt: Math.min(this.#firstPlannedAt.get(uid) ?? 0, ...recorded),
        ...(armedAt === undefined ? {} : { armedAt }),
        waiting: waiting ? plannedTimes(cron, waiting.from, waiting.to) : [],
        forcedRunIds: forcedRunIds.filter((runId) => !waitingForced.some(({ forced }) => forced === runId)),
        leases: leases.length,
        records,
        starts: starts.filter((start) => start.uid === uid),
      };
    });
  }

  async #readJobs(store: SqliteStore): Promise<Map<string, Job>> {
    const { crons } = await store.readSite(DEFAULT_SITE);
    const jobs = crons.map(({ job }) => job).filter((job) => job !== undefined);
    for (const { uid, armedAt, leases, waiting } of jobs) {
      if (armedAt === undefined || this.#firstPlannedAt.has(uid)) continue;
      const running = leases.filter(({ forced }) => forced === undefined).map(({ plannedAt }) => plannedAt);
      this.#firstPlannedAt.set(uid, Math.min(armedAt, waiting?.from ?? armedAt, ...running));
    }
    return new Map(jobs.map((job) => [job.uid, job]));
  }

  async #readRecords(store: SqliteStore): Promise<void> {
    for (const { uid } of this.#crons) {
      const known = this.#records.get(uid) ?? new Map<string, Log>();
      this.#records.set(uid, known);
      let cursor: string | undefined;
      do {
        const page = await store.records(DEFAULT_SITE, uid, {
          limit: PAGE_SIZE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const record of page.records) known.set(JSON.stringify(record), logOf(record));
        cursor = page.cursor;
      } while (cursor !== undefined);
    }
  }

  /** Tries again while the scheduler is writing. */
  #withStore<Result>(use: (store: SqliteStore) => Promise<Result>): Promise<Result> {
    const isBusy = (error: unknown) => error instanceof UnavailableError;
    return retry(systemClock, BUSY_PAUSES, () => this.#useStore(use), isBusy);
  }

  async #useStore<Result>(use: (store: SqliteStore) => Promise<Result>): Promise<Result> {
    const database = openDatabase(this.#folder.database);
    try {
      return await use(new SqliteStore(database, { clock: systemClock, retentionDays: 90 }));
    } finally {
      database.close();
    }
  }

  /** The starts in the log folder. */
  loggedStarts(): RunStart[] {
    const files = readdirSync(this.#folder.logs).map((file) => join(this.#folder.logs, file));
    return files.flatMap((file) => startsIn(readFileSync(file, 'utf8')));
  }
}

/** The starts in lines of JSON. */
export function startsIn(lines: string): RunStart[] {
  return lines.split('\n').flatMap(parseStart);
}

/** The start of a run, if this is the first line that a heartbeat writes; empty for any other line. */
function parseStart(line: string): RunStart[] {
  if (!line.includes('"planned"')) return [];
  const { uid, planned, runId } = JSON.parse(line);
  return [{ uid, plannedAt: Date.parse(planned), runId }];
}
