/**
 * Runs the runners of the user, each run in a worker, a process of its own: it loads the file as it is then, and is killed
 * when the run is over, whatever the code still does.
 */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { CloudtabError } from '../../core/domain/errors.ts';
import { GRACE_MS } from '../../core/domain/occurrence.ts';
import type { PublishedRunner } from '../../core/domain/runner-description.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { RunContext, RunnableRunner, RunnerResult } from '../../core/ports/runners.ts';
import { limitsOf } from '../../runners/limits.ts';
import type { ToolSettings } from './local-tools.ts';
import type { RunInput, WorkerInput } from './worker/messages.ts';
import { RunnerProcess } from './worker/runner-process.ts';

export interface RunnerWorkersOptions {
  readonly clock: Clock;
  readonly tools: ToolSettings;
  /** The most workers at once. Default: 64. */
  readonly most?: number;
  /** The most memory of a worker, in MB. Default: 512. */
  readonly memoryMb?: number;
}

/** How long a runner may take to react to its abort signal, in milliseconds: less than the engine waits for it. */
const ABORT_MS = 1_500;
/** How long a file may take to load when it is described, in milliseconds. */
const DESCRIBE_MS = 10_000;
const ENDED = new CloudtabError('The run has ended.');

export class RunnerWorkers {
  readonly #clock: Clock;
  readonly #tools: ToolSettings;
  readonly #memoryMb: number;
  readonly #places: PQueue;
  /** The start of Node keeps a processor busy: more starts at once would only delay everything else, the scheduler included. */
  readonly #starts = new PQueue({ concurrency: availableParallelism() });

  constructor({ clock, tools, most = 64, memoryMb = 512 }: RunnerWorkersOptions) {
    this.#clock = clock;
    this.#tools = tools;
    this.#memoryMb = memoryMb;
    this.#places = new PQueue({ concurrency: most });
  }

  /** Waits until there is room for another worker, and returns how to give it back. See Runners.admit. */
  async admit({ logger, signal }: Pick<RunContext, 'logger' | 'signal'>): Promise<() => void> {
    const place = Promise.withResolvers<void>();
    const admitted = Promise.withResolvers<void>();
    void this.#places.add(() => {
      admitted.resolve();
      return place.promise;
    });
    const most = `${this.#places.concurrency} runs of own runners and functions are in progress, the most at once`;
    if (this.#places.size > 0) logger.warn(`The run waits: ${most}.`, { code: 'run-waits' });
    const minutes = GRACE_MS / 60_000;
    const cancel = this.#clock.after(GRACE_MS, () =>
      admitted.reject(new CloudtabError(`No run of another cron ended within ${minutes} minutes: ${most}.`)),
    );
    const abort = () => admitted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await admitted.promise;
      return place.resolve;
    } catch (error) {
      place.resolve();
      throw error;
    } finally {
      cancel();
      signal.removeEventListener('abort', abort);
    }
  }

  /** The runner in that file, for one run. */
  runner(file: string, context: RunContext): RunnableRunner {
    let worker: RunnerProcess | undefined;
    return {
      run: async () => {
        worker = await this.#start({ file, run: this.#inputOf(context) }, context);
        return this.#endOf(worker, context);
      },
      get codeVersion() {
        return worker?.codeVersion;
      },
    };
  }

  /** What the runner in that file is. Throws the error for which its runs would fail. */
  async describe(file: string): Promise<Pick<PublishedRunner, 'summary' | 'settings'>> {
    const worker = await this.#start({ file });
    const late = new CloudtabError(
      `${file}: it was not loaded within ${DESCRIBE_MS / 1000} s. Remove what it waits for.`,
    );
    const cancel = this.#clock.after(DESCRIBE_MS, () => worker.kill(late));
    try {
      const message = await worker.end;
      return message.kind === 'described' ? message.description : { summary: '' };
    } finally {
      cancel();
    }
  }

  /** Throws the reason of a run that is aborted before. */
  #start(input: WorkerInput, run?: RunContext): Promise<RunnerProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<RunnerProcess>();
    const start = async () => {
      run?.signal.throwIfAborted();
      const worker = new RunnerProcess(input, { memoryMb: this.#memoryMb, ...(run && { run }) });
      resolve(worker);
      await worker.ready;
    };
    this.#starts.add(start).catch(reject);
    return promise;
  }

  #inputOf({ cron, ...context }: RunContext): RunInput {
    const { signal: _signal, logger: _logger, redact: _redact, redactedStream: _stream, ...rest } = context;
    const { functions, limits } = this.#tools;
    const tools = { functions, limits: limitsOf(limits, context.site) };
    return { ...rest, cron: cron.fields(), tools };
  }

  async #endOf(worker: RunnerProcess, { signal, logger }: RunContext): Promise<RunnerResult> {
    let cancel = () => {};
    const abort = () => {
      worker.abort(signal.reason);
      cancel = this.#clock.after(ABORT_MS, () => {
        const text = `The runner ignored its abort signal for ${ABORT_MS / 1000} s: its worker was ended.`;
        logger.warn(text, { code: 'worker-ended' });
        worker.kill(ENDED);
      });
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      const message = await worker.end;
      return message.kind === 'ended' ? message.messages : undefined;
    } finally {
      signal.removeEventListener('abort', abort);
      cancel();
    }
  }
}
