/** The history of each cron, read from the database and from the output files without changing them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, folderOf } from '../../lib/adapters/local/folder.ts';
import { openDatabase } from '../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import { DEFAULT_SITE } from '../../lib/core/domain/names.ts';
import type { CronHistory, RunStart } from './oracle.ts';
import type { WorkloadCron } from './workload.ts';

/** A run that a command forced successfully. */
export interface ForcedRun {
  readonly uid: string;
  readonly runId: string;
}

export class History {
  readonly #folder: Folder;
  readonly #crons: readonly WorkloadCron[];
  readonly #firstPlannedAt = new Map<string, number>();
  /** By cron, then by the record's JSON: a record that changed is kept in each of its versions. */
  readonly #records = new Map<string, Map<string, Log>>();

  constructor(dir: string, crons: readonly WorkloadCron[]) {
    this.#folder = folderOf(dir);
    this.#crons = crons;
  }

  /** Reads the current jobs and keeps their run records, because a job holds only the latest ones. */
  async readJobs(): Promise<Map<string, Job>> {
    const database = openDatabase(this.#folder.database);
    try {
      const { crons } = await new SqliteStore(database).readSite(DEFAULT_SITE);
      const jobs = crons.map(({ job }) => job).filter((job) => job !== undefined);
      for (const job of jobs) {
        const { uid, logs, armed } = job;
        if (armed && !this.#firstPlannedAt.has(uid))
          this.#firstPlannedAt.set(uid, firstPlannedAt(job, armed.plannedAt));
        const records = this.#records.get(uid) ?? new Map<string, Log>();
        for (const log of logs) records.set(JSON.stringify(log), log);
        this.#records.set(uid, records);
      }
      return new Map(jobs.map((job) => [job.uid, job]));
    } finally {
      database.close();
    }
  }

  /** The history of each cron up to now, given all runs that were forced. */
  async crons(forcedRuns: readonly ForcedRun[]): Promise<CronHistory[]> {
    const jobs = await this.readJobs();
    const starts = this.#starts();
    return this.#crons.map((cron): CronHistory => {
      const { uid } = cron;
      const job = jobs.get(uid);
      const pending = job?.pending ?? [];
      const pendingPlanned = pending.filter(({ forced }) => forced === undefined);
      const forcedRunIds = forcedRuns.filter((run) => run.uid === uid).map(({ runId }) => runId);
      return {
        cron,
        firstPlannedAt: this.#firstPlannedAt.get(uid) ?? 0,
        ...(job?.armed ? { armedAt: job.armed.plannedAt } : {}),
        pending: pendingPlanned.map(({ plannedAt }) => plannedAt),
        forcedRunIds: forcedRunIds.filter((runId) => !pending.some(({ forced }) => forced === runId)),
        leases: job?.leases.length ?? 0,
        records: [...(this.#records.get(uid)?.values() ?? [])],
        starts: starts.filter((start) => start.uid === uid),
      };
    });
  }

  #starts(): RunStart[] {
    const files = readdirSync(this.#folder.logs).map((file) => join(this.#folder.logs, file));
    return files.flatMap((file) => readFileSync(file, 'utf8').split('\n').flatMap(parseStart));
  }
}

/**
 * Some minutes may have passed before the jobs are read for the first time, so the armed time need not be the first.
 */
function firstPlannedAt({ logs, leases, pending }: Job, armedAt: number): number {
  const planned = [...leases, ...pending].filter(({ forced }) => forced === undefined);
  const recorded = logs
    .filter(({ id }) => !id.includes('-'))
    .map(({ plannedAt, covers }) => covers?.from ?? plannedAt);
  return Math.min(armedAt, ...planned.map(({ plannedAt }) => plannedAt), ...recorded);
}

/** The start of a run, if this is the first line that a heartbeat writes; empty for any other line. */
function parseStart(line: string): RunStart[] {
  if (!line.includes('"planned"')) return [];
  const { uid, planned, runId } = JSON.parse(line);
  return [{ uid, plannedAt: Date.parse(planned), runId }];
}
