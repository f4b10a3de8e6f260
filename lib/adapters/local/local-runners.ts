/**
 * The runners of a folder: built-in ones and those of the program run in this process, those in files in workers. What is
 * known of the files is replaced as a whole when they change.
 */
import type { RunnerChoice } from '../../core/domain/cron-schema.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Problem } from '../../core/domain/problem.ts';
import type { RunnerDescription } from '../../core/domain/runner-description.ts';
import type { RunnerCatalogue } from '../../core/ports/runner-catalogue.ts';
import type { RunContext, RunnableRunner, Runners } from '../../core/ports/runners.ts';
import { functionOf } from '../../runners/lambda.ts';
import {
  type DescribedRunner,
  type PublishedOptions,
  PublishedRunners,
} from '../../runners/published-runners.ts';
import type { RunnerTools } from '../../runners/runner.ts';
import type { RunnerTable } from '../../runners/table.ts';
import type { RunnerWorkers } from './runner-workers.ts';

export class LocalRunners implements Runners, RunnerCatalogue {
  readonly #table: RunnerTable;
  readonly #inProcess: Runners;
  readonly #workers: RunnerWorkers;
  readonly #isNewFile: (name: string, site: string | undefined) => boolean;
  #published: PublishedRunners;

  /** `isNewFile` finds a file that is not described yet: its runner is accepted until then. */
  constructor(
    table: RunnerTable,
    tools: Omit<RunnerTools, 'limits'>,
    workers: RunnerWorkers,
    isNewFile: (name: string, site: string | undefined) => boolean,
  ) {
    this.#isNewFile = isNewFile;
    this.#table = table;
    this.#inProcess = table.withTools(tools);
    this.#workers = workers;
    this.#published = new PublishedRunners(table, []);
  }

  /** These are the runners beside those of this process from now on. */
  replace(described: readonly DescribedRunner[], options?: PublishedOptions): void {
    this.#published = new PublishedRunners(this.#table, described, options);
  }

  unchecked(name: string, site?: string): string | undefined {
    return this.#published.unchecked(name, site);
  }

  describe(site?: string): RunnerDescription[] {
    return this.#published.describe(site);
  }

  problems(choice: RunnerChoice, site?: string): Problem[] {
    const problems = this.#published.problems(choice, site);
    const isUnknown = problems.some(({ where }) => where === 'name');
    const isNew = isUnknown && this.#isNewFile(choice.name, site);
    return isNew ? problems.filter(({ where }) => where === 'user') : problems;
  }

  /** A run that has a worker waits for one. */
  mayWait(name: string, site: string): boolean {
    return functionOf(name) !== undefined || this.#published.find(name, site)?.file !== undefined;
  }

  async admit(name: string, context: Pick<RunContext, 'site' | 'signal' | 'logger'>): Promise<() => void> {
    return this.mayWait(name, context.site) ? this.#workers.admit(context) : () => undefined;
  }

  create(name: string, context: RunContext): RunnableRunner | undefined {
    const inProcess = this.#inProcess.create(name, context);
    if (inProcess) return inProcess;
    const file = this.#published.find(name, context.site)?.file;
    if (file !== undefined) return this.#workers.runner(file, context);
    throw notHere(name);
  }

  /** Throws ConfigurationError if a run of a known runner would fail because its code is out of reach. */
  requireRunnable(name: string, site: string): void {
    if (this.#table.has(name, site) || this.#published.find(name, site)?.file !== undefined) return;
    if (this.problems({ name, environ: {} }, site).some(({ where }) => where === 'name')) return;
    throw notHere(name);
  }
}

function notHere(name: string): ConfigurationError {
  return new ConfigurationError(
    `The runner "${name}" cannot run in this process: the catalogue of the folder names no file of it. Start "cloudtab start" in the project of the runner.`,
  );
}
