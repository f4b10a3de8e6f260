/**
 * A small world for the explorer: the real handlers on the local adapters, in memory, with one clock. Processes reach it
 * through controlled ports; the world itself acts without control, to prepare a state and to let it converge.
 */
import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import { TimerQueue } from '../../lib/adapters/local/timer-queue.ts';
import { CRON_DEFAULTS, type CronFields } from '../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Ports } from '../../lib/core/engine/ports.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import { type RunPorts, run } from '../../lib/core/engine/run.ts';
import { sweep } from '../../lib/core/engine/sweep.ts';
import { syncCron, syncSite } from '../../lib/core/engine/sync.ts';
import type { Clock } from '../../lib/core/ports/clock.ts';
import type { Parameter } from '../../lib/core/ports/registry.ts';
import type { SiteState } from '../../lib/core/ports/store.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import type { ControlledProcess } from './controlled-process.ts';
import { MemoryRegistry } from './memory-registry.ts';

export type WorldPorts = Ports & RunPorts;

export const SITE = 'default';
export const UID = 'a';
export const MINUTE = 60_000;
/** Ids of requested runs begin with it. */
export const REQUEST = 'request';
/** A Monday, far from any clock change. */
export const NOON = Date.parse('2026-03-02T12:00:00Z');

/** How long a Lambda may run, in milliseconds. */
const LIFETIME_MS = 15 * MINUTE;
/** Waits up to this long are for a retry: they end at once. Longer ones are timeouts: they never come. */
const LONGEST_BACKOFF_MS = 4_500;

/** A run that has begun. */
export interface Start {
  readonly plannedAt: number;
  /** The id of the run if a user requested it. */
  readonly forced?: string;
  readonly process: string;
  /** Whether the runner returned. */
  hasEnded: boolean;
}

export class World {
  readonly starts: Start[] = [];
  /** Every planned time that a committed job has ever been armed for. */
  readonly armedTimes = new Set<number>();
  /** Deliveries that were accepted and have not been handled, oldest first. */
  readonly deliveries: Delivery[] = [];
  /** Ids of run records that a user has deleted. */
  readonly deletedRecords = new Set<string>();
  readonly #database = new DatabaseSync(':memory:');
  readonly #store: SqliteStore;
  readonly #registry = new MemoryRegistry(() => this.now);
  readonly #queue: TimerQueue;
  readonly #wakes: { readonly time: number; readonly callback: () => void }[] = [];
  /** The site before the last write. */
  #before: SiteState = { crons: [] };
  readonly #ids = new Map<string, number>();
  now: number;

  constructor(now: number) {
    this.now = now;
    this.#store = new SqliteStore(this.#database, { clock: this.#clock(0), retentionDays: 90 });
    const timers: Clock = { now: () => this.now, wake: (time, callback) => this.#wakeAt(time, callback) };
    this.#queue = new TimerQueue(timers, (delivery) => this.deliveries.push(delivery));
  }

  /** The ports of a process: each call waits for the explorer. `skewMs` is how far its clock is ahead. */
  controlled(process: ControlledProcess, skewMs = 0): WorldPorts {
    const through = <Port extends object>(name: string, port: Port): Port =>
      new Proxy(port, {
        get: (target, method) => {
          const value: unknown = Reflect.get(target, method);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) =>
            this.#call(process, `${name}.${String(method)}`, value.bind(target), args);
        },
      });
    const free = this.free(process.name, skewMs);
    return {
      ...free,
      store: through('store', free.store),
      registry: through('registry', free.registry),
      queue: through('queue', free.queue),
      events: through('events', free.events),
      runners: this.#runners(process.name, (work) => process.call('runner.work', async () => work())),
    };
  }

