/** Follows the files of the user's runners: describes each in a worker when it appears or changes. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import pMap from 'p-map';
import { messageOf } from '../../core/domain/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { DescribedRunner } from '../../runners/published-runners.ts';
import { type RunnerFile, runnerFiles, runnerKey } from '../../runners/runner-files.ts';
import { schemaSettings } from '../../runners/settings-schema.ts';
import { isBuiltIn } from '../../runners/table.ts';
import { stampOf } from './file-stamp.ts';
import type { RunnerWorkers } from './runner-workers.ts';

export interface RunnerFollowerOptions {
  /** The folder of the runners; it may not exist yet. */
  readonly folder: string;
  readonly workers: Pick<RunnerWorkers, 'describe'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Receives all runners at the start and after each change. */
  readonly onChange: (runners: readonly DescribedRunner[]) => void;
}

/** A change counts when two polls have seen it, so that no file is read half written. */
const POLL_MS = 250;

interface Followed {
  /** Changes with the file. */
  readonly stamp: string;
  readonly runner: DescribedRunner;
}

export class RunnerFollower {
  readonly #options: RunnerFollowerOptions;
  #followed: ReadonlyMap<string, Followed> = new Map();
  #seen = '';
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: RunnerFollowerOptions) {
    this.#options = options;
  }

  /** Describes all runners, and follows their files until `close`. */
  async start(): Promise<void> {
    const files = stampedFiles(this.#options.folder);
    this.#seen = fingerprint(files);
    await this.#take(files, false);
    this.#wait();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #wait(): void {
    if (!this.#isClosed) this.#cancel = this.#options.clock.after(POLL_MS, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const files = stampedFiles(this.#options.folder);
    const seen = fingerprint(files);
    const isSettled = seen === this.#seen;
    this.#seen = seen;
    const isChanged =
      files.length !== this.#followed.size ||
      files.some(({ stamp, ...file }) => this.#followed.get(runnerKey(file))?.stamp !== stamp);
    if (isSettled && isChanged) await this.#take(files, true);
    this.#wait();
  }

  /** With `announce`, also runners that came and went are reported; a file that cannot be loaded always is. */
  async #take(files: readonly StampedFile[], announce: boolean): Promise<void> {
    const { logger, onChange } = this.#options;
    const before = this.#followed;
    const described = await pMap(files, (file) => this.#describe(file, before.get(runnerKey(file))), {
      concurrency: 4,
    });
    this.#followed = new Map(described.map((one) => [runnerKey(one.runner), one]));
    for (const [key, { runner }] of this.#followed) {
      const known = before.get(key)?.runner;
      if (announce && !known) logger.info(`runners: + ${key}`);
      if (runner.broken === known?.broken) continue;
      if (runner.broken === undefined) logger.info(`runners: ${key} can be loaded again`);
      else
        logger.warn(`runners: ${key} cannot be loaded: ${runner.broken}`, {
          code: 'runner-broken',
          runner: key,
        });
    }
    for (const key of before.keys()) if (!this.#followed.has(key)) logger.info(`runners: - ${key}`);
    onChange(described.map(({ runner }) => runner));
  }

  /** The settings of a file that cannot be loaded are those that it had before. */
  async #describe({ stamp, ...file }: StampedFile, known: Followed | undefined): Promise<Followed> {
    if (known?.stamp === stamp) return known;
    try {
      if (isBuiltIn(file.name))
        throw new Error(`"${file.name}" is a built-in runner. Rename ${basename(file.file)}.`);
      const { summary, settings } = await this.#options.workers.describe(file.file);
      return { stamp, runner: { ...file, summary, ...(settings && { environ: schemaSettings(settings) }) } };
    } catch (error) {
      return { stamp, runner: { summary: '', ...known?.runner, ...file, broken: messageOf(error) } };
    }
  }
}

interface StampedFile extends RunnerFile {
  readonly stamp: string;
}

function stampedFiles(folder: string): StampedFile[] {
  return runnerFiles(folder).flatMap((one) => {
    const stamp = stampOf(statSync(one.file, { throwIfNoEntry: false }));
    return stamp === '' ? [] : [{ ...one, stamp }];
  });
}

function fingerprint(files: readonly StampedFile[]): string {
  return JSON.stringify(files);
}
