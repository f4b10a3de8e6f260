/** The scheduler of a folder in this process, with what serves its dashboard and the calls of other processes. */
import { jsonLogger } from '../adapters/json-logger.ts';
import { setClockInterval } from '../adapters/local/clock-interval.ts';
import { FileCatalogue } from '../adapters/local/file-catalogue.ts';
import { type Folder, folderNames, folderOf } from '../adapters/local/folder.ts';
import { FolderDoor } from '../adapters/local/folder-door.ts';
import { changeSettings, MAX_RETENTION_DAYS } from '../adapters/local/folder-settings.ts';
import type { LocalScheduler } from '../adapters/local/local-scheduler.ts';
import { type LaptopOptions, openLaptop } from '../adapters/local/open-laptop.ts';
import { SAMPLE_UID, writeSample } from '../adapters/local/sample.ts';
import { EVENTS_PATH } from '../adapters/local/scheduler-client.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { type Door, makeDoor } from '../app/door/call.ts';
import type { CallPorts } from '../app/door/operation.ts';
import type { Event } from '../core/domain/event.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Registry } from '../core/ports/registry.ts';
import type { Client } from './client.ts';
import { ownClient } from './own-client.ts';
import { version } from './version.ts';

export type { FolderDoor };
export { MAX_RETENTION_DAYS, SAMPLE_UID, systemClock };

export interface SchedulerOptions extends Omit<LaptopOptions, 'logger'> {
  /** Receives the log beside the log folder. Default: standard output, a line of JSON each. */
  readonly logger: Logger | undefined;
}

/* v8 ignore start -- @preserve: test/surfaces/cli/start.test.ts runs it in a process of its own */
/** It starts no run before `start`. */
export class FolderScheduler {
  readonly folder: Folder;
  /** Where the dashboard answers, and its secret. */
  readonly door: FolderDoor;
  /** The calls of the user of this process. */
  readonly calls: Door;
  /** The parameters of the folder. */
  readonly registry: Pick<Registry, 'write'>;
  readonly eventsPath = EVENTS_PATH;
  readonly #dir: string;
  readonly #laptop: LocalScheduler;
  readonly #ports: CallPorts;
  readonly #newRetention: number | undefined;
  readonly #ready = Promise.withResolvers<void>();
  #published: Parameters<FolderDoor['open']>[0] | undefined;
  #unpublish = () => {};

  constructor(dir: string, options: SchedulerOptions) {
    this.#dir = dir;
    this.#newRetention = options.retentionDays;
    this.folder = folderOf(dir);
    this.door = new FolderDoor(dir);
    const { laptop, ports } = openLaptop(dir, { ...options, logger: options.logger ?? jsonLogger({}) });
    this.#laptop = laptop;
    this.registry = ports.registry;
    this.#ports = {
      ...ports,
      catalogue: new FileCatalogue(this.folder.catalogue),
      version: version(),
      option: folderNames(dir).option,
    };
    this.calls = makeDoor(this.#ports);
  }

  /** The client of this process. Closing it stops the scheduler. */
  get client(): Client {
    return ownClient({
      ...folderNames(this.#dir),
      ports: this.#ports,
      [Symbol.asyncDispose]: () => this.stop(),
    });
  }

  /** Rejects once the state of the folder is gone. */
  get untilLost(): Promise<never> {
    return this.#laptop.untilLost;
  }

  /** How far the files have been read; absent while none are. */
  get reading(): LocalScheduler['reading'] {
    return this.#laptop.reading;
  }

  /** Resolves when all files have been read, or could not be. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The number of runs in progress. */
  get running(): number {
    return this.#laptop.running;
  }

  /** Calls the listener with each event, until the returned function is called. */
  subscribe(listen: (event: Event) => void): () => void {
    return this.#laptop.events.subscribe(listen);
  }

  /** Whether the folder has no parameters. */
  async isNew(): Promise<boolean> {
    for await (const _ of this.#laptop.ports.registry.list()) return false;
    return true;
  }

  writeSample(site: string, timezone: string): Promise<void> {
    return writeSample(this.#laptop.ports.registry, site, timezone);
  }

  /**
   * Runs the crontab from now on. The address is where `serveScheduler` serves it: other processes find it before the first
   * file is read, and their calls wait for the last one. `report` is called every second meanwhile. Throws ConfigurationError
   * if another process runs the crontab.
   */
  async start(address: string, report: () => void = () => {}): Promise<void> {
    const publish = () => {
      this.#published = { address, version: version(), pid: process.pid };
      this.#unpublish = this.door.open(this.#published);
    };
    const stopReport = setClockInterval(1_000, systemClock, report);
    await this.#laptop.start(publish).finally(() => {
      stopReport();
      this.#ready.resolve();
    });
    const retentionDays = this.#newRetention;
    if (retentionDays !== undefined) changeSettings(this.#dir, { retentionDays });
  }

  force(site: string, uid: string): void {
    this.#laptop.force(site, uid);
  }

  /** Waits for the runs in progress. Other processes change nothing meanwhile. */
  async stop(): Promise<void> {
    if (this.#published) this.door.open({ ...this.#published, isStopping: true });
    await this.#laptop.stop();
    this.#unpublish();
  }
}
