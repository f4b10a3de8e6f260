/**
 * The simulation of one seed: connects the user, the cloud, the nemesis, the backends and the oracle, and runs them.
 */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { LogFields } from '../../lib/core/ports/logger.ts';
import { checkHandledChange, checkHandledRecord } from './acknowledged-changes.ts';
import { Cloud, type CloudObserver } from './cloud.ts';
import { checkConvergence } from './convergence.ts';
import { Disasters } from './disasters.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import { EventLoop } from './event-loop.ts';
import { checkInvariant, type Violation } from './invariant-check.ts';
import type { Backends } from './memory-ports.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { Nemesis, type NemesisOptions } from './nemesis.ts';
import { ObservedStore } from './observed-store.ts';
import { Oracle } from './oracle.ts';
import { Prng } from './prng.ts';
import type { Process, Runtime } from './process.ts';
import { createProcessPorts } from './process-ports.ts';
import { COMMIT_REFUSED, PROCESS_ENDED, RARE_STATES_BY_CODE, RECORD_EXISTED } from './rare-states.ts';
import { createRunSimulator, type RunObserver } from './simulated-run.ts';
import type { System } from './system.ts';
import { formatJob, formatRecord, formatTime, type Trace } from './trace.ts';
import { startTime, User } from './user.ts';
import { createUserActions } from './user-actions.ts';

export interface SimulationOptions extends NemesisOptions {
  readonly days: number;
  readonly crons: number;
  readonly system: System;
  /** Receives every line, if given. */
  readonly trace?: Trace;
}

/** The result of one seed. */
export interface SimulationResult {
  readonly violation: Violation | undefined;
  /** Milliseconds of the monotonic clock, which begins at the virtual time. */
  readonly start: number;
  readonly end: number;
  /** The number of faults that were drawn, including those that were not injected. */
  readonly drawnFaults: number;
  /** The number of injected faults by kind. */
  readonly faults: ReadonlyMap<string, number>;
  /** How often things happened, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often each invariant was checked. */
  readonly checks: ReadonlyMap<string, number>;
  readonly processedEvents: number;
}

