/** Invocations of Lambdas: processes that live for a while, are repeated when they fail, and are waited for. */
import { MINUTE } from './definition.ts';
import { type Ground, Process } from './lambda.ts';
import type { System } from './system.ts';

export interface Invocation<Result> {
  readonly name: string;
  readonly lifetime: number;
  readonly work: (process: Process) => Promise<Result>;
  readonly done?: (result: Result, process: Process) => void;
  readonly failed: () => void;
}

interface InvocationsParts {
  readonly ground: Ground;
  readonly system: System;
  /** A handler has ended, or thrown, and its process lives. */
  readonly ended: (process: Process) => void;
  /** A handler threw what no adapter throws. */
  readonly defect: (name: string, error: unknown) => void;
}

export class Invocations {
  readonly #parts: InvocationsParts;
  /** Processes that are alive. */
  readonly alive = new Set<Process>();
  /** Processes that began when no other was at work. */
  readonly #firsts = new WeakSet<Process>();
  #processes = 0;
  /** Repetitions, records and events that are on their way. */
  #onTheirWay = 0;

  constructor(parts: InvocationsParts) {
    this.#parts = parts;
  }

  /** Anything but runners at work. */
  get isBusy(): boolean {
    return this.#onTheirWay > 0 || [...this.alive].some(({ isRunning }) => !isRunning);
  }

  get isRestoring(): boolean {
    return [...this.alive].some(({ name }) => name === 'restore');
  }

  /** Whether nothing but runners was at work since it began. */
  wasAlone(process: Process): boolean {
    return this.#firsts.has(process) && this.#processes === process.number;
  }

  /** As Lambda does with what is invoked asynchronously: twice more, after one and two minutes. */
  repeated<Result>(
    invocation: Omit<Invocation<Result>, 'failed'>,
    retries = 2,
    givenUp: () => void = () => {},
    tries = 0,
  ): void {
    const { faults, tell } = this.#parts.ground;
    this.invoke({
      ...invocation,
      failed: () => {
        if (tries >= retries || faults.befalls('retries-out')) {
          tell(undefined, `${invocation.name} is given up after ${tries + 1} attempts`, {});
          return givenUp();
        }
        this.later((tries + 1) * MINUTE, () => this.repeated(invocation, retries, givenUp, tries + 1));
      },
    });
  }

  invoke<Result>({ name, lifetime, work, done, failed }: Invocation<Result>): void {
    const { ground, ended } = this.#parts;
    const process = new Process(ground, name, ++this.#processes);
    if ([...this.alive].every(({ isRunning }) => isRunning)) this.#firsts.add(process);
    this.alive.add(process);
    let isOver = false;
    const over = () => {
      if (isOver) return false;
      isOver = true;
      callOff();
      return this.alive.delete(process);
    };
    const callOff = ground.loop.after(lifetime, () => {
      ground.tell(process, 'is stopped: its lifetime is over', {});
      process.die();
    });
    process.onDeath(() => over() && failed());
    work(process).then(
      (result) => {
        if (!over()) return;
        ended(process);
        done?.(result, process);
      },
      (error: unknown) => {
        this.#notice(name, error);
        if (!over()) return;
        ended(process);
        failed();
      },
    );
  }

  #notice(name: string, error: unknown): void {
    const { system, defect } = this.#parts;
    if (error instanceof AggregateError) for (const one of error.errors) this.#notice(name, one);
    else if (!(error instanceof system.UnavailableError)) defect(name, error);
  }

  /** Does something later; what is counted is waited for before anything is called quiet. */
  later(milliseconds: number, act: () => void, isCounted = true): void {
    if (isCounted) this.#onTheirWay += 1;
    this.#parts.ground.loop.after(milliseconds, () => {
      if (isCounted) this.#onTheirWay -= 1;
      act();
    });
  }

  /** How long something takes on its way, in milliseconds. */
  lag(low: number, high: number): number {
    return low + Math.floor(this.#parts.ground.latency.next() * (high - low));
  }
}
