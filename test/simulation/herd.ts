/**
 * A herd: many crons that are due at one instant, on the real handlers, under the quotas of an AWS account. No other faults
 * are injected.
 */
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { ResyncPorts } from '../../lib/core/engine/resync.ts';
import type { RunPorts } from '../../lib/core/engine/run.ts';
import type { Logger } from '../../lib/core/ports/logger.ts';
import { noPrograms } from '../support/run-context.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import { EventLoop } from './event-loop.ts';
import { type Backends, type Call, memoryPorts } from './memory-ports.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryStore } from './memory-store.ts';
import { Prng } from './prng.ts';
import { PARAMETER_READS, type Quotas, TokenBucket } from './quotas.ts';
import type { System } from './system.ts';
import { LATENCY, throttledCalls } from './throttled-calls.ts';

export interface HerdOptions {
  readonly system: System;
  readonly crons: number;
  readonly sites: number;
  readonly quotas: Quotas;
}

/** Durations are in virtual milliseconds. */
export interface HerdResult {
  /** A sweep and a resync of all crons, before they are due. */
  readonly sweep: number;
  readonly resync: number;
  /** Crons whose occurrence did not start, or started twice. */
  readonly lost: number;
  readonly doubled: number;
  /** Crons that have no timer for their next occurrence after two more sweeps, or another record than one of a run. */
  readonly withoutTimer: number;
  readonly withoutRecord: number;
  /** From the planned time until the last start. */
  readonly lastStart: number;
  readonly allowed: number;
  /** How often calls, deliveries and log lines were seen, by name. */
  readonly counts: ReadonlyMap<string, number>;
}

const DUE = Date.UTC(2026, 0, 5, 3);
const RUNNER = 200;
const SWEEP_EVERY = 5 * MINUTE;
const LIFETIME = 15 * MINUTE;
/** AWS calls of a run in sequence. */
const CALLS_OF_RUN = 6;
const PAGES = { registry: 10, queue: 100 };

export function simulateHerd(options: HerdOptions): Promise<HerdResult> {
  return new Herd(options).run();
}

class Herd {
  readonly #options: HerdOptions;
  readonly #loop = new EventLoop(DUE - HOUR);
  readonly #prng = new Prng(1, 'herd');
  readonly #backends: Backends;
  readonly #ports: ResyncPorts & RunPorts;
  readonly #starts = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  /** Deliveries that wait for the concurrency of Lambda; it takes them in no particular order. */
  readonly #waiting: { readonly delivery: Delivery; readonly retries: number }[] = [];
  #running = 0;
  #nextInvocation = 0;
  #lastStart = DUE;
  #ids = 0;

