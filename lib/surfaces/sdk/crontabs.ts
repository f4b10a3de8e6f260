/** The crontabs of a folder or of a deployment, for programs. */
import { openStackTarget } from '../../adapters/aws/stack-target.ts';
import { type FolderPlace, openFolderTarget } from '../../adapters/local/folder-target.ts';
import { siteNames } from '../../app/operations/read.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { Event } from '../../core/ports/events.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { RunnerDescription } from '../../core/ports/runner-catalogue.ts';
import type { Target } from '../../core/ports/target.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { Crontab } from './crontab.ts';

export interface OpenOptions {
  /**
   * Your own runners by name, the same as those of the deployment: a cron with any other runner is rejected, except a
   * built-in one. Default: none.
   */
  readonly runners?: Readonly<Record<string, RunnerClass>>;
  /** Who is told what happens on the way. Default: nobody. */
  readonly logger?: Logger;
}

export interface OpenFolderOptions extends OpenOptions {
  /** Whether this process keeps the crontabs running until it closes them. Default: it does not. */
  readonly keep?: boolean;
}

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => SILENT };

/**
 * Opens the crontabs of a folder on this computer, which is made when it is not there. Throws ConfigurationError when
 * they should be kept running and another process does so.
 */
export async function openFolder(dir: string, options: OpenFolderOptions = {}): Promise<FolderCrontabs> {
  const { runners = {}, logger = SILENT, keep: run = false } = options;
  return new FolderCrontabs(await openFolderTarget(dir, { runners, logger, run }));
}

/**
 * Opens the crontabs of a deployment, by the name of its stack, with the credentials that the AWS SDK finds. Throws
 * ConfigurationError when there is no such stack, UnavailableError when AWS does not answer or refuses.
 */
export async function openStack(name: string, options: OpenOptions = {}): Promise<Crontabs> {
  const { runners = {}, logger = SILENT } = options;
  return new Crontabs(await openStackTarget(name, { runners, logger }));
}

export class Crontabs implements AsyncDisposable {
  /** Where they are, in words. */
  readonly name: string;
  readonly #place: Target;

  /** Use openFolder or openStack. */
  constructor(place: Target) {
    this.name = place.name;
    this.#place = place;
  }

  /** The names of all sites, sorted. */
  sites(): Promise<string[]> {
    return siteNames(this.#place.ports);
  }

  /** Loads the crontab of a site. Nobody has to have made the site: saving does. */
  load(site: string = DEFAULT_SITE): Promise<Crontab> {
    return Crontab.load(this.#place.ports, site);
  }

  /** What crons can run, sorted by name. */
  runners(): RunnerDescription[] {
    return this.#place.ports.runners.describe();
  }

  /** Waits for runs that go on in this process, and closes everything. */
  async close(): Promise<void> {
    await this.#place[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The crontabs of a folder, which can also be subscribed to. A deployment publishes its events on its bus. */
export class FolderCrontabs extends Crontabs {
  readonly #folder: FolderPlace;

  /** Use openFolder. */
  constructor(place: FolderPlace) {
    super(place);
    this.#folder = place;
  }

  /**
   * Calls the listener with each event of this process, until the returned function is called. An error of the listener
   * is logged.
   */
  subscribe(listen: (event: Event) => void | Promise<void>): () => void {
    return this.#folder.subscribe(listen);
  }
}
