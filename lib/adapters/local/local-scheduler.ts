/**
 * The whole crontab in one process: the same handlers as in a deployment, wired to files, SQLite and timers. What the
 * table's stream, the parameter events and the schedules do on AWS is done here by callbacks and the clock.
 */
import PQueue from 'p-queue';
import type { Delivery } from '../../core/domain/job.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Ports } from '../../core/engine/ports.ts';
import { projectParameter } from '../../core/engine/project-parameter.ts';
import { projectAll, resync } from '../../core/engine/resync.ts';
import { type RunPorts, run } from '../../core/engine/run.ts';
import { sweep } from '../../core/engine/sweep.ts';
import { syncCron, syncSite } from '../../core/engine/sync.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Event } from '../../core/ports/events.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Random } from '../../core/ports/random.ts';
import type { RunnerLimits } from '../../runners/limits.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { RunnerTable } from '../../runners/table.ts';
import { setClockInterval } from './clock-interval.ts';
import { endDeadRuns } from './dead-runs.ts';
import { FileSecrets } from './file-secrets.ts';
import { FileVersions } from './file-versions.ts';
import { type Folder, folderOf, makeFolder } from './folder.ts';
import { FolderRegistry } from './folder-registry.ts';
import { watchFolder } from './folder-watch.ts';
import { acquireLock, lockHolder } from './instance-lock.ts';
import { LocalEvents } from './local-events.ts';
import { LocalIdentity } from './local-identity.ts';
import { ModuleFunctions } from './module-functions.ts';
import { noTimers } from './no-timers.ts';
import { mayBeRunning, newRunId } from './run-id.ts';
import { openDatabase } from './sqlite-database.ts';
import { SqliteStore } from './sqlite-store.ts';
import { TimerQueue } from './timer-queue.ts';

export interface LocalSchedulerOptions {
  /** The folder of parameters, secrets and state; made when it does not exist. */
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The user's own runners, by name. */
  readonly runners: Readonly<Record<string, RunnerClass>>;
  readonly limits: RunnerLimits;
}

/**
 * How long a run holds its lease at most, in milliseconds. Its cron's timeout ends it long before; but a laptop may sleep
 * in the middle, and its run is not dead for that. One that is dead is known by its id.
 */
const LIFETIME = 86_400_000;
const SWEEP_EVERY = 60_000;
const RESYNC_EVERY = 3_600_000;

export class LocalScheduler {
  readonly folder: Folder;
  readonly events: LocalEvents;
  readonly ports: Ports & RunPorts;
  readonly #options: LocalSchedulerOptions;
  /** All runners, for the validation of edits. */
  readonly table: RunnerTable;
  readonly #queue: TimerQueue;
  readonly #runs = new PQueue();
  readonly #edits = new PQueue({ concurrency: 1 });
  readonly #close: (() => void)[] = [];
  /** The runs of this process. */
  readonly #atWork = new Set<string>();
  /** Present in the process that keeps the crontab running. */
  #release: (() => void) | undefined;

