/** A whole crontab for tests of the handlers: local adapters, a virtual clock, and a runner that a test scripts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { childPrograms } from '../../lib/adapters/child-programs.ts';
import { FileVersions } from '../../lib/adapters/local/file-versions.ts';
import { FolderRegistry } from '../../lib/adapters/local/folder-registry.ts';
import { LocalEvents } from '../../lib/adapters/local/local-events.ts';
import { LocalIdentity } from '../../lib/adapters/local/local-identity.ts';
import { SqliteStore } from '../../lib/adapters/local/sqlite-store.ts';
import { TimerQueue } from '../../lib/adapters/local/timer-queue.ts';
import { systemResolver } from '../../lib/adapters/system-resolver.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Ports } from '../../lib/core/engine/ports.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import type { RunPorts } from '../../lib/core/engine/run.ts';
import { run } from '../../lib/core/engine/run.ts';
import { syncCron } from '../../lib/core/engine/sync.ts';
import type { OperationPorts } from '../../lib/core/ports/operation-ports.ts';
import type { RunnerCatalogue } from '../../lib/core/ports/runner-catalogue.ts';
import type { RunnerResult } from '../../lib/core/ports/runners.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { HOUR, MINUTE, NOON } from './jobs.ts';
import { MemoryLogger } from './memory-logger.ts';
import { sequenceRandom } from './sequence-random.ts';
import { VirtualClock } from './virtual-clock.ts';

export type WorldPorts = Ports &
  RunPorts & { readonly runners: RunnerCatalogue } & Pick<OperationPorts, 'secretNames'>;

export interface World {
  readonly ports: WorldPorts;
  readonly clock: VirtualClock;
  readonly logger: MemoryLogger;
  readonly events: Event[];
  /** The deliveries so far, oldest first; a test runs them itself. */
  readonly delivered: Delivery[];
  /** The body of the runner `task`. */
  task: (runner: Runner & { readonly context: TaskContext }) => Promise<RunnerResult> | RunnerResult;
  /** Secrets by name. */
  readonly secrets: Map<string, string>;
  /** Writes the parameter of a cron, projects it and syncs it. */
  save(uid: string, value: unknown): Promise<void>;
  /** The same, as if it had been written ten days before. */
  saveEarly(uid: string, value: unknown): Promise<void>;
  /** Writes the text of a parameter and projects it, without a sync. */
  edit(uid: string | undefined, text: string): Promise<void>;
  /** Replaces the stored text of a projection or a job. */
  damage(item: 'projection' | 'job', uid: string, text: string): void;
  job(uid: string): Promise<Job | undefined>;
  /** The run records of a cron, newest first. */
  records(uid: string): Promise<readonly RunRecord[]>;
  timers(): Promise<string[]>;
  /** Handles a delivery completely. */
  run(delivery: Omit<Delivery, 'site'>, ports?: Partial<RunPorts>): Promise<void>;
  eventTypes(): string[];
  close(): void;
}

interface TaskContext {
  readonly plannedAt: number;
  readonly late: boolean;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Parameters were written by the clock of the world, not by that of the file system. */
class WorldVersions extends FileVersions {
  readonly #clock: VirtualClock;

  constructor(database: DatabaseSync, clock: VirtualClock) {
    super(database);
    this.#clock = clock;
  }

  override observe(name: string, stamp: string, _changed: number, value: string, isWritten: boolean) {
    return super.observe(name, stamp, this.#clock.now(), value, isWritten);
  }
}

/** A world whose clock starts half an hour before noon. */
export function makeWorld(): World {
  const dir = mkdtempSync(join(tmpdir(), 'cloudtab-'));
  const clock = new VirtualClock(NOON - 30 * MINUTE);
  const logger = new MemoryLogger();
  const events: Event[] = [];
  const delivered: Delivery[] = [];
  const database = new DatabaseSync(':memory:');
  const queue = new TimerQueue(clock, (delivery) => delivered.push(delivery));
  const bus = new LocalEvents(logger);
  bus.subscribe((event) => void events.push(event));
  const secrets = new Map<string, string>();

  class Task extends Runner {
    get context(): TaskContext {
      return { plannedAt: this.plannedAt, late: this.late, token: this.token, signal: this.signal };
    }
    override run() {
      return world.task(this);
    }
  }

  const table = new RunnerTable({ task: Task }, { bySite: { '*': { allowedUsers: ['*'] } } });
  const ports: WorldPorts = {
    registry: new FolderRegistry(dir, new WorldVersions(database, clock)),
    store: new SqliteStore(database, { clock, retentionDays: 90 }),
    queue,
    events: bus,
    clock,
    random: sequenceRandom(),
    logger,
    runners: Object.assign(
      table.withTools({
        clock,
        fetch: globalThis.fetch,
        resolve: systemResolver,
        functions: { invoke: () => Promise.reject(new Error('no functions here')) },
        identity: new LocalIdentity(),
        programs: childPrograms,
      }),
      { describe: () => table.describe() },
    ),
    sweepEveryMs: 5 * MINUTE,
    secrets: { read: async (_site, name) => secrets.get(name), location: (_site, name) => `secrets/${name}` },
    secretNames: async () => [...secrets.keys()].sort(),
  };

  const world: World = {
    ports,
    clock,
    logger,
    events,
    delivered,
    task: () => undefined,
    secrets,
    async save(uid, value) {
      await world.edit(uid, JSON.stringify(value));
      await syncCron(ports, 'default', uid);
    },
    async saveEarly(uid, value) {
      const now = clock.now();
      clock.set(NOON - 240 * HOUR);
      await world.edit(uid, JSON.stringify(value));
      clock.set(now);
      await syncCron(ports, 'default', uid);
    },
    async edit(uid, text) {
      const key = uid === undefined ? { site: 'default' } : { site: 'default', uid };
      await ports.registry.write(key, text);
      await projectParameter(ports, key);
    },
    damage: (item, uid, text) =>
      void database.prepare(`UPDATE ${item} SET body = ? WHERE uid = ?`).run(text, uid),
    job: async (uid) => (await ports.store.read('default', uid)).job,
    records: async (uid) => (await ports.store.records('default', uid, { limit: 100 })).records,
    async timers() {
      const names: string[] = [];
      for await (const { uid, plannedAt } of queue.timers())
        names.push(`${uid} ${new Date(plannedAt).toISOString().slice(11, 16)}`);
      return names.sort();
    },
    run: (delivery, other = {}) =>
      run({ ...ports, ...other }, { site: 'default', ...delivery }, clock.now() + 15 * MINUTE),
    eventTypes: () => events.map(({ type }) => type),
    close() {
      queue.close();
      database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return world;
}
