/**
 * A whole crontab in one process: the engine of a deployment on files, SQLite and timers in memory. Callbacks and the
 * clock replace the table's stream, the parameter events and the schedules of AWS.
 */
import PQueue from 'p-queue';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Delivery } from '../../core/domain/occurrence.ts';
import type { Ports } from '../../core/engine/ports.ts';
import { type ProjectPorts, projectParameter } from '../../core/engine/project-parameter.ts';
import { projectAll, resync } from '../../core/engine/resync.ts';
import { type RunPorts, run } from '../../core/engine/run.ts';
import { sweep } from '../../core/engine/sweep.ts';
import { syncCron, syncSite } from '../../core/engine/sync.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Random } from '../../core/ports/random.ts';
import type { TargetLimits } from '../../runners/limits.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { setClockInterval, watchClock } from './clock-interval.ts';
import { endDeadRuns, LEASE_LIFETIME_MS } from './dead-runs.ts';
import { FileSecrets } from './file-secrets.ts';
import { FileVersions } from './file-versions.ts';
import { type Folder, folderOf, makeCrontabFolder } from './folder.ts';
import { sendFolderHeartbeat } from './folder-heartbeat.ts';
import { FolderRegistry, type Reading } from './folder-registry.ts';
import { FolderRunners } from './folder-runners.ts';
import { DEFAULT_RETENTION_DAYS } from './folder-settings.ts';
import { watchFile, watchFolder } from './folder-watch.ts';
import { acquireLock, lockHolder } from './instance-lock.ts';
import { KnownFiles } from './known-files.ts';
import { LocalEvents } from './local-events.ts';
import { armedTimers } from './no-timers.ts';
import { attemptWork } from './retried-work.ts';
import { mayBeAlive, newProcessId } from './run-id.ts';
import { openDatabase } from './sqlite-database.ts';
import { SqliteStore } from './sqlite-store.ts';
import { StateWatch } from './state-watch.ts';
import { TimerQueue } from './timer-queue.ts';
import { TurnQueue } from './turn-queue.ts';

export interface LocalSchedulerOptions {
  /** The folder of parameters, secrets and state; made when it does not exist. */
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The runners of the program, by name; they run in this process. */
  readonly runners: Readonly<Record<string, RunnerClass>>;
  /** The folder with a file for each of the user's runners, which run in workers. Default: none. */
  readonly runnerFolder?: string;
  readonly limits: TargetLimits;
  /** How long run records are kept, in days; 90 by default. */
  readonly retentionDays?: number;
}

/** How many edits are handled at once. */
const MAX_EDITS = 20;
/** How many runs begin in one turn of the event loop, so that a herd does not block it. */
const MAX_STARTS = 50;
const SWEEP_EVERY = 60_000;
const RESYNC_EVERY = 3_600_000;

export class LocalScheduler {
  readonly folder: Folder;
  readonly events: LocalEvents;
  readonly knownFiles: KnownFiles;
  readonly ports: Ports &
    RunPorts &
    Pick<OperationPorts, 'secretNames'> & { readonly runners: FolderRunners };
  readonly #options: LocalSchedulerOptions;
  readonly #runners: FolderRunners;
  /** Unlike that of `ports` it does not synchronise what is projected: its users do. */
  readonly #store: SqliteStore;
  readonly #registry: FolderRegistry;
  readonly #queue: TimerQueue;
  readonly #runs = new TurnQueue(MAX_STARTS);
  readonly #edits = new PQueue({ concurrency: MAX_EDITS });
  /** The ids of the requested runs that have not ended. */
  readonly #requested = new Set<string>();
  readonly #close: (() => void)[] = [];
  readonly #state: StateWatch;
  readonly #shutdown = new AbortController();
  /** Releases the lock; present in the process that runs the crontab. */
  #release: (() => void) | undefined;

