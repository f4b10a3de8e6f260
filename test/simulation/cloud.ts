/**
 * The simulated AWS: invokes the handlers for timers, stream records, parameter changes and schedules, retries what
 * failed, and loses, duplicates and delays what it delivers.
 */

import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import { HOUR, MINUTE } from './durations.ts';
import { Invocations } from './invocations.ts';
import type { Prng } from './prng.ts';
import type { Process, Runtime } from './process.ts';
import type { ProcessPorts } from './process-ports.ts';
import { Stream } from './stream.ts';
import type { System } from './system.ts';

/** The events that the cloud reports to the oracle. */
export interface CloudObserver {
  /** A sweep or a resync has succeeded; it was started at that time (epoch milliseconds). */
  maintenanceSucceeded(task: MaintenanceTask, startedAt: number): void;
  /** The event of a parameter change is lost. */
  changeEventLost(key: ParameterKey): void;
  /** All events of this parameter's changes have been handled or dropped, and none is in flight. */
  changeEventsHandled(key: ParameterKey): void;
  /** A process that ran alone and read nothing stale has reported the parameter's stream record as handled. */
  streamRecordHandled(key: ParameterKey): void;
  /** A delivery was handled without an error. */
  deliveryHandled(delivery: Delivery): void;
  /** A handler has returned, or thrown if `hasFailed`, and its process is alive. */
  handlerEnded(process: Process, hasFailed: boolean): void;
  /** A handler threw anything but an UnavailableError. */
  unexpectedError(name: string, error: unknown): void;
}

export type MaintenanceTask = 'sweep' | 'resync';

interface CloudParts {
  readonly system: System;
  readonly runtime: Runtime;
  readonly processPorts: ProcessPorts;
  readonly observer: CloudObserver;
  /** How long the run Lambda is throttled from now on, in milliseconds. */
  readonly deliveriesThrottledFor: () => number;
  /** Changes whenever a backend changes. */
  readonly fingerprint: () => string;
  /** Whether a job is due, so that a sweep may act. */
  readonly hasOverdue: () => boolean;
  readonly phasePrng: Prng;
}

const RUN_LIFETIME = 15 * MINUTE;
const SYNC_LIFETIME = 15 * MINUTE;
const REGISTRY_LIFETIME = MINUTE;
/** A handler is given its deadline with this margin, in milliseconds. */
const DEADLINE_MARGIN = 1000;

export class Cloud {
  readonly #parts: CloudParts;
  readonly #invocations: Invocations;
  readonly #stream: Stream;
  /** The fingerprint at which a maintenance task last found nothing to do. */
  readonly #cleanFingerprints = new Map<MaintenanceTask, string>();
  /** By parameter: the number of its change events that are in flight or being handled. */
  readonly #changeEvents = new Map<string, { readonly key: ParameterKey; open: number }>();

