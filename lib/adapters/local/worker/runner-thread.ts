/** A worker thread that loads the file of one runner: for one run, or to describe it. runner-host.ts is its other side. */
import { Worker } from 'node:worker_threads';
import { CloudtabError } from '../../../core/domain/errors.ts';
import type { Logger } from '../../../core/ports/logger.ts';
import { compileCacheFolder } from '../compile-cache.ts';
import type { AbortMessage, LastMessage, WorkerInput, WorkerMessage } from './messages.ts';
import { receiveError, sendError } from './sent-error.ts';

/** Compiled code has other file names than its sources. */
const HOST = new URL(`./runner-host.${import.meta.url.endsWith('.js') ? 'js' : 'ts'}`, import.meta.url).href;

/** The cache of compiled code makes a worker start about three times as fast. It is switched on before any file is loaded. */
const BOOT = `
  const { parentPort, workerData: { host, input, cache } } = require('node:worker_threads');
  if (cache !== undefined) require('node:module').enableCompileCache(cache);
  import(host).then((module) => module.host(parentPort, input));
`;

export interface ThreadOptions {
  /** The most memory that the code may use, in MB. Buffers do not count. */
  readonly memoryMb: number;
  /** Receives the output of the run. */
  readonly logger?: Logger;
}

export class RunnerThread {
  readonly #worker: Worker;
  readonly #end = Promise.withResolvers<LastMessage>();
  #codeVersion: string | undefined;

  constructor(input: WorkerInput, { memoryMb, logger }: ThreadOptions) {
    const { resolve, reject } = this.#end;
    this.#worker = new Worker(BOOT, {
      eval: true,
      workerData: { host: HOST, input, cache: compileCacheFolder() },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'line') logger?.[message.level](message.message, message.fields);
      else if (message.kind === 'loaded') this.#codeVersion = message.codeVersion;
      else if (message.kind === 'failed') reject(receiveError(message.error));
      else resolve(message);
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reject(
        isFull
          ? new CloudtabError(`The runner used more than ${memoryMb} MB of memory, and was ended.`)
          : error,
      );
    });
    this.#worker.on('exit', (code) => {
      reject(
        new CloudtabError(
          `The worker of the runner ended with the exit code ${code}: the runner called process.exit, or nothing was left that it waits for. Return, or throw an error, instead.`,
        ),
      );
    });
  }

  /** Resolves with the last message. Throws the error of the runner, or the reason for which the thread ended. */
  get end(): Promise<LastMessage> {
    return this.#end.promise;
  }

  /** Names the code that the thread has loaded. */
  get codeVersion(): string | undefined {
    return this.#codeVersion;
  }

  /** Aborts the signal of the run. */
  abort(reason: unknown): void {
    const message: AbortMessage = { abort: sendError(reason) };
    this.#worker.postMessage(message);
  }

  /** Ends the thread, whatever it does. `end` throws the error unless the thread had ended before. */
  async terminate(error: CloudtabError): Promise<void> {
    this.#end.reject(error);
    await this.#worker.terminate();
  }
}
