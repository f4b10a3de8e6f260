/**
 * One invocation of a Lambda: a process that can die at any call, and the calls it makes. What is dead does nothing
 * more: its promises never settle.
 */
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Call } from './calls.ts';
import type { Chance } from './chance.ts';
import { CLOCKS_DIFFER } from './definition.ts';
import type { Faults } from './faults.ts';
import type { Loop } from './loop.ts';
import { MOST_STALE } from './memory-store.ts';

/** What all processes share. */
export interface Ground {
  /** Whose call has its effect just now. */
  acting: Acting | undefined;
  readonly loop: Loop;
  readonly faults: Faults;
  readonly latency: Chance;
  /** Draws how far each process's clock is ahead or behind. */
  readonly clocks: Chance;
  readonly unavailable: (message: string) => Error;
  /** Told of each fault, for the story. */
  readonly tell: (process: Process | undefined, what: string, key: Partial<ParameterKey>) => void;
}

/** A call at the moment of its effect. */
export interface Acting {
  readonly process: Process;
  /** When it was made. */
  readonly asked: number;
  /** Whether the caller will hear of it. */
  readonly isAnswered: boolean;
}

const INDEX_READS = new Set(['store.readSite', 'store.overdue', 'store.armed', 'queue.timers']);

export class Process {
  readonly name: string;
  readonly number: number;
  readonly started: number;
  /** While the runner runs, nothing of the system does. */
  isRunning = false;
  isAlive = true;
  /** How many calls had their effect. */
  calls = 0;
  /** Which calls it has made, by name. */
  readonly made = new Set<string>();
  /** Whether it was ever told what stood before. */
  isBehind = false;
  readonly #ground: Ground;
  readonly #onDeath: (() => void)[] = [];
  /** How far its clock is ahead, in milliseconds. */
  readonly #ahead: number;
  #throttledUntil = 0;

  constructor(ground: Ground, name: string, number: number) {
    this.#ground = ground;
    this.name = name;
    this.number = number;
    this.started = ground.loop.now();
    this.#ahead = Math.floor((ground.clocks.next() - 0.5) * CLOCKS_DIFFER);
  }

  onDeath(callback: () => void): void {
    this.#onDeath.push(callback);
  }

  die(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const callback of this.#onDeath) callback();
  }

  /** The clock as this process sees it, a little ahead or behind: it is not woken when it is dead. */
  get clock(): Clock {
    const { loop } = this.#ground;
    return {
      now: () => loop.now() + this.#ahead,
      wake: (time, callback) => loop.wake(time - this.#ahead, () => this.isAlive && callback()),
    };
  }

  readonly call: Call = (name, key, effect) =>
    new Promise((resolve, reject) => {
      if (!this.isAlive) return;
      const { loop, faults, latency } = this.#ground;
      this.made.add(name);
      const asked = loop.now();
      const fault = loop.now() < this.#throttledUntil ? 'throttled' : faults.onCall(true);
      const asOf = INDEX_READS.has(name) && faults.befalls('stale-index') ? this.#stale() : undefined;
      if (fault) this.#tell(`${name} ${fault}`, key);
      if (asOf !== undefined) this.isBehind = true;
      if (asOf !== undefined) this.#tell(`${name} is ${(loop.now() - asOf) / 1000} s behind`, key);
      const act = () => {
        if (!this.isAlive) return;
        if (fault === 'dies-before') return this.die();
        if (fault === 'fails-before') return reject(this.#ground.unavailable(`${name} failed`));
        if (fault === 'throttled') {
          this.#throttledUntil = loop.now() + 3_000;
          return reject(this.#ground.unavailable(`${name} was throttled`));
        }
        this.calls += 1;
        const isAnswered = fault !== 'fails-after' && fault !== 'dies-after';
        this.#ground.acting = { process: this, asked, isAnswered };
        const answer = attempt(() => effect(asOf));
        this.#ground.acting = undefined;
        if (fault === 'dies-after') return this.die();
        const reply = () => {
          if (!this.isAlive) return;
          if ('error' in answer) reject(answer.error);
          else if (fault === 'fails-after') reject(this.#ground.unavailable(`${name} gave no answer`));
          else resolve(answer.result);
        };
        if (fault === 'slow') loop.after(faults.time(200, 40_000), reply);
        else reply();
      };
      loop.after(fault === 'slow' ? faults.time(200, 40_000) : 2 + Math.floor(latency.next() * 40), act);
    });

  #stale(): number {
    const { loop, faults } = this.#ground;
    return loop.now() - faults.time(100, MOST_STALE - 1000);
  }

  #tell(what: string, key: Partial<ParameterKey>): void {
    this.#ground.tell(this, what, key);
  }
}

function attempt<Result>(work: () => Result): { result: Result } | { error: unknown } {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}
