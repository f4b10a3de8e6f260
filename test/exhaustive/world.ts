/**
 * A small world for the explorer: the state that processes share, with one clock. Processes reach it through the ports of
 * actor.ts. The world itself acts without disturbance, to prepare a state and to converge.
 */
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
import { MemoryStore, type Rows } from './memory-store.ts';

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
  readonly hasEnded: boolean;
  /** Whether it works no more: the runner returned or threw, or its process died. */
  readonly isOver: boolean;
  /** Whether another run of the cron was at work when it began. */
  readonly overlaps: boolean;
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

/** A world at one moment, without its processes. */
export interface Snapshot {
  readonly now: number;
  readonly starts: readonly Start[];
  readonly armCalls: readonly Arming[];
  readonly deliveries: readonly Delivery[];
  readonly deletedRecords: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  readonly before: Before;
  readonly rows: Rows;
  readonly registry: MemoryRegistry['content'];
  readonly timers: ReadonlyMap<string, Timer>;
}

/** What eventually consistent reads may still return. */
interface Before {
  readonly rows: Rows;
  readonly timers: readonly Timer[];
  /** As text. */
  readonly state: string;
}

export class World {
  now = NOON - 10 * MINUTE;
  starts: readonly Start[] = [];
  armCalls: readonly Arming[] = [];
  /** Deliveries that were accepted and have not been handled, oldest first. */
  deliveries: readonly Delivery[] = [];
  /** Run records that a user has deleted: `<uid>/<id>`. */
  deletedRecords: readonly string[] = [];
  readonly store: Store;
  readonly registry = new MemoryRegistry(() => this.now);
  readonly queue = new MemoryQueue(
    () => this.now,
    (delivery) => {
      this.deliveries = [...this.deliveries, delivery];
    },
  );
  readonly #store = new MemoryStore(() => this.now);
  #before: Before = { rows: new Map(), timers: [], state: '' };
  #alarms: readonly Alarm[] = [];
  #ids = new Map<string, number>();

  constructor(snapshot?: Snapshot) {
    this.store = this.#observed(this.#store);
    if (snapshot) this.restore(snapshot);
  }

  /** Everything but the alarms, which belong to processes. */
  snapshot(): Snapshot {
    const { now, starts, armCalls, deliveries, deletedRecords } = this;
    return {
      now,
      starts,
      armCalls,
      deliveries,
      deletedRecords,
      ids: new Map(this.#ids),
      before: this.#before,
      rows: this.#store.rows,
      registry: this.registry.content,
      timers: this.queue.content,
    };
  }

  restore({ ids, before, rows, registry, timers, ...rest }: Snapshot): void {
    Object.assign(this, rest);
    this.#ids = new Map(ids);
    this.#before = before;
    this.#store.rows = rows;
    this.registry.content = registry;
    this.queue.content = timers;
  }

  /** What an eventually consistent read may return. */
  async stale(name: string, key: ParameterKey = { site: SITE }): Promise<unknown> {
    if (name === 'registry.read') return await this.registry.before.read(key);
    if (name === 'registry.list') return await Array.fromAsync(this.registry.before.list());
    if (name === 'store.sites') return await new MemoryStore(() => this.now, this.#before.rows).sites();
    if (name === 'queue.timers') return this.#before.timers;
    if (name === 'store.records') return { records: [] };
    return await new MemoryStore(() => this.now, this.#before.rows).readSite(SITE);
  }

  /**
   * All that decides how the world goes on, processes apart. `withStale`: also what a stale read of the store may return;
   * `isWide`: and one of the registry.
   */
  state(withStale: boolean, isWide: boolean): string {
    const starts = this.starts.map((start) => Object.values(start).join(' '));
    const alarms = this.#alarms
      .filter(({ process }) => process?.status !== 'dead')
      .map(({ time, process }) => `${process?.name} ${time}`);
    return [
      this.now,
      this.#store.state,
      withStale ? this.#before.state : '',
      withStale && isWide ? this.registry.before.state : '',
      this.registry.state,
      this.queue.state,
      JSON.stringify([this.deliveries, starts.sort(), this.armCalls, alarms.sort()]),
    ].join('\n\n');
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
    this.#alarms = [...this.#alarms, alarm];
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

  /** Writes an invalid version of the parameter. */
  async breakCron(uid = UID): Promise<void> {
    await this.registry.write({ site: SITE, uid }, 'no JSON');
  }

  async remove(uid = UID): Promise<void> {
    await this.registry.remove({ site: SITE, uid });
  }

  /** Makes an item of the store unreadable. */
  spoil(table: 'projection' | 'job', uid = UID): void {
    this.#store.spoil(table, SITE, uid);
  }

  nextId(name: string): string {
    const id = (this.#ids.get(name) ?? 0) + 1;
    this.#ids.set(name, id);
    return `${name}-${id}`;
  }

  /** A run begins. Returns how to note its end: whether the runner returned. */
  start(start: Omit<Start, 'hasEnded' | 'isOver' | 'overlaps'>): (hasEnded: boolean) => void {
    const overlaps = this.starts.some(({ uid, isOver }) => uid === start.uid && !isOver);
    const number = this.starts.length;
    this.starts = [...this.starts, { ...start, hasEnded: false, isOver: false, overlaps }];
    return (hasEnded) => {
      this.starts = this.starts.map((one, index) =>
        index === number && !one.isOver ? { ...one, hasEnded, isOver: true } : one,
      );
    };
  }

  /** The runs of that process are over. */
  processDied(name: string): void {
    this.starts = this.starts.map((one) => (one.process === name ? { ...one, isOver: true } : one));
  }

  /** The store, with a note of each write. */
  #observed(store: MemoryStore): Store {
    const note = () => {
      const { rows, state } = store;
      const { content } = this.queue;
      this.#before = { rows, timers: [...content.values()], state: `${state}\n${[...content.keys()]}` };
    };
    const methods: Partial<Store> = {
      putProjection: async (...args) => {
        note();
        return await store.putProjection(...args);
      },
      commit: async (job, ...rest) => {
        note();
        const isWritten = await store.commit(job, ...rest);
        if (isWritten) this.#noteArming(job);
        return isWritten;
      },
      deleteRecords: async (site, uid, ids) => {
        note();
        this.deletedRecords = [...this.deletedRecords, ...ids.map((id) => `${uid}/${id}`)];
        return await store.deleteRecords(site, uid, ids);
      },
    };
    return new Proxy<Store>(store, {
      get: (_, method: keyof Store) => methods[method] ?? store[method].bind(store),
    });
  }

  #noteArming({ uid, armedAt, timing }: Job): void {
    const last = this.armCalls.findLast((one) => one.uid === uid);
    if (last?.armedAt === armedAt && last?.timing === timing) return;
    const armed = armedAt === undefined ? {} : { armedAt };
    this.armCalls = [
      ...this.armCalls,
      { uid, since: this.now, ...armed, ...(timing !== undefined && { timing }) },
    ];
  }
}