  constructor(options: LocalSchedulerOptions) {
    const { dir, clock, random, logger, runners, limits } = options;
    this.#options = options;
    this.table = new RunnerTable(runners, limits);
    this.folder = folderOf(dir);
    this.events = new LocalEvents(logger);
    this.events.subscribe((event) => this.#noteRun(event));
    makeFolder(this.folder.parameters);
    const database = openDatabase(this.folder.database);
    this.#queue = new TimerQueue(clock, (delivery) => this.deliver(delivery));
    const functions = new ModuleFunctions(this.folder.functions);
    this.ports = {
      registry: new FolderRegistry(this.folder.parameters, new FileVersions(database)),
      store: new SqliteStore(database, (key) => this.#synchronise(key)),
      queue: this.#queue,
      events: this.events,
      clock,
      random: { id: () => newRunId(random, process.pid, this.#release !== undefined) },
      logger,
      runners: this.table.withTools({
        clock,
        fetch: globalThis.fetch,
        functions,
        identity: new LocalIdentity(),
        limits,
      }),
      secrets: new FileSecrets(this.folder.secrets),
    };
    this.#close.push(() => database.close());
  }

  /** The process that keeps this folder's crontab running; nothing when none does. */
  get lockHolder(): number | undefined {
    return lockHolder(this.folder.pid);
  }

  /** Restores everything, and from then on follows the files and the clock until `stop`. */
  async start(): Promise<void> {
    const { clock } = this.ports;
    this.#release = acquireLock(this.folder.pid, process.pid);
    // Files are followed before they are read for the first time, so that no edit falls between the two.
    const edited = (key: ParameterKey) => this.#edited(key);
    this.#close.unshift(watchFolder(this.folder.parameters, clock, this.ports.logger, edited));
    await this.#endDeadRuns(false);
    await this.#armAll((plannedAt) => plannedAt > clock.now());
    await resync(this.ports);
    await this.#armAll(() => true);
    this.#close.unshift(
      setClockInterval(SWEEP_EVERY, clock, () => this.#edit('sweep', () => this.#sweep())),
      setClockInterval(RESYNC_EVERY, clock, () => this.#edit('resync', () => resync(this.ports))),
    );
  }

  /**
   * Makes the projections equal to the files, for whoever looks at a folder that nobody keeps running. A runner that is
   * not known here may be known to whoever keeps it: only that process rejects a cron for its name.
   */
  async refresh(): Promise<void> {
    await this.#endDeadRuns(this.lockHolder !== undefined);
    await projectAll({ ...this.ports, runners: this.table.knownRunnersOnly });
  }

  /** Starts a run now, and returns its id. Use `idle` to wait for its end. */
  force(site: string, uid: string): string {
    const forced = this.ports.random.id();
    const plannedAt = Math.floor(this.ports.clock.now() / 1000) * 1000;
    this.deliver({ site, uid, plannedAt, forced });
    return forced;
  }

  /** Starts that run now, also when nothing else is kept running here. Use `idle` to wait for its end. */
  deliver(delivery: Delivery): void {
    const deadline = this.ports.clock.now() + LIFETIME;
    this.#attempt(this.#runs, 'run', () => run(this.ports, delivery, deadline));
  }

  /** How many runs go on. */
  get running(): number {
    return this.#runs.pending;
  }

  /** Waits until no edit is being followed and nothing runs. */
  async idle(): Promise<void> {
    await this.#edits.onIdle();
    await this.#runs.onIdle();
  }

  /** Starts nothing more, waits for what runs, and closes everything. */
  async stop(): Promise<void> {
    this.#queue.close();
    const last = this.#close.pop();
    for (const close of this.#close.splice(0)) close();
    await this.idle();
    // Whoever keeps it next takes what this process ran for dead.
    this.#release?.();
    last?.();
  }

  async #sweep(): Promise<void> {
    await this.#endDeadRuns(true);
    await sweep(this.ports);
  }

  /** `isKept`: whether runs of a process that keeps the crontab running are this one's, or somebody's who is alive. */
  #endDeadRuns(isKept: boolean): Promise<void> {
    const { store, clock } = this.ports;
    const isAlive = (runId: string) => this.#atWork.has(runId) || mayBeRunning(runId, isKept);
    return endDeadRuns(store, clock, isAlive);
  }

  /** A run that a command asked for, and that had to wait, is carried out here under the command's id. */
  #noteRun(event: Event): void {
    if (event.type === 'StartedCronJob') this.#atWork.add(event.detail.runId);
    if (event.type === 'FinishedCronJob') this.#atWork.delete(event.detail.log.runId ?? '');
  }

  /** Timers live in memory: the jobs know which there should be. */
  async #armAll(which: (plannedAt: number) => boolean): Promise<void> {
    for await (const timer of this.ports.store.armed()) {
      if (which(timer.plannedAt)) await this.#queue.arm(timer);
    }
  }

  /** Another process may have projected its own edit already: its timer is still for this one to make. */
  #edited(key: ParameterKey): void {
    this.#edit('project', () => projectParameter(this.ports, key));
    this.#synchronise(key);
  }

  /** Whoever only looks makes no timers: they would end with the look. */
  #synchronise({ site, uid }: ParameterKey): void {
    if (!this.#release) {
      if (uid !== undefined) this.#edit('sync', () => this.#forgetGone(site, uid));
      return;
    }
    this.#edit('sync', () =>
      uid === undefined ? syncSite(this.ports, site) : syncCron(this.ports, site, uid),
    );
  }

  /** Where nobody else does it: a cron that is added anew must not begin with the logs of one that is gone. */
  async #forgetGone(site: string, uid: string): Promise<void> {
    const { store } = this.ports;
    const { cron, job } = await store.read(site, uid);
    if (!job || cron?.value || this.lockHolder !== undefined) return;
    await syncCron({ ...this.ports, queue: noTimers(store) }, site, uid);
  }

  #edit(what: string, work: () => Promise<unknown>): void {
    this.#attempt(this.#edits, what, work);
  }

  /** Logs a failure; the next sweep or resync tries again. */
  #attempt(queue: PQueue, what: string, work: () => Promise<unknown>): void {
    queue.add(work).catch((error: unknown) => {
      this.#options.logger.error(`${what} failed: ${error instanceof Error ? error.message : error}`, {
        code: `${what}-failed`,
        error,
      });
    });
  }
}