/** At the end of each run there are neither faults nor edits for this time. */
const QUIET_END = 4 * HOUR;
/** The shortest run that has time for faults and edits. */
export const MIN_DAYS = (QUIET_END + 30 * MINUTE) / DAY;

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #loop: EventLoop;
  readonly #end: number;
  readonly #latencyPrng: Prng;
  readonly #nemesis: Nemesis;
  readonly #disasters: Disasters;
  readonly #backends: Backends & { readonly store: ObservedStore };
  readonly #oracle: Oracle;
  readonly #cloud: Cloud;
  readonly #user: User;
  #violation: Violation | undefined;
  /** The last injected fault, which prefixes the trace line of its effect. */
  #faultPrefix = '';
  #sweptAt = Number.NEGATIVE_INFINITY;
  #resyncedAt = Number.NEGATIVE_INFINITY;
  /** The state of the backends in which all crons were found converged. */
  #convergedState = '';

  constructor(options: SimulationOptions) {
    const { seed, system, crons } = options;
    this.#options = options;
    const loop = new EventLoop(startTime(seed));
    this.#loop = loop;
    this.#end = loop.now() + options.days * DAY;
    this.#nemesis = new Nemesis(options);
    this.#nemesis.onFault = (kind, number) => {
      this.#faultPrefix = `(fault ${number}: ${kind}) `;
    };
    const now = () => loop.now();
    const monotonic = () => loop.monotonic();
    const store = new ObservedStore(now, monotonic);
    const registry = new MemoryRegistry(now, monotonic);
    this.#latencyPrng = new Prng(seed, 'latency');
    const runtime: Runtime = {
      activeCall: undefined,
      loop,
      nemesis: this.#nemesis,
      latencyPrng: this.#latencyPrng,
      clockPrng: new Prng(seed, 'clocks'),
      unavailable: (message) => new system.UnavailableError(message),
      throttled: (message) => new system.ThrottledError(message),
      isThrottled: (call) => this.#disasters.throttledFor(call) > 0,
      trace: (process, text, key) => this.#trace(process, text, key),
    };
    const queue = new MemoryQueue({
      loop,
      deliver: (delivery) => this.#cloud.deliver(delivery),
      delay: () => this.#timerDelay(),
      isLost: (timer) => this.#isTimerLost(timer),
      onDisarm: (timer) => this.#oracle.timerGone(timer, runtime.activeCall),
    });
    this.#backends = { store, registry, queue, emit: (events) => this.#oracle.eventsPublished(events) };
    this.#oracle = new Oracle({
      loop,
      store,
      faultFreeSince: () => this.#nemesis.faultFreeSince,
      onViolation: (violation) => this.#violated(violation),
    });
    const processPorts = createProcessPorts({
      system,
      backends: this.#backends,
      idPrng: new Prng(seed, 'ids'),
      simulateRun: createRunSimulator(runtime, seed, this.#runObserver()),
      onProcessEnd: () => this.#oracle.count(PROCESS_ENDED),
      onLogLine: (text, process, fields) => this.#logLine(text, process, fields),
    });
    this.#cloud = new Cloud({
      system,
      runtime,
      processPorts,
      observer: this.#cloudObserver(),
      fingerprint: () => this.#fingerprint(),
      deliveriesThrottledFor: () => this.#disasters.throttledFor('deliveries'),
      hasOverdue: () => [...store.rows()].some(({ row }) => isOverdue(row.job, loop.now())),
      phasePrng: new Prng(seed, 'phases'),
    });
    this.#observeStore(store, runtime);
    this.#disasters = new Disasters({
      seed,
      loop,
      nemesis: this.#nemesis,
      store,
      trace: (text, key) => this.#trace(undefined, text, key),
      clockSetBack: () => this.#clockSetBack(),
      readabilityChanged: (key, isReadable) => this.#oracle.readabilityChanged(key, isReadable),
    });
    const actions = createUserActions({
      loop,
      registry,
      store,
      oracle: this.#oracle,
      cloud: this.#cloud,
      trace: (text, key) => this.#trace(undefined, text, key),
    });
    this.#user = new User({ seed, loop, crons, until: this.#end - QUIET_END, actions });
  }

  async run(): Promise<SimulationResult> {
    const start = this.#loop.monotonic();
    this.#nemesis.start(this.#loop, this.#end - QUIET_END);
    this.#disasters.start(this.#end - QUIET_END);
    this.#user.start();
    this.#cloud.start();
    await this.#loop.runUntil(this.#end, () => !this.#violation);
    return {
      violation: this.#violation,
      start,
      end: this.#loop.monotonic(),
      drawnFaults: this.#nemesis.drawnFaults,
      faults: this.#nemesis.counts,
      counts: this.#oracle.counts,
      checks: this.#oracle.checks,
      processedEvents: this.#loop.processedEvents,
    };
  }

  #clockSetBack(): void {
    this.#sweptAt = Number.NEGATIVE_INFINITY;
    this.#resyncedAt = Number.NEGATIVE_INFINITY;
    this.#oracle.clockSetBack(this.#backends.queue.allTimers());
  }

  #fingerprint(): string {
    const { store, queue, registry } = this.#backends;
    return `${store.changes} ${queue.changes} ${registry.changes}`;
  }

  /** EventBridge Scheduler is precise to the minute. */
  #timerDelay(): number {
    const drawn = this.#latencyPrng.fraction();
    return Math.floor(drawn < 0.9 ? drawn * 2000 : (drawn - 0.9) * 590_000);
  }

  #isTimerLost(timer: Timer): boolean {
    if (!this.#nemesis.injects('timer-lost')) return false;
    this.#trace(undefined, `the timer of ${formatTime(timer.plannedAt)} is lost`, timer);
    this.#oracle.timerGone(timer, undefined);
    return true;
  }

  #observeStore(store: ObservedStore, runtime: Runtime): void {
    store.onProject = (key, projection) => {
      if (this.#options.trace) this.#trace(undefined, `projected: ${JSON.stringify(projection)}`, key);
      this.#oracle.projected(key, projection);
      this.#cloud.projected(key);
    };
    store.onRefused = () => this.#oracle.count(COMMIT_REFUSED);
    store.onCommit = (before, after, records, existing) => {
      if (existing > 0) this.#oracle.count(RECORD_EXISTED);
      if (this.#options.trace) {
        this.#trace(undefined, `job: ${formatJob(after)}`, after);
        for (const record of records) this.#trace(undefined, `record: ${formatRecord(record)}`, after);
      }
      this.#oracle.committed(before, after, records, runtime.activeCall);
    };
  }

  #runObserver(): RunObserver {
    return {
      runStarted: (run) => {
        const lateness = (run.startedAt - run.plannedAt) / 1000;
        this.#trace(
          undefined,
          `RUN ${run.runId} starts, version ${run.versionId}, ${lateness} s after its time`,
          run,
        );
        this.#oracle.runStarted(run);
      },
      runEnded: (run, end) => {
        this.#trace(undefined, `RUN ${run.runId} ${end}`, run);
        this.#oracle.runEnded(run, end);
      },
    };
  }

  #cloudObserver(): CloudObserver {
    return {
      maintenanceSucceeded: (task, startedAt) => {
        this.#oracle.count(`successful tasks: ${task}`);
        if (task === 'sweep') this.#sweptAt = Math.max(this.#sweptAt, startedAt);
        else this.#resyncedAt = Math.max(this.#resyncedAt, startedAt);
        if (task === 'sweep') this.#loop.after(2_000, () => this.#checkConvergence(20));
      },
      changeEventLost: (key) => this.#oracle.changeEventLost(key),
      changeEventsHandled: (key) => checkHandledChange(this.#observed(), key),
      streamRecordHandled: (key) => checkHandledRecord(this.#observed(), key),
      deliveryHandled: (delivery) => this.#oracle.deliveryHandled(delivery),
      handlerEnded: (process, hasFailed) => this.#oracle.handlerEnded(process, hasFailed),
      unexpectedError: (name, error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const invariant = 'handlers throw only UnavailableError';
        this.#oracle.assert({}, [checkInvariant(invariant, true, `${name}: ${text}`)]);
      },
    };
  }

  #observed() {
    const { store, queue, registry } = this.#backends;
    const hasReached = (time: number) => this.#loop.hasReached(time);
    return { oracle: this.#oracle, store, queue, registry, hasReached, now: () => this.#loop.now() };
  }

  /** Checks as soon as the cloud is not busy; tries so many times. */
  #checkConvergence(tries: number): void {
    const { faultFreeSince } = this.#nemesis;
    if (faultFreeSince === undefined || tries === 0) return;
    if (this.#cloud.isBusy) {
      this.#loop.after(3_000, () => this.#checkConvergence(tries - 1));
      return;
    }
    const state = `${this.#fingerprint()} ${faultFreeSince}`;
    if (state === this.#convergedState) return;
    const period = { faultFreeSince, sweptAt: this.#sweptAt, resyncedAt: this.#resyncedAt };
    const checked = checkConvergence(this.#observed(), period);
    this.#oracle.count('convergence checks', checked);
    if (checked === this.#oracle.crons.size) this.#convergedState = state;
  }

  #logLine(text: string, process: Process, allFields: readonly LogFields[]): void {
    this.#oracle.lineLogged(text, allFields);
    const { code, site, uid, plannedAt } = Object.assign({}, ...allFields) as LogFields;
    const state = RARE_STATES_BY_CODE[String(code)];
    if (state !== undefined) this.#oracle.count(state);
    if (code === 'label-failed') this.#oracle.labelFailed(keyOf(site, uid) as ParameterKey);
    if (code === 'arm-throttled') this.#oracle.armingLeftToSweep({ site: String(site), uid: String(uid) });
    if (code === 'timer-lost' || code === 'timer-surplus') {
      this.#oracle.timerRepaired(
        { site: String(site), uid: String(uid), plannedAt: Date.parse(String(plannedAt)) },
        text,
      );
    }
    this.#trace(process, `logs: ${text}`, keyOf(site, uid));
  }

  #violated(violation: Violation): void {
    this.#violation ??= violation;
    this.#trace(undefined, `VIOLATION: ${violation.invariant}: ${violation.message}`, violation.key);
  }

  #trace(process: Process | undefined, text: string, key: Partial<ParameterKey>): void {
    const { trace } = this.#options;
    if (!trace) return;
    const prefix = process ? `[${process.number} ${process.name}] ` : '';
    const lineKey = key.site === undefined ? keyIn(prefix + text) : key;
    trace.add(this.#loop.now(), lineKey, `${prefix}${this.#faultPrefix}${text}`);
    this.#faultPrefix = '';
  }
}

/** Whether a sweep may find something to do for the job. */
function isOverdue(job: Job | undefined, now: number): boolean {
  if (!job) return false;
  const { armedAt = Number.POSITIVE_INFINITY, leases, waiting, waitingForced } = job;
  const isWaiting = waiting !== undefined || waitingForced.length > 0;
  return (
    armedAt <= now || leases.some(({ expiresAt }) => expiresAt <= now) || (isWaiting && leases.length === 0)
  );
}

/** The key in the fields of a log line, if any. */
function keyOf(site: unknown, uid: unknown): Partial<ParameterKey> {
  if (typeof site !== 'string') return {};
  return typeof uid === 'string' ? { site, uid } : { site };
}

/** The cron in a process's name, if any. */
function keyIn(text: string): Partial<ParameterKey> {
  const [, site, uid] = /(?:^|[ [])([a-z]+)\/(cron-\d+)/.exec(text) ?? [];
  return site === undefined || uid === undefined ? {} : { site, uid };
}