  constructor(parts: CloudParts) {
    this.#parts = parts;
    const { system, runtime, processPorts, observer } = parts;
    const handlerEnded = (process: Process, hasFailed: boolean) => observer.handlerEnded(process, hasFailed);
    const unexpectedError = (name: string, error: unknown) => observer.unexpectedError(name, error);
    this.#invocations = new Invocations({ runtime, system, handlerEnded, unexpectedError });
    const recordHandled = (key: ParameterKey) => observer.streamRecordHandled(key);
    this.#stream = new Stream({
      system,
      runtime,
      processPorts,
      invocations: this.#invocations,
      recordHandled,
    });
  }

  /** Starts the schedules: a sweep every five minutes and a resync every hour. */
  start(): void {
    const { loop } = this.#parts.runtime;
    const every = (milliseconds: number, act: () => void) => {
      loop.after(milliseconds, () => {
        every(milliseconds, act);
        act();
      });
    };
    loop.after(this.#phase(5), () => every(5 * MINUTE, () => this.#runScheduled('sweep')));
    loop.after(this.#phase(60), () => every(HOUR, () => this.#runScheduled('resync')));
  }

  /** The start of a schedule within so many minutes: often in the seconds in which timers fire. */
  #phase(minutes: number): number {
    const { phasePrng } = this.#parts;
    const milliseconds = phasePrng.boolean(0.5)
      ? phasePrng.integer(0, 8000)
      : phasePrng.integer(0, MINUTE - 1);
    return phasePrng.integer(0, minutes - 1) * MINUTE + milliseconds;
  }

  /** Whether anything except runners is active or in flight. */
  get isBusy(): boolean {
    return this.#invocations.isBusy || !this.#stream.isEmpty;
  }

  /** Publishes that a projection was written. */
  projected(key: ParameterKey): void {
    this.#stream.publish(key);
  }

  deploy(): void {
    this.#runTask('resync', 2);
  }

  /** Delivers a fired timer or a forced run to the run Lambda. */
  deliver(delivery: Delivery): void {
    const { nemesis, trace } = this.#parts.runtime;
    const name = `the delivery for ${new Date(delivery.plannedAt).toISOString().slice(0, 19)}`;
    if (nemesis.injects('delivery-lost')) {
      trace(undefined, `${name} is lost`, delivery);
      return;
    }
    let delay = this.#invocations.latency(20, 800);
    if (nemesis.injects('delivery-late')) {
      delay = nemesis.duration(10_000, 6 * HOUR);
      trace(undefined, `${name} is ${Math.round(delay / 1000)} s late`, delivery);
    }
    this.#invocations.schedule(delay, () => this.#runUnlessThrottled(delivery), delay < 5_000);
    if (!nemesis.injects('delivery-twice')) return;
    const secondDelay = delay + nemesis.duration(1, 2 * HOUR);
    trace(undefined, `${name} is duplicated, ${Math.round(secondDelay / 1000)} s later`, delivery);
    this.#invocations.schedule(secondDelay, () => this.#runUnlessThrottled(delivery), false);
  }

  /** Publishes that the user changed a parameter. */
  parameterChanged(key: ParameterKey): void {
    const { nemesis, trace } = this.#parts.runtime;
    if (nemesis.injects('change-lost')) {
      trace(undefined, 'the event of this change is lost', key);
      this.#parts.observer.changeEventLost(key);
      return;
    }
    const delay = nemesis.injects('change-late')
      ? nemesis.duration(2_000, HOUR)
      : this.#invocations.latency(100, 1500);
    if (delay > 1500) trace(undefined, `the event of this change is ${Math.round(delay / 1000)} s late`, key);
    this.#publishChange(key, delay);
    if (nemesis.injects('change-twice')) this.#publishChange(key, nemesis.duration(100, HOUR));
  }

  /** Lambda tries a throttled invocation again until it is accepted. */
  #runUnlessThrottled(delivery: Delivery): void {
    const throttledFor = this.#parts.deliveriesThrottledFor();
    if (throttledFor === 0) this.#run(delivery);
    else {
      const delay = Math.min(throttledFor, MINUTE);
      this.#invocations.schedule(delay, () => this.#runUnlessThrottled(delivery), false);
    }
  }

  #run(delivery: Delivery): void {
    const { system, processPorts, observer } = this.#parts;
    this.#invocations.invokeWithRetries({
      name: `run of ${delivery.site}/${delivery.uid} for ${new Date(delivery.plannedAt).toISOString().slice(0, 19)}`,
      lifetime: RUN_LIFETIME,
      work: (process) =>
        system.run(processPorts(process), delivery, process.clock.now() + RUN_LIFETIME - DEADLINE_MARGIN),
      onSuccess: () => observer.deliveryHandled(delivery),
    });
  }

  #publishChange(key: ParameterKey, delay: number): void {
    const name = `${key.site}/${key.uid ?? ''}`;
    const events = this.#changeEvents.get(name) ?? { key, open: 0 };
    this.#changeEvents.set(name, events);
    events.open += 1;
    this.#invocations.schedule(delay, () =>
      this.#project(key, () => {
        events.open -= 1;
        if (events.open === 0 && !this.#invocations.isResyncing)
          this.#parts.observer.changeEventsHandled(key);
      }),
    );
  }

  #project(key: ParameterKey, onEnd: () => void): void {
    const { system, processPorts, observer } = this.#parts;
    this.#invocations.invokeWithRetries(
      {
        name: `registry for ${key.uid === undefined ? key.site : `${key.site}/${key.uid}`}`,
        lifetime: REGISTRY_LIFETIME,
        work: (process) => system.project(processPorts(process), key),
        onSuccess: onEnd,
      },
      2,
      () => {
        observer.changeEventLost(key);
        onEnd();
      },
    );
  }

  /** Skips a scheduled task outside fault windows when nothing has changed since it last found nothing to do. */
  #runScheduled(task: MaintenanceTask): void {
    const { runtime, observer, fingerprint, hasOverdue } = this.#parts;
    const isQuiet =
      runtime.nemesis.faultFreeSince !== undefined &&
      !this.isBusy &&
      this.#invocations.aliveProcesses.size === 0;
    if (isQuiet && !hasOverdue() && this.#cleanFingerprints.get(task) === fingerprint()) {
      observer.maintenanceSucceeded(task, runtime.loop.now());
    } else {
      this.#runTask(task, 1);
    }
  }

  #runTask(task: MaintenanceTask, maxRetries: number): void {
    const { system, processPorts, observer, fingerprint } = this.#parts;
    const fingerprintBefore = fingerprint();
    this.#invocations.invokeWithRetries(
      {
        name: task,
        lifetime: SYNC_LIFETIME,
        work: (process) => system.onSyncEvent(processPorts(process), { task }),
        onSuccess: (_, { startedAt }) => {
          if (fingerprint() === fingerprintBefore) this.#cleanFingerprints.set(task, fingerprintBefore);
          observer.maintenanceSucceeded(task, startedAt);
          if (task === 'sweep' || this.#invocations.isResyncing) return;
          for (const { key, open } of this.#changeEvents.values())
            if (open === 0) observer.changeEventsHandled(key);
        },
      },
      maxRetries,
    );
  }
}
