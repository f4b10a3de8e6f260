/** The crontabs of a folder or of a deployment, for programs. */
import { wholeSecretNames, wholeSiteNames } from '../../app/door/whole-lists.ts';
import type { RunPage } from '../../app/operations/read-runs.ts';
import type { Client } from '../../client/client.ts';
import { type FolderOptions, type OwnFolder, openOwnFolder } from '../../client/own-folder.ts';
import { quietLogger } from '../../client/quiet-logger.ts';
import type { Event } from '../../core/domain/event.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import type { RunnerDescription } from '../../core/domain/runner-description.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import type { RunFilter } from './cron-job.ts';
import { Crontab, type LoadOptions } from './crontab.ts';

export interface OpenStackOptions {
  /** The root of the deployment, for a stack that contains several. Default: the only one. */
  readonly root?: string;
}

export interface OpenFolderOptions {
  /** Receives the log of this process beside the log folder. Default: none. */
  readonly logger?: FolderOptions['logger'];
  /**
   * Your own runners by name, which run in this process: while it runs the crons, and while no process does. A scheduler in
   * another process does not know them. Default: none.
   */
  readonly runners?: Readonly<Record<string, RunnerClass>>;
  /**
   * Whether this process is the scheduler of the folder, as `cloudtab start` is, until it closes the crontabs: it runs the crons
   * and does the calls of commands and other programs. Default: false.
   */
  readonly keep?: boolean;
}

/**
 * Opens the crontabs of a folder on this computer and creates a missing folder. Throws ConfigurationError if `keep` is
 * set and another process runs the crons.
 */
export async function openFolder(dir: string, options: OpenFolderOptions = {}): Promise<FolderCrontabs> {
  const { runners = {}, logger = quietLogger, keep = false } = options;
  if (!keep) return new FolderCrontabs(await openOwnFolder(dir, { runners, logger }));
  // Loaded only here: the dashboard would slow down all other programs.
  const { keepFolder } = await import('./keep-folder.ts');
  return new FolderCrontabs(await keepFolder(dir, { runners, logger }));
}

/**
 * Opens the crontabs of a deployment by the name of its stack, with the credentials of the AWS SDK. Throws
 * ConfigurationError if the stack does not exist or has several deployments and no root is given, and UnavailableError if AWS does not respond or denies access.
 */
export async function openStack(name: string, { root }: OpenStackOptions = {}): Promise<Crontabs> {
  // Loaded only here: the AWS SDK would slow down programs on a folder, and each run of a runner that imports this module.
  const { openDeployment } = await import('../../client/open-deployment.ts');
  return new Crontabs(await openDeployment({ stack: name, root }));
}

/**
 * Opens the crontabs of a deployment by its function URL, which the stack has as an output: the caller needs no permission
 * but to call it. Throws ConfigurationError for another address.
 */
export async function openUrl(url: string): Promise<Crontabs> {
  const { openDeployment } = await import('../../client/open-deployment.ts');
  return new Crontabs(await openDeployment({ url }));
}

export class Crontabs implements AsyncDisposable {
  /** The folder or the stack, for messages. */
  readonly name: string;
  readonly #client: Client;

  /** Use openFolder or openStack. */
  constructor(client: Client) {
    this.name = client.name;
    this.#client = client;
  }

  /** The names of all sites, sorted. */
  sites(): Promise<string[]> {
    return wholeSiteNames(this.#client.call);
  }

  /** The names of the secrets to which crons of the site can refer, sorted. Their values are never read. */
  secretNames(site: string = DEFAULT_SITE): Promise<string[]> {
    return wholeSecretNames(this.#client.call, site);
  }

  /** Loads the crontab of a site. Saving creates a missing site. */
  load(site: string = DEFAULT_SITE, options: LoadOptions = {}): Promise<Crontab> {
    return Crontab.load(this.#client, site, options);
  }

  /** A page of the runs of all sites, newest first; those in progress come first. */
  runs(filter: RunFilter = {}): Promise<RunPage> {
    return this.#client.call('readAllRuns', {}, filter);
  }

  /** The available runners, sorted by name. */
  async runners(): Promise<RunnerDescription[]> {
    return (await this.#client.runners()).describe();
  }

  /** Waits for the runs of this process and closes all connections. */
  async close(): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The crontabs of a folder and their events. A deployment publishes its events on its bus. */
export class FolderCrontabs extends Crontabs {
  readonly #folder: OwnFolder;

  /** Use openFolder. */
  constructor(folder: OwnFolder) {
    super(folder);
    this.#folder = folder;
  }

  /**
   * Calls the listener with each event of the scheduler that runs the crons, and without one of this process, until the
   * returned function is called. It keeps the program alive until the crontabs are closed. An error of the listener is logged.
   */
  subscribe(listen: (event: Event) => void | Promise<void>): () => void {
    return this.#folder.subscribe(listen);
  }
}
