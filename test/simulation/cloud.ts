/**
 * What AWS does around the handlers: it invokes them for timers, table changes, parameter changes and schedules, repeats
 * what failed, and loses, doubles and delays what it carries.
 */
import type { Delivery } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Chance } from './chance.ts';
import { HOUR, MINUTE } from './definition.ts';
import { Invocations } from './invocations.ts';
import type { Ground, Process } from './lambda.ts';
import type { PortsOf } from './ports-of.ts';
import { Stream } from './stream.ts';
import type { System } from './system.ts';

/** What the cloud reports, for the judge. */
export interface CloudWatcher {
  /** A sweep or a restore has done all it wanted; when it started, in epoch milliseconds. */
  healed(task: Task, started: number): void;
  /** The news that a parameter changed will reach nobody. */
  newsLost(key: ParameterKey): void;
  /** Whoever was told of this parameter's changes has ended, and nobody else is to be told. */
  newsHandled(key: ParameterKey): void;
  /** A record was reported as done, by a process that was alone all the while and was told nothing old. */
  recordDone(key: ParameterKey): void;
  /** A delivery was handled without an error. */
  delivered(delivery: Delivery): void;
  /** A handler has ended, or thrown, and its process lives. */
  handlerEnded(process: Process): void;
  /** A handler threw what no adapter throws. */
  defect(name: string, error: unknown): void;
}

export type Task = 'sweep' | 'restore';

interface CloudParts {
  readonly system: System;
  readonly ground: Ground;
  readonly portsOf: PortsOf;
  readonly watcher: CloudWatcher;
  /** Changes whenever any medium does. */
  readonly fingerprint: () => string;
  /** Whether something is due or unsettled, so that a sweep would act. */
  readonly isDue: () => boolean;
  /** Draws when the schedules begin. */
  readonly phases: Chance;
}

const RUN_LIFETIME = 15 * MINUTE;
const SYNC_LIFETIME = 15 * MINUTE;
const REGISTRY_LIFETIME = MINUTE;
const MARGIN = 1000;

export class Cloud {
  readonly #parts: CloudParts;
  readonly #invocations: Invocations;
  readonly #stream: Stream;
  readonly #clean = new Map<Task, string>();
  /** Each parameter of which there was news, and how often news of it is on its way or being handled. */
  readonly #news = new Map<string, { readonly key: ParameterKey; open: number }>();

  constructor(parts: CloudParts) {
    this.#parts = parts;
    const { system, ground, portsOf, watcher } = parts;
    const ended = (process: Process) => watcher.handlerEnded(process);
    const defect = (name: string, error: unknown) => watcher.defect(name, error);
    this.#invocations = new Invocations({ ground, system, ended, defect });
    const recordDone = (key: ParameterKey) => watcher.recordDone(key);
    this.#stream = new Stream({ system, ground, portsOf, invocations: this.#invocations, recordDone });
  }

