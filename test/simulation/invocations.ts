/**
 * Invokes Lambdas as processes with a limited lifetime, retries failed invocations, and knows what is still in
 * flight.
 */
import { MINUTE } from './durations.ts';
import { Process, type Runtime } from './process.ts';
import type { System } from './system.ts';

export interface Invocation<Result> {
  readonly name: string;
  readonly lifetime: number;
  readonly work: (process: Process) => Promise<Result>;
  readonly onSuccess?: (result: Result, process: Process) => void;
  readonly onFailure: () => void;
}

interface InvocationsParts {
  readonly runtime: Runtime;
  readonly system: System;
  /** Called when a handler has returned, or thrown if `hasFailed`, and its process is alive. */
  readonly handlerEnded: (process: Process, hasFailed: boolean) => void;
  /** Called when a handler threw anything but an UnavailableError. */
  readonly unexpectedError: (name: string, error: unknown) => void;
}

export class Invocations {
  readonly #parts: InvocationsParts;
  readonly aliveProcesses = new Set<Process>();
  /** Processes that were started while no other process was active. */
  readonly #startedAlone = new WeakSet<Process>();
  #processCount = 0;
  /** Retries, records and events that are scheduled. */
  #inFlight = 0;

  constructor(parts: InvocationsParts) {
    this.#parts = parts;
  }

  /** Whether anything except runners is active or in flight. */
  get isBusy(): boolean {
    return this.#inFlight > 0 || [...this.aliveProcesses].some(({ isInRunner }) => !isInRunner);
  }

  get isResyncing(): boolean {
    return [...this.aliveProcesses].some(({ name }) => name === 'resync');
  }

  /** Whether only runners were active beside the process since it started. */
  ranAlone(process: Process): boolean {
    return this.#startedAlone.has(process) && this.#processCount === process.number;
  }

  /** Invokes asynchronously, as Lambda does: a failed invocation is retried after one and after two more minutes. */
  invokeWithRetries<Result>(
    invocation: Omit<Invocation<Result>, 'onFailure'>,
    maxRetries = 2,
    onGiveUp: () => void = () => {},
    retries = 0,
  ): void {
    const { nemesis, trace } = this.#parts.runtime;
    this.invoke({
      ...invocation,
      onFailure: () => {
        if (retries >= maxRetries || nemesis.injects('retries-out')) {
          trace(undefined, `${invocation.name} is dropped after ${retries + 1} attempts`, {});
          return onGiveUp();
        }
        this.schedule((retries + 1) * MINUTE, () =>
          this.invokeWithRetries(invocation, maxRetries, onGiveUp, retries + 1),
        );
      },
    });
  }

  invoke<Result>({ name, lifetime, work, onSuccess, onFailure }: Invocation<Result>): void {
    const { runtime, handlerEnded } = this.#parts;
    const process = new Process(runtime, name, ++this.#processCount);
    if ([...this.aliveProcesses].every(({ isInRunner }) => isInRunner)) this.#startedAlone.add(process);
    this.aliveProcesses.add(process);
    let hasEnded = false;
    const end = () => {
      if (hasEnded) return false;
      hasEnded = true;
      cancelTimeout();
      return this.aliveProcesses.delete(process);
    };
    const cancelTimeout = runtime.loop.after(lifetime, () => {
      runtime.trace(process, 'is terminated at the end of its lifetime', {});
      process.crash();
    });
    process.onCrash(() => end() && onFailure());
    work(process).then(
      (result) => {
        if (!end()) return;
        handlerEnded(process, false);
        onSuccess?.(result, process);
      },
      (error: unknown) => {
        this.#reportUnexpected(name, error);
        if (!end()) return;
        handlerEnded(process, true);
        onFailure();
      },
    );
  }

  #reportUnexpected(name: string, error: unknown): void {
    const { runtime, system, unexpectedError } = this.#parts;
    if (error instanceof AggregateError) for (const part of error.errors) this.#reportUnexpected(name, part);
    else if (error instanceof system.UnreadableError && runtime.nemesis.counts.has('unreadable')) return;
    else if (!(error instanceof system.UnavailableError)) unexpectedError(name, error);
  }

  /** Schedules an action. While one with `countsAsBusy` is in flight, the cloud is busy. */
  schedule(milliseconds: number, act: () => void, countsAsBusy = true): void {
    if (countsAsBusy) this.#inFlight += 1;
    this.#parts.runtime.loop.after(milliseconds, () => {
      if (countsAsBusy) this.#inFlight -= 1;
      act();
    });
  }

  /** Draws a normal latency in milliseconds. */
  latency(low: number, high: number): number {
    return low + Math.floor(this.#parts.runtime.latencyPrng.fraction() * (high - low));
  }
}
