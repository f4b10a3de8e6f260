/**
 * The runners of a folder, and its catalogue: built-in ones and those of the program run in this process, those in files in
 * workers. The process that runs the crontab describes the runners and publishes the catalogue; every other process reads it.
 */
import { resolve } from 'node:path';
import type { RunnerChoice } from '../../core/domain/cron-schema.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Problem } from '../../core/domain/problem.ts';
import type { RunnerDescription } from '../../core/domain/runner-description.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { RunnerCatalogue } from '../../core/ports/runner-catalogue.ts';
import type { RunContext, RunnableRunner, Runners } from '../../core/ports/runners.ts';
import { functionOf } from '../../runners/lambda.ts';
import {
  catalogueOf,
  type DescribedRunner,
  describedRunners,
  PublishedRunners,
} from '../../runners/published-runners.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { runnerFiles, runnerKey } from '../../runners/runner-files.ts';
import { RunnerTable } from '../../runners/table.ts';
import { FileCatalogue } from './file-catalogue.ts';
import { localTools, type ToolSettings } from './local-tools.ts';
import { RunnerFollower } from './runner-follower.ts';
import { RunnerWorkers } from './runner-workers.ts';

export interface FolderRunnersOptions {
  /** The runners of the program, by name. They run in this process. */
  readonly classes: Readonly<Record<string, RunnerClass>>;
  /** The folder with a file for each of the user's runners. Default: none. */
  readonly files?: string | undefined;
  /** The file of the catalogue. */
  readonly catalogue: string;
  readonly tools: ToolSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

const UNKNOWN =
  'Its runner was not checked, because this folder has no valid catalogue of its runners. Run "cloudtab start".';

export class FolderRunners implements Runners, RunnerCatalogue {
  readonly #options: FolderRunnersOptions;
  readonly #table: RunnerTable;
  readonly #inProcess: Runners;
  readonly #workers: RunnerWorkers;
  readonly #catalogue: FileCatalogue;
  /** The runners in files. */
  #described: readonly DescribedRunner[] = [];
  #published: PublishedRunners;

  constructor(options: FolderRunnersOptions) {
    const { classes, catalogue, tools, clock } = options;
    this.#options = options;
    this.#table = new RunnerTable(classes, tools.limits);
    this.#inProcess = this.#table.withTools(localTools(tools.functions, clock));
    this.#workers = new RunnerWorkers({ clock, tools });
    this.#catalogue = new FileCatalogue(catalogue);
    this.#published = new PublishedRunners(this.#table, []);
  }

  /**
   * Describes the runners, publishes the catalogue, and follows the files until the returned function is called. `onChange` is
   * called after each later change; it has to publish.
   */
  async follow(onChange: () => void): Promise<() => void> {
    const { files: folder, clock, logger } = this.#options;
    const workers = this.#workers;
    const take = (described: readonly DescribedRunner[]) => {
      this.#described = described;
      this.#published = new PublishedRunners(this.#table, described);
      if (isFollowing) onChange();
    };
    let isFollowing = false;
    take([]);
    const follower = folder
      ? new RunnerFollower({ folder, workers, clock, logger, onChange: take })
      : undefined;
    await follower?.start();
    isFollowing = true;
    await this.publish();
    return () => follower?.close();
  }

  /** Publishes the runners as they are known. */
  async publish(): Promise<void> {
    const { files, tools } = this.#options;
    const catalogue = catalogueOf([...this.#table.describe(), ...this.#described], tools.limits);
    await this.#catalogue.publish({ ...catalogue, ...(files && { folder: resolve(files) }) });
  }

  /**
   * Takes over what the process that runs the crontab has published, and the files that came since. Without a catalogue, any
   * runner is accepted.
   */
  async readCatalogue(): Promise<void> {
    const catalogue = await this.#catalogue.read();
    if (!catalogue) {
      this.#published = new PublishedRunners(this.#table, [], UNKNOWN);
      return;
    }
    const described = describedRunners(catalogue);
    const known = new Set(described.map(runnerKey));
    const files = catalogue.folder === undefined ? [] : runnerFiles(catalogue.folder);
    const added = files.filter((one) => !known.has(runnerKey(one))).map((one) => ({ ...one, summary: '' }));
    this.#published = new PublishedRunners(this.#table, [...described, ...added]);
  }

  unchecked(name: string, site?: string): string | undefined {
    return this.#published.unchecked(name, site);
  }

  describe(site?: string): RunnerDescription[] {
    return this.#published.describe(site);
  }

  /** A runner whose file is newer than the last look at the files is accepted until it is described. */
  problems(choice: RunnerChoice, site?: string): Problem[] {
    const problems = this.#published.problems(choice, site);
    const isUnknown = problems.some(({ where }) => where === 'name');
    const isNew = isUnknown && this.#hasFile(choice.name, site);
    return isNew ? problems.filter(({ where }) => where === 'user') : problems;
  }

  /** A run that has a worker waits for one. */
  mayWait(name: string, site: string): boolean {
    return functionOf(name) !== undefined || this.#fileOf(name, site) !== undefined;
  }

  async admit(name: string, context: Pick<RunContext, 'site' | 'signal' | 'logger'>): Promise<() => void> {
    return this.mayWait(name, context.site) ? this.#workers.admit(context) : () => undefined;
  }

  create(name: string, context: RunContext): RunnableRunner | undefined {
    const inProcess = this.#inProcess.create(name, context);
    if (inProcess) return inProcess;
    const file = this.#fileOf(name, context.site);
    if (file !== undefined) return this.#workers.runner(file, context);
    throw notHere(name);
  }

  /** Throws ConfigurationError if a run of a known runner would fail because its code is out of reach. */
  requireRunnable(name: string, site: string): void {
    if (this.#table.has(name, site) || this.#fileOf(name, site) !== undefined) return;
    if (this.problems({ name, environ: {} }, site).some(({ where }) => where === 'name')) return;
    throw notHere(name);
  }

  #fileOf(name: string, site: string): string | undefined {
    return this.#published.find(name, site)?.file;
  }

  #hasFile(name: string, site: string | undefined): boolean {
    const { files } = this.#options;
    const all = files === undefined ? [] : runnerFiles(files);
    return all.some((one) => one.name === name && (one.site === undefined || one.site === site));
  }
}

function notHere(name: string): ConfigurationError {
  return new ConfigurationError(
    `The runner "${name}" cannot run in this process: the catalogue of the folder names no file of it. Start "cloudtab start" in the project of the runner.`,
  );
}