  /** The ports of an actor that nothing disturbs. */
  free(name: string, skewMs = 0): WorldPorts {
    return {
      store: this.#recording(),
      registry: this.#registry,
      queue: this.#queue,
      events: { publish: async () => {} },
      clock: this.#clock(skewMs),
      random: { id: () => this.#nextId(name) },
      logger: new MemoryLogger(),
      secrets: { read: async () => undefined, location: () => 'nowhere' },
      runners: this.#runners(name, async (work) => work()),
      sweepEveryMs: 5 * MINUTE,
    };
  }

  /** Everything that decides how the world goes on, processes apart. */
  get state(): string {
    const rows = ['projection', 'job', 'record'].map((table) =>
      this.#database.prepare(`SELECT * FROM ${table}`).all(),
    );
    const timers = this.#wakes.map(({ time }) => time);
    return JSON.stringify([
      rows,
      this.#before,
      this.#registry.state,
      timers,
      this.deliveries,
      this.starts,
      this.now,
    ]);
  }

  /** The timers that exist. */
  timers(): Promise<Timer[]> {
    return Array.fromAsync(this.#queue.timers());
  }

  async job(uid = UID): Promise<Job | undefined> {
    return await this.#store.readJob(SITE, uid);
  }

  async records(uid = UID): Promise<readonly RunRecord[]> {
    return (await this.#store.records(SITE, uid, { limit: 1000 })).records;
  }

  async site(): Promise<SiteState> {
    return await this.#store.readSite(SITE);
  }

  /** Lets time pass: timers that are due by then deliver. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const wake of this.#wakes.filter(({ time }) => time <= this.now)) {
      this.#wakes.splice(this.#wakes.indexOf(wake), 1);
      wake.callback();
    }
  }

  /** Writes the parameter of a cron and projects it; nothing is synchronised. */
  async write(fields: Partial<CronFields> = {}, uid = UID, ports = this.free('user')): Promise<void> {
    const value = { ...CRON_DEFAULTS, name: 'task', periodicity: '0 * * * *', ...fields };
    await ports.registry.write({ site: SITE, uid }, JSON.stringify(value));
    await projectParameter(ports, { site: SITE, uid });
  }

  async writeSettings(settings: Partial<CrontabSettings>, ports = this.free('user')): Promise<void> {
    await ports.registry.write({ site: SITE }, JSON.stringify({ ...CRONTAB_DEFAULTS, ...settings }));
    await projectParameter(ports, { site: SITE });
  }

  async remove(uid = UID, ports = this.free('user')): Promise<void> {
    await ports.registry.remove({ site: SITE, uid });
    await projectParameter(ports, { site: SITE, uid });
  }

  /** Synchronises without disturbance. */
  async sync(key: ParameterKey = { site: SITE, uid: UID }): Promise<void> {
    const { site, uid } = key;
    await (uid === undefined ? syncSite(this.free('sync'), site) : syncCron(this.free('sync'), site, uid));
  }

  /** Handles a delivery to its end. */
  async run(delivery: Delivery, name = 'run'): Promise<void> {
    await run(this.free(name), delivery, this.now + LIFETIME_MS);
  }

  /** Makes an item of the store unreadable: `kind` is a table. */
  spoil(kind: 'projection' | 'job', uid = UID): void {
    this.#database.prepare(`UPDATE ${kind} SET body = '{' WHERE uid = ?`).run(uid);
  }

  /**
   * What happens after every schedule: Lambda repeats what failed, deliveries arrive, every lease expires, and two sweeps
   * come round. Nothing is disturbed any more.
   */
  async converge(failed: readonly Delivery[]): Promise<void> {
    for (const delivery of failed) await this.run(delivery, 'repetition');
    await this.#deliverAll();
    this.advance(LIFETIME_MS + 3 * MINUTE);
    await this.#deliverAll();
    for (let sweeps = 0; sweeps < 2; sweeps++) {
      await sweep(this.free('sweep'));
      await this.#deliverAll();
      this.advance(5 * MINUTE);
      await this.#deliverAll();
    }
  }

  close(): void {
    this.#queue.close();
    this.#database.close();
  }

  async #deliverAll(): Promise<void> {
    for (let delivery = this.deliveries.shift(); delivery; delivery = this.deliveries.shift())
      await this.run(delivery);
  }

  #call(
    process: ControlledProcess,
    name: string,
    method: (...args: unknown[]) => unknown,
    args: unknown[],
  ): unknown {
    if (name === 'queue.timers' || name === 'registry.list')
      return this.#listCall(process, name, method, args);
    return process.call(name, async (isStale) => {
      if (!isStale) return method(...args);
      return name === 'store.readSite' ? this.#before : { records: [] };
    });
  }

  async *#listCall(
    process: ControlledProcess,
    name: string,
    method: (...args: unknown[]) => unknown,
    args: unknown[],
  ): AsyncIterable<unknown> {
    yield* await process.call(name, () => Array.fromAsync(method(...args) as AsyncIterable<unknown>));
  }

  /** The store, and a note of what it is told. */
  #recording(): SqliteStore {
    const store = this.#store;
    const noting = async <Answer>(write: () => Promise<Answer>): Promise<Answer> => {
      this.#before = await store.readSite(SITE);
      return write();
    };
    return Object.assign(Object.create(store), {
      putProjection: (...args: Parameters<SqliteStore['putProjection']>) =>
        noting(() => store.putProjection(...args)),
      commit: async (job: Job, token: string | undefined, records: readonly RunRecord[]) => {
        const isWritten = await noting(() => store.commit(job, token, records));
        if (isWritten && job.armedAt !== undefined) this.armedTimes.add(job.armedAt);
        return isWritten;
      },
      deleteRecords: (site: string, uid: string, ids: readonly string[]) => {
        for (const id of ids) this.deletedRecords.add(id);
        return store.deleteRecords(site, uid, ids);
      },
    });
  }

  #runners(process: string, during: (work: () => void) => Promise<void>): WorldPorts['runners'] {
    return {
      problems: () => [],
      create: (_name, { plannedAt, runId, cron, signal }) => ({
        run: async () => {
          const forced = runId.startsWith(REQUEST) ? { forced: runId } : {};
          const start: Start = { plannedAt, process, hasEnded: false, ...forced };
          this.starts.push(start);
          await during(() => {
            start.hasEnded = true;
          });
          if (cron.environ.ignoresAbort === true) await new Promise(() => {});
          signal.throwIfAborted();
        },
      }),
    };
  }

  #clock(skewMs: number): Clock {
    return {
      now: () => this.now + skewMs,
      wake: (time, callback) => {
        let isCancelled = false;
        if (time - this.now - skewMs <= LONGEST_BACKOFF_MS) queueMicrotask(() => isCancelled || callback());
        return () => {
          isCancelled = true;
        };
      },
    };
  }

  #wakeAt(time: number, callback: () => void): () => void {
    const wake = { time, callback };
    if (time <= this.now) callback();
    else this.#wakes.push(wake);
    return () => {
      const index = this.#wakes.indexOf(wake);
      if (index !== -1) this.#wakes.splice(index, 1);
    };
  }

  #nextId(name: string): string {
    const id = (this.#ids.get(name) ?? 0) + 1;
    this.#ids.set(name, id);
    return `${name}-${id}`;
  }
}