  /** Starts the schedules: a sweep every five minutes and a restore every hour. */
  start(): void {
    const { loop } = this.#parts.ground;
    const every = (milliseconds: number, act: () => void) => {
      loop.after(milliseconds, () => {
        every(milliseconds, act);
        act();
      });
    };
    loop.after(this.#phase(5), () => every(5 * MINUTE, () => this.#heal('sweep')));
    loop.after(this.#phase(60), () => every(HOUR, () => this.#heal('restore')));
  }

  /** When a schedule begins, within so many minutes: often just when timers fire. */
  #phase(minutes: number): number {
    const { phases } = this.#parts;
    const seconds = phases.hit(0.5) ? phases.between(0, 8000) : phases.between(0, MINUTE - 1);
    return phases.between(0, minutes - 1) * MINUTE + seconds;
  }

  /** Anything but runners at work. */
  get isBusy(): boolean {
    return this.#invocations.isBusy || !this.#stream.isEmpty;
  }

  /** A projection was written. */
  projected(key: ParameterKey): void {
    this.#stream.carry(key);
  }

  deploy(): void {
    this.#task('restore', 2);
  }

  /** A timer fired, or somebody asked for a run. */
  deliver(delivery: Delivery): void {
    const { faults, tell } = this.#parts.ground;
    const who = `the delivery for ${new Date(delivery.at).toISOString().slice(0, 19)}`;
    if (faults.befalls('delivery-lost')) {
      tell(undefined, `${who} is lost`, delivery);
      return;
    }
    let lag = this.#invocations.lag(20, 800);
    if (faults.befalls('delivery-late')) {
      lag = faults.time(10_000, 6 * HOUR);
      tell(undefined, `${who} is ${Math.round(lag / 1000)} s late`, delivery);
    }
    this.#invocations.later(lag, () => this.#run(delivery), lag < 5_000);
    if (!faults.befalls('delivery-twice')) return;
    const again = lag + faults.time(1, 2 * HOUR);
    tell(undefined, `${who} comes twice, the second time ${Math.round(again / 1000)} s later`, delivery);
    this.#invocations.later(again, () => this.#run(delivery), false);
  }

  /** A person changed a parameter. */
  changed(key: ParameterKey): void {
    const { faults, tell } = this.#parts.ground;
    if (faults.befalls('change-lost')) {
      tell(undefined, 'the news of this change is lost', key);
      this.#parts.watcher.newsLost(key);
      return;
    }
    const lag = faults.befalls('change-late') ? faults.time(2_000, HOUR) : this.#invocations.lag(100, 1500);
    if (lag > 1500) tell(undefined, `the news of this change is ${Math.round(lag / 1000)} s late`, key);
    this.#inform(key, lag);
    if (faults.befalls('change-twice')) this.#inform(key, faults.time(100, HOUR));
  }

  #run(delivery: Delivery): void {
    const { system, portsOf, watcher } = this.#parts;
    this.#invocations.repeated({
      name: `run of ${delivery.site}/${delivery.uid} for ${new Date(delivery.at).toISOString().slice(0, 19)}`,
      lifetime: RUN_LIFETIME,
      work: (process) => system.run(portsOf(process), delivery, process.clock.now() + RUN_LIFETIME - MARGIN),
      done: () => watcher.delivered(delivery),
    });
  }

  #inform(key: ParameterKey, lag: number): void {
    const name = `${key.site}/${key.uid ?? ''}`;
    const news = this.#news.get(name) ?? { key, open: 0 };
    this.#news.set(name, news);
    news.open += 1;
    this.#invocations.later(lag, () =>
      this.#project(key, () => {
        news.open -= 1;
        if (news.open === 0 && !this.#invocations.isRestoring) this.#parts.watcher.newsHandled(key);
      }),
    );
  }

  #project(key: ParameterKey, over: () => void): void {
    const { system, portsOf, watcher } = this.#parts;
    this.#invocations.repeated(
      {
        name: `registry for ${key.uid === undefined ? key.site : `${key.site}/${key.uid}`}`,
        lifetime: REGISTRY_LIFETIME,
        work: (process) => system.project(portsOf(process), key),
        done: over,
      },
      2,
      () => {
        watcher.newsLost(key);
        over();
      },
    );
  }

  /** What is scheduled; left out when all is calm and nothing has changed since it last found nothing to do. */
  #heal(task: Task): void {
    const { ground, watcher, fingerprint, isDue } = this.#parts;
    const isQuiet =
      ground.faults.calmSince !== undefined && !this.isBusy && this.#invocations.alive.size === 0;
    if (isQuiet && !isDue() && this.#clean.get(task) === fingerprint()) {
      watcher.healed(task, ground.loop.now());
    } else {
      this.#task(task, 1);
    }
  }

  #task(task: Task, retries: number): void {
    const { system, portsOf, watcher, fingerprint } = this.#parts;
    const before = fingerprint();
    this.#invocations.repeated(
      {
        name: task,
        lifetime: SYNC_LIFETIME,
        work: (process) => system.onSyncEvent(portsOf(process), { task }),
        done: (_, { started }) => {
          if (fingerprint() === before) this.#clean.set(task, before);
          watcher.healed(task, started);
          if (task === 'sweep' || this.#invocations.isRestoring) return;
          for (const { key, open } of this.#news.values()) if (open === 0) watcher.newsHandled(key);
        },
      },
      retries,
    );
  }
}