  constructor(options: LocalSchedulerOptions) {
    const { dir, clock, random, logger, limits, retentionDays = DEFAULT_RETENTION_DAYS } = options;
    this.#options = options;
    this.folder = folderOf(dir);
    this.#runners = new FolderRunners({
      classes: options.runners,
      files: options.runnerFolder,
      catalogue: this.folder.catalogue,
      tools: { functions: this.folder.functions, limits },
      clock,
      logger,
    });
    this.events = new LocalEvents(logger);
    makeCrontabFolder(dir);
    const secrets = new FileSecrets(this.folder.secrets);
    const database = openDatabase(this.folder.database);
    this.#state = new StateWatch(this.folder.database);
    this.#store = new SqliteStore(database, { clock, retentionDays });
    this.knownFiles = new KnownFiles(database, this.#store, this.folder);
    const onProject = (key: ParameterKey) => this.#edit('sync', () => this.#synchronise(key));
    this.#queue = new TimerQueue(clock, (delivery) => void this.deliver(delivery));
    this.#registry = new FolderRegistry(this.folder.parameters, new FileVersions(database));
    this.ports = {
      registry: this.#registry,
      store: new SqliteStore(database, { clock, retentionDays, onProject }),
      queue: this.#queue,
      events: this.events,
      clock,
      random: { id: () => newProcessId(random, process.pid, this.#release !== undefined) },
      logger,
      runners: this.#runners,
      secrets,
      secretNames: (site) => secrets.names(site),
      sweepEveryMs: SWEEP_EVERY,
      shutdown: this.#shutdown.signal,
    };
    this.#close.push(() => database.close());
  }

  /** Throws ConfigurationError once the state was removed or replaced: nothing that this process writes is kept. */
  get untilLost(): Promise<never> {
    return this.#state.untilLost;
  }

  /** The ID of the process that runs this folder's crontab; undefined when none does. */
  get lockHolder(): number | undefined {
    return lockHolder(this.folder.pid);
  }

  /**
   * Resyncs everything, then follows the files and the clock until `stop`. `onLock` is called as soon as no other process can
   * run the crontab.
   */
  async start(onLock: () => void = () => {}): Promise<void> {
    const { clock } = this.ports;
    this.#release = acquireLock(this.folder.pid, process.pid);
    onLock();
    // Files are followed before they are read for the first time, so that no edit falls between the two.
    const edited = (key: ParameterKey) => this.#edited(key);
    this.#close.unshift(await watchFolder(this.folder.parameters, clock, this.ports.logger, edited));
    this.#close.unshift(await this.#runners.follow(() => this.#runnersChanged()));
    await this.#endDeadRuns(false);
    await this.#armAll((plannedAt) => plannedAt > clock.now());
    await resync(this.#engine);
    await this.#armAll(() => true);
    this.#close.unshift(
      watchFile(this.folder.settings, clock, () => this.#runnersChanged()),
      watchClock(clock, (jumpMs) => this.#jumped(jumpMs)),
      setClockInterval(SWEEP_EVERY, clock, () => this.#edit('sweep', () => this.#sweep())),
      setClockInterval(RESYNC_EVERY, clock, () => this.#edit('resync', () => this.#resync())),
    );
  }

  /**
   * Makes the projections equal to the files while no process runs the crontab, by the catalogue of the last one that did: a
   * runner that is unknown there must not replace a definition that runs. The next process to run the crontab validates again.
   * `project` may know which files changed.
   */
  async refresh(project: (ports: ProjectPorts) => Promise<void> = projectAll): Promise<void> {
    await this.#endDeadRuns(this.lockHolder !== undefined);
    await this.readCatalogue();
    await project(this.ports);
  }

  /** Takes over the catalogue of the process that runs the crontab, in any other process. */
  readCatalogue(): Promise<void> {
    return this.#runners.readCatalogue();
  }

  /** Requests a run now, and returns its id. Use `idle` to wait for its end. */
  force(site: string, uid: string): string {
    const forced = this.ports.random.id();
    const plannedAt = Math.floor(this.ports.clock.now() / 1000) * 1000;
    void this.deliver({ site, uid, plannedAt, forced });
    return forced;
  }

  /**
   * Starts this run now, even if this process does not run the crontab. Returns when its claim is stored, or whether there is
   * nothing to run is decided: true. False, with the reason in the log, if neither could be done. Use `idle` to wait for its end.
   */
  deliver(delivery: Delivery): Promise<boolean> {
    const deadline = this.ports.clock.now() + LEASE_LIFETIME_MS[this.#release ? 'scheduler' : 'command'];
    const { forced } = delivery;
    if (forced !== undefined) this.#requested.add(forced);
    return new Promise((answer) => {
      const start = () => run(this.ports, delivery, deadline, () => answer(true));
      void this.#attempt(this.#runs, 'run', start).then(() => {
        if (forced !== undefined) this.#requested.delete(forced);
        answer(false);
      });
    });
  }

  /** How far the files have been read; absent while no resync reads them. */
  get reading(): Reading | undefined {
    return this.#registry.reading;
  }

  /** The number of runs in progress. */
  get running(): number {
    return this.#runs.running;
  }

  /** The number of requested runs that have not ended. */
  get requested(): number {
    return this.#requested.size;
  }

  /** Waits until all edits are applied and all runs have ended. */
  async idle(): Promise<void> {
    await this.#edits.onIdle();
    await this.#runs.onIdle();
  }

  /** Starts no more runs, waits for those in progress, and closes everything. */
  async stop(): Promise<void> {
    this.#shutdown.abort();
    this.#queue.close();
    const last = this.#close.pop();
    for (const close of this.#close.splice(0)) close();
    await this.idle();
    // The next process that acquires the lock treats runs of this one as dead.
    this.#release?.();
    last?.();
  }

  /** Times may have passed, or come again: the sweep arms what is due next. */
  #jumped(jumpMs: number): void {
    const text = `The clock jumped ${jumpMs < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(jumpMs) / 1000)} s`;
    this.ports.logger.warn(text, { code: 'clock-jumped', jumpMs });
    this.#edit('sweep', () => this.#sweep());
  }

  async #resync(): Promise<void> {
    this.#store.purge();
    await resync(this.#engine);
  }

  async #sweep(): Promise<void> {
    this.#state.check();
    await this.#endDeadRuns(true);
    await sweep(this.ports);
    await sendFolderHeartbeat(this.folder, this.ports, this.#shutdown.signal);
  }

  async #endDeadRuns(isSchedulerAlive: boolean): Promise<void> {
    const leased = await this.#store.leasedJobs();
    await endDeadRuns(this.ports, leased, (holder) => mayBeAlive(holder, isSchedulerAlive));
  }

  /** Arms the timers of jobs: timers exist only in memory. */
  async #armAll(which: (plannedAt: number) => boolean): Promise<void> {
    for await (const timer of armedTimers(this.ports.store)) {
      if (which(timer.plannedAt)) await this.#queue.arm(timer);
    }
  }

  get #engine(): Ports {
    return { ...this.ports, store: this.#store };
  }

  /** Syncs even if another process has already projected the edit, because only this one creates timers. */
  #edited(key: ParameterKey): void {
    this.#edit('project', async () => {
      await projectParameter(this.#engine, key);
      await this.#synchronise(key);
    });
  }

  /** A process that does not run the crontab creates no timers: they would end with the process. */
  async #synchronise({ site, uid }: ParameterKey): Promise<void> {
    if (!this.#release) return;
    if (uid === undefined) await syncSite(this.ports, site);
    else await syncCron(this.ports, site, uid);
  }

  /** The runners and what they may reach decide which crons are valid. */
  #runnersChanged(): void {
    this.#edit('publish', () => this.#runners.publish());
    this.#edit('validate', () => projectAll(this.ports));
  }

  #edit(what: string, work: () => Promise<unknown>): void {
    void this.#attempt(this.#edits, what, work);
  }

  #attempt(queue: PQueue | TurnQueue, what: string, work: () => Promise<unknown>): Promise<void> {
    const { clock, logger } = this.#options;
    const onFailure = () => this.#state.check();
    return attemptWork({ clock, logger, stopped: this.#shutdown.signal, onFailure }, queue, what, work);
  }
}
