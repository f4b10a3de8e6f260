/** What the killed processes left behind: read from the database and the log files, by somebody who only looks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import { DEFAULT_SITE } from '../../lib/domain/names.ts';
import { type Folder, folderOf } from '../../lib/local/folder.ts';
import { openDatabase } from '../../lib/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/local/sqlite-store.ts';
import type { Remains, Start } from './account.ts';
import type { Subject } from './crons.ts';

/** A run that a person asked for, and was answered. */
export interface Asked {
  readonly uid: string;
  readonly runId: string;
}

export class Evidence {
  readonly #folder: Folder;
  readonly #subjects: readonly Subject[];
  readonly #first = new Map<string, number>();
  /** By cron, then by its own text: a record that was changed is there twice. */
  readonly #logs = new Map<string, Map<string, Log>>();

  constructor(dir: string, subjects: readonly Subject[]) {
    this.#folder = folderOf(dir);
    this.#subjects = subjects;
  }

  /** The jobs as they are now. Keeps their records: a job has room for the latest ones only. */
  async look(): Promise<Map<string, Job>> {
    const database = openDatabase(this.#folder.database);
    try {
      const { crons } = await new SqliteStore(database).readSite(DEFAULT_SITE);
      const jobs = crons.map(({ job }) => job).filter((job) => job !== undefined);
      for (const job of jobs) {
        const { uid, logs, armed } = job;
        if (armed && !this.#first.has(uid)) this.#first.set(uid, firstPlanned(job, armed.at));
        const known = this.#logs.get(uid) ?? new Map<string, Log>();
        for (const log of logs) known.set(JSON.stringify(log), log);
        this.#logs.set(uid, known);
      }
      return new Map(jobs.map((job) => [job.uid, job]));
    } finally {
      database.close();
    }
  }

  /** What is known of each cron, as things stand now. `asked`: the runs that people asked for. */
  async remains(asked: readonly Asked[]): Promise<Remains[]> {
    const jobs = await this.look();
    const starts = this.#starts();
    return this.#subjects.map((subject): Remains => {
      const { uid } = subject;
      const job = jobs.get(uid);
      const pending = job?.pending ?? [];
      const waiting = pending.filter(({ forced }) => forced === undefined);
      const runIds = asked.filter((one) => one.uid === uid).map(({ runId }) => runId);
      return {
        subject,
        first: this.#first.get(uid) ?? 0,
        ...(job?.armed ? { armed: job.armed.at } : {}),
        waiting: waiting.map(({ at }) => at),
        asked: runIds.filter((runId) => !pending.some(({ forced }) => forced === runId)),
        leases: job?.leases.length ?? 0,
        logs: [...(this.#logs.get(uid)?.values() ?? [])],
        starts: starts.filter((start) => start.uid === uid),
      };
    });
  }

  #starts(): Start[] {
    const files = readdirSync(this.#folder.logs).map((file) => join(this.#folder.logs, file));
    return files.flatMap((file) => readFileSync(file, 'utf8').split('\n').flatMap(startOf));
  }
}

/** Where nothing was killed yet, some minutes may have passed already before somebody looks for the first time. */
function firstPlanned({ logs, leases, pending }: Job, armed: number): number {
  const planned = [...leases, ...pending].filter(({ forced }) => forced === undefined);
  const logged = logs.filter(({ id }) => !id.includes('-')).map(({ at, covers }) => covers?.from ?? at);
  return Math.min(armed, ...planned.map(({ at }) => at), ...logged);
}

/** The first line of a heartbeat's run; none in any other line. */
function startOf(text: string): Start[] {
  if (!text.includes('"planned"')) return [];
  const { uid, planned, runId } = JSON.parse(text);
  return [{ uid, planned: Date.parse(planned), runId }];
}