  constructor(options: HerdOptions) {
    this.#options = options;
    const { quotas } = options;
    const loop = this.#loop;
    const now = () => loop.now();
    const queue = new MemoryQueue({ loop, deliver: (delivery) => this.#invoke(delivery) });
    this.#backends = {
      registry: new MemoryRegistry(now),
      store: new MemoryStore(now),
      queue,
      emit: () => undefined,
    };
    const reads = new TokenBucket(loop, PARAMETER_READS);
    const buckets = {
      'queue.arm': new TokenBucket(loop, quotas.createSchedule),
      'registry.read': reads,
      'registry.list': reads,
      'registry.list, next page': reads,
    };
    const calls = throttledCalls({
      loop,
      prng: this.#prng,
      buckets,
      error: (message) => new options.system.ThrottledError(message),
      count: (name) => this.#count(name),
    });
    this.#ports = this.#portsOf(calls);
  }

  async run(): Promise<HerdResult> {
    const { crons, quotas, system } = this.#options;
    await this.#populate();
    const sweep = await this.#runTask('sweep');
    const resync = await this.#runTask('resync');
    this.#counts.clear();
    const runDuration = (RUNNER + (CALLS_OF_RUN * (LATENCY.low + LATENCY.high)) / 2) / 1000;
    const runs = quotas.concurrency / runDuration;
    const allowed = (1_200 * crons) / Math.min(quotas.createSchedule, quotas.invocations, runs);
    const end = DUE + Math.max(2 * allowed, HOUR);
    const sweepPeriodically = () => {
      if (this.#loop.now() >= end) return;
      this.#loop.after(SWEEP_EVERY, sweepPeriodically);
      // A sweep that fails is invoked again by the next schedule.
      system.onSyncEvent(this.#ports, { task: 'sweep' }).catch(() => this.#count('failed sweeps'));
    };
    this.#loop.wake(DUE + 7_000, sweepPeriodically);
    await this.#loop.runUntil(end + LIFETIME);
    const rows = [...this.#backends.store.rows()];
    const timers = new Set(
      this.#backends.queue.allTimers().map(({ site, uid, plannedAt }) => `${site}/${uid} ${plannedAt}`),
    );
    const names = rows.flatMap(({ key: { site, uid } }) => (uid === undefined ? [] : [`${site}/${uid}`]));
    const starts = names.map((name) => this.#starts.get(name) ?? 0);
    const recordsOf = (name: string) => {
      const [site = '', uid = ''] = name.split('/');
      return this.#backends.store.records(site, uid, { limit: 10 }).records;
    };
    return {
      sweep,
      resync,
      lost: starts.filter((count) => count === 0).length,
      doubled: starts.filter((count) => count > 1).length,
      withoutTimer: names.filter((name) => !timers.has(`${name} ${DUE + DAY}`)).length,
      withoutRecord: names.filter(
        (name) =>
          recordsOf(name)
            .map(({ status }) => status)
            .join() !== 'OK',
      ).length,
      lastStart: this.#lastStart - DUE,
      allowed,
      counts: this.#counts,
    };
  }

  /** Writes, projects and arms all crons, at once. */
  async #populate(): Promise<void> {
    const { crons, sites, system } = this.#options;
    const value = JSON.stringify({ name: 'task', periodicity: '0 3 * * *' });
    for (let index = 0; index < crons; index++) {
      this.#backends.registry.write({ site: `site-${index % sites}`, uid: `cron-${index}` }, value);
    }
    await system.onSyncEvent(
      this.#portsOf((_name, _key, effect) => Promise.resolve(effect(undefined))),
      { task: 'resync' },
    );
  }

  /** How long the task takes. */
  async #runTask(task: 'sweep' | 'resync'): Promise<number> {
    const startedAt = this.#loop.now();
    let endedAt: number | undefined;
    const done = this.#options.system.onSyncEvent(this.#ports, { task }).then(() => {
      endedAt = this.#loop.now();
    });
    while (endedAt === undefined && this.#loop.now() < startedAt + LIFETIME)
      await this.#loop.runUntil(this.#loop.now() + 1_000);
    if (endedAt === undefined)
      throw new Error(`The ${task} has not ended within ${LIFETIME / MINUTE} minutes.`);
    await done;
    return endedAt - startedAt;
  }

  /** A timer has fired, or a delivery was requested. */
  #invoke(delivery: Delivery): void {
    const now = this.#loop.now();
    this.#nextInvocation = Math.max(now, this.#nextInvocation) + 1000 / this.#options.quotas.invocations;
    this.#loop.wake(this.#nextInvocation, () => this.#enqueue(delivery, 0));
  }

  #enqueue(delivery: Delivery, retries: number): void {
    this.#waiting.push({ delivery, retries });
    this.#takeNext();
  }

  #takeNext(): void {
    if (this.#running >= this.#options.quotas.concurrency || this.#waiting.length === 0) return;
    const index = this.#prng.integer(0, this.#waiting.length - 1);
    const next = this.#waiting[index];
    const last = this.#waiting.pop();
    if (!next || !last) return;
    if (next !== last) this.#waiting[index] = last;
    const { delivery, retries } = next;
    this.#running += 1;
    this.#count('deliveries');
    const { system } = this.#options;
    const retry = () => {
      this.#count(`failed deliveries, attempt ${retries + 1}`);
      if (retries < 2) this.#loop.after((retries + 1) * MINUTE, () => this.#enqueue(delivery, retries + 1));
    };
    system
      .run(this.#ports, delivery, this.#loop.now() + LIFETIME)
      .catch(retry)
      .finally(() => {
        this.#running -= 1;
        this.#takeNext();
      });
  }

  #portsOf(call: Call): ResyncPorts & RunPorts {
    const { system } = this.#options;
    const loop = this.#loop;
    const run = (uid: string, site: string) => this.#start(`${site}/${uid}`);
    class Task extends system.Runner {
      override run() {
        return run(this.cron.uid, this.site);
      }
    }
    const unreachable = () => Promise.reject(new Error('The herd has no network.'));
    const tools = {
      clock: loop,
      fetch: unreachable,
      resolve: unreachable,
      functions: { invoke: unreachable },
      identity: { assume: unreachable },
      programs: noPrograms,
    };
    return {
      ...memoryPorts(this.#backends, call, PAGES),
      clock: loop,
      random: { id: () => `id-${++this.#ids}` },
      logger: this.#logger(),
      runners: new system.RunnerTable({ task: Task }, { bySite: {} }).withTools(tools),
      secrets: { read: async () => undefined, location: (_, name) => name },
      sweepEveryMs: SWEEP_EVERY,
      endProcess: () => undefined,
    };
  }

  #start(name: string): Promise<undefined> {
    this.#starts.set(name, (this.#starts.get(name) ?? 0) + 1);
    this.#lastStart = this.#loop.now();
    return new Promise((resolve) => this.#loop.after(RUNNER, () => resolve(undefined)));
  }

  #logger(): Logger {
    const count = (_message: string, fields?: { readonly code?: unknown }) =>
      this.#count(`logs ${fields?.code}`);
    const logger: Logger = { debug: count, info: count, warn: count, error: count, with: () => logger };
    return logger;
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
