/**
 * One invocation of a Lambda: a process that can crash at any of its calls. A crashed process does nothing more: its
 * promises never settle.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Clock } from '../../lib/core/ports/clock.ts';
import type { EventLoop } from './event-loop.ts';
import type { Call } from './memory-ports.ts';
import { MAX_REGISTRY_LAG } from './memory-registry.ts';
import { MAX_STALENESS } from './memory-store.ts';
import type { Nemesis } from './nemesis.ts';
import type { Prng } from './prng.ts';

/** The parts that all processes share. */
export interface Runtime {
  /** The call whose effect is taking place right now. */
  activeCall: ActiveCall | undefined;
  readonly loop: EventLoop;
  readonly nemesis: Nemesis;
  readonly latencyPrng: Prng;
  readonly clockPrng: Prng;
  readonly unavailable: (message: string) => Error;
  readonly throttled: (message: string) => Error;
  /** Whether calls of that name are throttled for hours. */
  readonly isThrottled: (call: string) => boolean;
  /** Adds a line to the trace. */
  readonly trace: (process: Process | undefined, text: string, key: Partial<ParameterKey>) => void;
}

/** A call at the moment of its effect. */
export interface ActiveCall {
  readonly process: Process;
  /** When the process made the call. */
  readonly calledAt: number;
  /** Whether the process will receive the answer. */
  readonly isAnswered: boolean;
}

/** The largest difference between the clocks of two processes, in milliseconds. */
export const MAX_CLOCK_SKEW = 1000;

const INDEX_READS = new Set(['store.readSite', 'store.sites', 'queue.timers']);

export class Process {
  readonly name: string;
  readonly number: number;
  readonly startedAt: number;
  /** The interruptions of the system before it started. */
  readonly interruptions: number;
  /** Whether the runner is running, and the handler waits for it. */
  isInRunner = false;
  isAlive = true;
  /** The names of the calls that it has made. */
  readonly calls = new Set<string>();
  /** Whether any of its reads was stale. */
  hasReadStale = false;
  readonly #runtime: Runtime;
  readonly #crashCallbacks: (() => void)[] = [];
  /** Milliseconds that its clock is ahead. */
  readonly #clockSkew: number;
  #throttledUntil = 0;

  constructor(runtime: Runtime, name: string, number: number) {
    this.#runtime = runtime;
    this.name = name;
    this.number = number;
    this.startedAt = runtime.loop.now();
    this.interruptions = runtime.loop.interruptions;
    this.#clockSkew = Math.floor((runtime.clockPrng.fraction() - 0.5) * MAX_CLOCK_SKEW);
  }

  onCrash(callback: () => void): void {
    this.#crashCallbacks.push(callback);
  }

  crash(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const callback of this.#crashCallbacks) callback();
  }

  /** The clock of this process, a little ahead or behind. It wakes no crashed process. */
  get clock(): Clock {
    const { loop } = this.#runtime;
    return {
      now: () => loop.now() + this.#clockSkew,
      wake: (time, callback) => loop.wake(time - this.#clockSkew, () => this.isAlive && callback()),
      after: (milliseconds, callback) => loop.after(milliseconds, () => this.isAlive && callback()),
    };
  }

  readonly call: Call = (name, key, effect) =>
    new Promise((resolve, reject) => {
      if (!this.isAlive) return;
      const { loop, nemesis, latencyPrng } = this.#runtime;
      this.calls.add(name);
      const calledAt = loop.now();
      const isThrottled = loop.monotonic() < this.#throttledUntil || this.#runtime.isThrottled(name);
      const fault = isThrottled ? 'throttled' : nemesis.callFault();
      const asOf = this.#staleTime(name);
      if (fault) this.#trace(`${name}: ${fault}`, key);
      if (asOf !== undefined) this.hasReadStale = true;
      if (asOf !== undefined) this.#trace(`${name}: stale by ${(loop.monotonic() - asOf) / 1000} s`, key);
      const act = () => {
        if (!this.isAlive) return;
        if (fault === 'dies-before') return this.crash();
        if (fault === 'fails-before') return reject(this.#runtime.unavailable(`${name} failed`));
        if (fault === 'throttled') {
          if (!isThrottled) this.#throttledUntil = loop.monotonic() + 3_000;
          return reject(this.#runtime.throttled(`${name} was throttled`));
        }
        const isAnswered = fault !== 'fails-after' && fault !== 'dies-after';
        this.#runtime.activeCall = { process: this, calledAt, isAnswered };
        const answer = attempt(() => effect(asOf));
        this.#runtime.activeCall = undefined;
        if (fault === 'dies-after') return this.crash();
        const reply = () => {
          if (!this.isAlive) return;
          if ('error' in answer) reject(answer.error);
          else if (fault === 'fails-after') reject(this.#runtime.unavailable(`${name} gave no answer`));
          else resolve(answer.result);
        };
        if (fault === 'slow') loop.after(nemesis.duration(200, 40_000), reply);
        else reply();
      };
      const delay =
        fault === 'slow' ? nemesis.duration(200, 40_000) : 2 + Math.floor(latencyPrng.fraction() * 40);
      loop.after(delay, act);
    });

  /** The monotonic time as of which an eventually consistent read is made; undefined for the present. */
  #staleTime(name: string): number | undefined {
    const { loop, nemesis } = this.#runtime;
    if (INDEX_READS.has(name) && nemesis.injects('stale-index'))
      return loop.monotonic() - nemesis.duration(100, MAX_STALENESS - 1000);
    if (name === 'registry.read' && nemesis.injects('stale-registry'))
      return loop.monotonic() - nemesis.duration(50, MAX_REGISTRY_LAG - 100);
    return undefined;
  }

  #trace(text: string, key: Partial<ParameterKey>): void {
    this.#runtime.trace(this, text, key);
  }
}

function attempt<Result>(work: () => Result): { result: Result } | { error: unknown } {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}
