/** The quotas of an AWS account, in virtual time: token buckets for calls, and the concurrency of Lambda. */
import type { EventLoop } from './event-loop.ts';

export interface Quotas {
  /** CreateSchedule calls a second. */
  readonly createSchedule: number;
  /** Invocations by EventBridge Scheduler a second. */
  readonly invocations: number;
  /** Concurrent executions of the run Lambda. */
  readonly concurrency: number;
}

/** Reads of Parameter Store a second, by default in every region. */
export const PARAMETER_READS = 40;

/** Writes and removals of parameters a second, by default in every region. */
export const PARAMETER_WRITES = 3;

/** Defaults of AWS; a new account has a concurrency of 10 until it is raised. */
export const QUOTAS: Readonly<Record<string, Quotas>> = {
  'a large region': { createSchedule: 5_000, invocations: 1_000, concurrency: 1_000 },
  'another region': { createSchedule: 250, invocations: 500, concurrency: 1_000 },
  'a new account': { createSchedule: 5_000, invocations: 1_000, concurrency: 10 },
};

/** Holds as many tokens as come in a second. */
export class TokenBucket {
  readonly #loop: EventLoop;
  readonly #rate: number;
  #tokens: number;
  #filledAt: number;

  constructor(loop: EventLoop, rate: number) {
    this.#loop = loop;
    this.#rate = rate;
    this.#tokens = rate;
    this.#filledAt = loop.monotonic();
  }

  /** Takes a token; false if there is none. */
  take(): boolean {
    const now = this.#loop.monotonic();
    this.#tokens = Math.min(this.#rate, this.#tokens + ((now - this.#filledAt) * this.#rate) / 1000);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
