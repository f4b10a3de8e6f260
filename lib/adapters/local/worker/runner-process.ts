/**
 * A worker: the process that loads the file of one runner, for one run or to describe it. It leads a process group, which is
 * killed as a whole when the work has ended. runner-host.ts is the other side.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CloudtabError } from '../../../core/domain/errors.ts';
import { Redactor } from '../../../core/engine/redactor.ts';
import type { RunContext } from '../../../core/ports/runners.ts';
import { ProgramOutput, reportDropped } from '../../../runners/program-output.ts';
import { addGroup, removeGroup, signalGroup } from '../../process-groups.ts';
import { compileCacheFolder } from '../compile-cache.ts';
import type { AbortMessage, LastMessage, WorkerInput, WorkerMessage } from './messages.ts';
import { receiveError, sendError } from './sent-error.ts';

/** Compiled code has other file names than its sources. */
const HOST = fileURLToPath(new URL(`./runner-host${import.meta.url.slice(-3)}`, import.meta.url));
/** Part of the text that V8 writes before it ends the process. */
const OUT_OF_MEMORY = 'JavaScript heap out of memory';

export interface ProcessOptions {
  /** The most memory that the code may use, in MB. Buffers do not count. */
  readonly memoryMb: number;
  /** Receives the output; without it there is none. */
  readonly run?: Pick<RunContext, 'logger' | 'redactedStream'>;
}

export class RunnerProcess {
  /** Resolves with the last message when the process has ended. Throws the error of the runner, or the reason of another end. */
  readonly end: Promise<LastMessage>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #child: ChildProcess;
  readonly #memoryMb: number;
  readonly #output: ProgramOutput;
  #last: LastMessage | undefined;
  #codeVersion: string | undefined;
  #isOutOfMemory = false;

  constructor(input: WorkerInput, { memoryMb, run }: ProcessOptions) {
    this.#memoryMb = memoryMb;
    this.#output = new ProgramOutput({
      write: (stream, line) => {
        if (line.includes(OUT_OF_MEMORY)) this.#isOutOfMemory = true;
        run?.logger.info(line, { stream });
      },
      redactedStream: run?.redactedStream ?? (() => new Redactor([]).stream()),
    });
    this.#child = fork(HOST, {
      detached: true,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // The cache of compiled code makes it start three times as fast, also the first file that it loads.
      env: { NODE_COMPILE_CACHE: compileCacheFolder(), ...process.env },
      // Not those of this process, which may contain code. Options for both are in NODE_OPTIONS.
      execArgv: [`--max-old-space-size=${memoryMb}`, '--disable-warning=ExperimentalWarning'],
    });
    this.end = this.#end(input, run);
  }

  /** Resolves when Node has started and waits for the file, or when the process has ended. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Names the code that the process has loaded. */
  get codeVersion(): string | undefined {
    return this.#codeVersion;
  }

  /** Aborts the signal of the run, which the process has to know first. */
  abort(reason: unknown): void {
    void this.ready.then(() => this.#send({ abort: sendError(reason) }));
  }

  /** Kills the process, whatever it does. `end` throws the error, unless the last message has come. */
  kill(error: CloudtabError): void {
    this.#setLast({ kind: 'failed', error: sendError(error) });
  }

  async #end(input: WorkerInput, run: ProcessOptions['run']): Promise<LastMessage> {
    const { pid, stdout, stderr } = this.#child;
    const ended = Promise.all([once(this.#child, 'exit'), once(this.#child, 'disconnect')]);
    stdout?.on('data', (bytes: Uint8Array) => this.#output.take('stdout', bytes));
    stderr?.on('data', (bytes: Uint8Array) => this.#output.take('stderr', bytes));
    this.#child.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        this.#ready.resolve();
        this.#send(input);
      } else this.#take(message, run);
    });
    addGroup(pid);
    try {
      const [[code, signal]] = await ended;
      // What the process wrote is read in the next turn. It need not be closed: a process that left the group may have it open.
      await nextTurn();
      await nextTurn();
      const dropped = await this.#output.end();
      if (run) reportDropped(run.logger, dropped);
      return this.#result(code, signal);
    } finally {
      this.#ready.resolve();
      signalGroup(pid, 'SIGKILL');
      removeGroup(pid);
      stdout?.destroy();
      stderr?.destroy();
    }
  }

  #take(message: Exclude<WorkerMessage, { kind: 'ready' }>, run: ProcessOptions['run']): void {
    switch (message.kind) {
      case 'line':
        run?.logger[message.level](message.message, message.fields);
        break;
      case 'loaded':
        this.#codeVersion = message.codeVersion;
        break;
      case 'described':
      case 'ended':
      case 'failed':
        this.#setLast(message);
    }
  }

  /** Nothing counts after the last message. */
  #setLast(message: LastMessage): void {
    this.#last ??= message;
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  /** The process may have ended. */
  #send(message: WorkerInput | AbortMessage): void {
    this.#child.send(message, () => undefined);
  }

  #result(code: number | null, signal: NodeJS.Signals | null): LastMessage {
    if (this.#last?.kind === 'failed') throw receiveError(this.#last.error);
    if (this.#last) return this.#last;
    if (this.#isOutOfMemory)
      throw new CloudtabError(`The runner used more than ${this.#memoryMb} MB of memory, and was ended.`);
    if (signal !== null) {
      const { lastErrors } = this.#output;
      throw new CloudtabError(
        `The process of the runner was ended by the signal ${signal}${lastErrors && `: ${lastErrors}`}`,
      );
    }
    throw new CloudtabError(
      `The process of the runner ended with the exit code ${code}: the runner called process.exit, or nothing was left that it waits for. Return, or throw an error, instead.`,
    );
  }
}
