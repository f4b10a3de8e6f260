/**
 * The runners of a folder, and its catalogue. The process that runs the crontab describes the runners and publishes the
 * catalogue; every other process reads it.
 */
import { resolve } from 'node:path';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { catalogueOf, type DescribedRunner, describedRunners } from '../../runners/published-runners.ts';
import type { RunnerClass } from '../../runners/runner.ts';
import { runnerFiles, runnerKey } from '../../runners/runner-files.ts';
import { RunnerTable } from '../../runners/table.ts';
import { FileCatalogue } from './file-catalogue.ts';
import { LocalRunners } from './local-runners.ts';
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

export class FolderRunners {
  readonly runners: LocalRunners;
  readonly #options: FolderRunnersOptions;
  readonly #table: RunnerTable;
  readonly #workers: RunnerWorkers;
  readonly #catalogue: FileCatalogue;
  #described: readonly DescribedRunner[] = [];

  constructor(options: FolderRunnersOptions) {
    const { classes, catalogue, tools, clock } = options;
    this.#options = options;
    this.#table = new RunnerTable(classes, tools.limits);
    this.#workers = new RunnerWorkers({ clock, tools });
    this.#catalogue = new FileCatalogue(catalogue);
    this.runners = new LocalRunners(this.#table, localTools(tools, clock), this.#workers, (name, site) =>
      this.#hasFile(name, site),
    );
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
      this.runners.replace(described);
      if (isFollowing) onChange();
    };
    let isFollowing = false;
    this.runners.replace(this.#described);
    const follower = folder
      ? new RunnerFollower({ folder, workers, clock, logger, onChange: take })
      : undefined;
    await follower?.start();
    isFollowing = true;
    await this.publish();
    return () => follower?.close();
  }

  /** Whether there is such a file for that site, which may be newer than the last look at the files. */
  #hasFile(name: string, site: string | undefined): boolean {
    const { files } = this.#options;
    const all = files === undefined ? [] : runnerFiles(files);
    return all.some((one) => one.name === name && (one.site === undefined || one.site === site));
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
      this.runners.replace([], { acceptUnknown: UNKNOWN });
      return;
    }
    const described = describedRunners(catalogue);
    const known = new Set(described.map(runnerKey));
    const files = catalogue.folder === undefined ? [] : runnerFiles(catalogue.folder);
    const added = files.filter((one) => !known.has(runnerKey(one))).map((one) => ({ ...one, summary: '' }));
    this.runners.replace([...described, ...added]);
  }
}
