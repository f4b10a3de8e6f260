/**
 * A small world for the explorer: the state that processes share, with one clock. Processes reach it through the ports of
 * actor.ts. The world itself acts without disturbance, to prepare a state and to converge.
 */
import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import { CRON_DEFAULTS, type CronFields } from '../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Delivery, Occurrence } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { SiteState, Store } from '../../lib/core/ports/store.ts';
import type { ControlledProcess } from './controlled-process.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';

export const SITE = 'default';
export const UID = 'a';
export const MINUTE = 60_000;
/** A Monday, far from any clock change. */
export const NOON = Date.parse('2026-03-02T12:00:00Z');

/** A run that has begun. */
export interface Start extends Occurrence {
  readonly uid: string;
  readonly process: string;
  /** Whether the runner returned. */
  hasEnded: boolean;
}

/** A job was armed for that time, from `since` on. */
export interface Arming {
  readonly uid: string;
  readonly armedAt?: number;
  readonly timing?: string;
  readonly since: number;
}

/** A process waits for a time. */
interface Alarm {
  readonly time: number;
  readonly process: ControlledProcess | undefined;
  readonly callback: () => void;
}

export class World {
  now: number;
  readonly starts: Start[] = [];
  readonly armings: Arming[] = [];
  /** Deliveries that were accepted and have not been handled, oldest first. */
  readonly deliveries: Delivery[] = [];
  /** Run records that a user has deleted: `<uid>/<id>`. */
  readonly deletedRecords = new Set<string>();
  readonly registry = new MemoryRegistry(() => this.now);
  readonly queue: MemoryQueue;
  readonly store: Store;
  readonly #database = new DatabaseSync(':memory:');
  /** What eventually consistent reads may still return. */
  #before: { site: SiteState; timers: readonly Timer[] } = { site: { crons: [] }, timers: [] };
  #alarms: Alarm[] = [];
  readonly #ids = new Map<string, number>();

  constructor(now: number) {
    this.now = now;
    this.queue = new MemoryQueue(
      () => this.now,
      (delivery) => this.deliveries.push(delivery),
    );
    const clock = { now: () => this.now, wake: () => () => {} };
    this.store = this.#observed(new SqliteStore(this.#database, { clock, retentionDays: 90 }));
  }

  /** What an eventually consistent read may return. */
  stale(name: string): unknown {
    if (name === 'store.readSite') return this.#before.site;
    return name === 'queue.timers' ? this.#before.timers : { records: [] };
  }

  /** Everything that decides how the world goes on, processes apart. */
  get state(): string {
    const rows = ['projection', 'job', 'record'].map((table) =>
      this.#database.prepare(`SELECT uid, body FROM ${table}`).all(),
    );
    const starts = this.starts.map(({ uid, plannedAt, forced, process, hasEnded }) =>
      [uid, plannedAt, forced, process, hasEnded].join(' '),
    );
    const alarms = this.#alarms.map(({ time, process }) => `${process?.name} ${time}`);
    return JSON.stringify([
      rows,
      this.#before,
      this.registry.state,
      this.queue.state,
      this.deliveries,
      starts.sort(),
      this.armings,
      alarms.sort(),
      this.now,
    ]);
  }

  async timers(): Promise<Timer[]> {
    return Array.fromAsync(this.queue.timers());
  }

  async job(uid = UID): Promise<Job | undefined> {
    return await this.store.readJob(SITE, uid);
  }

  async records(uid = UID): Promise<readonly RunRecord[]> {
    return (await this.store.records(SITE, uid, { limit: 1000 })).records;
  }

  async site(): Promise<SiteState> {
    return await this.store.readSite(SITE);
  }

  /** Lets time pass: timers that are due deliver, and processes that wait for a time go on. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    this.queue.fire();
    const due = this.#alarms.filter(({ time }) => time <= this.now);
    this.#alarms = this.#alarms.filter(({ time }) => time > this.now);
    for (const { callback, process } of due.sort((a, b) => a.time - b.time)) {
      if (process?.status !== 'dead') callback();
    }
  }

  /** Calls back when the world has come to that time; returns how to cancel that. */
  wake(time: number, process: ControlledProcess | undefined, callback: () => void): () => void {
    const alarm = { time, process, callback };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((one) => one !== alarm);
    };
  }

  /** When the next process that is alive goes on by itself. */
  get nextAlarm(): number | undefined {
    const times = this.#alarms.filter(({ process }) => process?.status !== 'dead').map(({ time }) => time);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Writes the parameter of a cron: hourly, unless the fields say otherwise. */
  async write(fields: Partial<CronFields> = {}, uid = UID): Promise<void> {
    const value = { ...CRON_DEFAULTS, name: 'task', periodicity: '0 * * * *', ...fields };
    await this.registry.write({ site: SITE, uid }, JSON.stringify(value));
  }

  async writeSettings(settings: Partial<CrontabSettings>): Promise<void> {
    await this.registry.write({ site: SITE }, JSON.stringify({ ...CRONTAB_DEFAULTS, ...settings }));
  }

  async remove(uid = UID): Promise<void> {
    await this.registry.remove({ site: SITE, uid });
  }

  /** Makes an item of the store unreadable. */
  spoil(table: 'projection' | 'job', uid = UID): void {
    this.#database.prepare(`UPDATE ${table} SET body = '{' WHERE uid = ?`).run(uid);
  }

  nextId(name: string): string {
    const id = (this.#ids.get(name) ?? 0) + 1;
    this.#ids.set(name, id);
    return `${name}-${id}`;
  }

  close(): void {
    this.#database.close();
  }

  /** The store, with a note of each write. */
  #observed(store: SqliteStore): Store {
    const note = async () => {
      this.#before = { site: await store.readSite(SITE), timers: await this.timers() };
    };
    const { commit, putProjection, deleteRecords } = {
      putProjection: async (key: ParameterKey, ...rest: [never]) => {
        await note();
        return await store.putProjection(key, ...rest);
      },
      commit: async (job: Job, token: string | undefined, records: readonly RunRecord[]) => {
        await note();
        const isWritten = await store.commit(job, token, records);
        if (isWritten) this.#noteArming(job);
        return isWritten;
      },
      deleteRecords: async (site: string, uid: string, ids: readonly string[]) => {
        await note();
        for (const id of ids) this.deletedRecords.add(`${uid}/${id}`);
        return await store.deleteRecords(site, uid, ids);
      },
    };
    return {
      commit,
      putProjection,
      deleteRecords,
      read: (...args) => store.read(...args),
      readJob: (...args) => store.readJob(...args),
      readProjection: (...args) => store.readProjection(...args),
      readSite: (...args) => store.readSite(...args),
      sites: () => store.sites(),
      records: (...args) => store.records(...args),
      readRecord: (...args) => store.readRecord(...args),
      activity: (...args) => store.activity(...args),
      attention: (...args) => store.attention(...args),
    };
  }

  #noteArming({ uid, armedAt, timing }: Job): void {
    const last = this.armings.findLast((one) => one.uid === uid);
    if (last?.armedAt === armedAt && last?.timing === timing) return;
    this.armings.push({
      uid,
      since: this.now,
      ...(armedAt !== undefined && { armedAt }),
      ...(timing !== undefined && { timing }),
    });
  }
}
