/** One seed's world, put together: what the person does, what the cloud carries, what goes wrong, and who judges it. */
import type { Delivery } from '../../lib/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/domain/names.ts';
import type { Media } from './calls.ts';
import { Chance } from './chance.ts';
import { Cloud } from './cloud.ts';
import { DAY, HOUR, MINUTE } from './definition.ts';
import { type FaultOptions, Faults } from './faults.ts';
import { look } from './finding.ts';
import { checkDone, checkTable } from './followed.ts';
import { handsOn } from './hands.ts';
import { Judge } from './judge.ts';
import type { Ground, Process } from './lambda.ts';
import { Loop } from './loop.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { type Hands, Person, startOf } from './person.ts';
import { makePortsOf } from './ports-of.ts';
import { checkQuiet } from './quiet.ts';
import { jobText, type Story, stamp, type Violation } from './story.ts';
import type { System } from './system.ts';
import { type End, type Played, playTasks } from './task.ts';
import { WatchedStore } from './watched-store.ts';

export interface WorldOptions extends FaultOptions {
  readonly days: number;
  readonly crons: number;
  readonly system: System;
  /** Told everything, if there is one. */
  readonly story?: Story;
}

/** What one seed led to. */
export interface Outcome {
  readonly violation: Violation | undefined;
  readonly start: number;
  readonly end: number;
  /** Faults that were drawn, also those that were spared. */
  readonly strikes: number;
  /** Faults that happened, by kind. */
  readonly faults: ReadonlyMap<string, number>;
  /** What came about, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often each invariant was looked at. */
  readonly checks: ReadonlyMap<string, number>;
  /** How many moments there were, in which something happened. */
  readonly moments: number;
}

/** The last hours are calm, and the person has gone. */
const LAST_HOURS = 4 * HOUR;

export async function simulate(options: WorldOptions): Promise<Outcome> {
  const world = new World(options);
  return await world.run();
}

class World {
  readonly #options: WorldOptions;
  readonly #loop: Loop;
  readonly #end: number;
  readonly #faults: Faults;
  readonly #media: Media & { readonly store: WatchedStore };
  readonly #judge: Judge;
  readonly #cloud: Cloud;
  readonly #person: Person;
  #violation: Violation | undefined;
  /** The fault that was injected last, for the line that tells what came of it. */
  #strike = '';
  #lastSweep = Number.NEGATIVE_INFINITY;
  #lastRestore = Number.NEGATIVE_INFINITY;
  #checked = '';

  constructor(options: WorldOptions) {
    const { seed, system } = options;
    this.#options = options;
    const loop = new Loop(startOf(seed));
    this.#loop = loop;
    this.#end = loop.now() + options.days * DAY;
    this.#faults = new Faults(options);
    this.#faults.onStrike = (kind, number) => {
      this.#strike = `(fault ${number}: ${kind}) `;
    };
    const now = () => loop.now();
    const store = new WatchedStore(now, { dueTime: system.dueTime, settleGrace: system.settleGrace });
    const registry = new MemoryRegistry(now);
    this.#latency = new Chance(seed, 'latency');
    const ground: Ground = {
      acting: undefined,
      loop,
      faults: this.#faults,
      latency: this.#latency,
      clocks: new Chance(seed, 'clocks'),
      unavailable: (message) => new system.UnavailableError(message),
      tell: (process, what, key) => this.#tell(process, what, key),
    };
    const queue = new MemoryQueue({
      loop,
      deliver: (one) => this.#deliver(one),
      lag: () => this.#timerLag(),
      isLost: (timer) => this.#losesTimer(timer),
      gone: (timer) => this.#judge.timerGone(timer, ground.acting),
    });
    this.#media = { store, registry, queue, emit: (events) => this.#judge.eventsSent(events) };
    const calmSince = () => this.#faults.calmSince;
    this.#judge = new Judge({ loop, store, calmSince, violated: (violation) => this.#violated(violation) });
    const portsOf = makePortsOf({
      system,
      media: this.#media,
      chance: new Chance(seed, 'ids'),
      play: playTasks(ground, seed, this.#runWatcher()),
      onLine: (text, process, fields) => this.#line(text, process, fields),
    });
    this.#cloud = new Cloud({
      system,
      ground,
      portsOf,
      watcher: this.#cloudWatcher(),
      fingerprint: () => `${store.changes} ${queue.changes} ${registry.changes}`,
      isDue: () => store.overdue(loop.now()).length > 0,
      phases: new Chance(seed, 'phases'),
    });
    this.#watchStore(store, ground);
    const { crons } = options;
    this.#person = new Person({
      seed,
      loop,
      crons,
      until: this.#end - LAST_HOURS,
      hands: this.#hands(registry),
    });
  }

  readonly #latency: Chance;

  async run(): Promise<Outcome> {
    const start = this.#loop.now();
    this.#faults.start(this.#loop, this.#end - LAST_HOURS);
    this.#person.start();
    this.#cloud.start();
    await this.#loop.reach(this.#end, () => !this.#violation);
    return {
      violation: this.#violation,
      start,
      end: this.#violation?.time ?? this.#end,
      strikes: this.#faults.strikes,
      faults: this.#faults.counts,
      counts: this.#judge.counts,
      checks: this.#judge.checks,
      moments: this.#loop.taken,
    };
  }

  #deliver(delivery: Delivery): void {
    this.#cloud.deliver(delivery);
  }

  /** EventBridge Scheduler is precise to the minute. */
  #timerLag(): number {
    const drawn = this.#latency.next();
    return Math.floor(drawn < 0.9 ? drawn * 2000 : (drawn - 0.9) * 590_000);
  }

  #losesTimer(timer: Timer): boolean {
    if (!this.#faults.befalls('timer-lost')) return false;
    this.#tell(undefined, `the timer of ${stamp(timer.at)} is lost`, timer);
    this.#judge.timerGone(timer, undefined);
    return true;
  }

  #watchStore(store: WatchedStore, ground: Ground): void {
    store.onProject = (key, projection) => {
      if (this.#options.story) this.#tell(undefined, `projected: ${JSON.stringify(projection)}`, key);
      this.#judge.projected(key, projection);
      this.#cloud.projected(key);
    };
    store.onSettle = (key) => {
      this.#tell(undefined, 'settled', key);
      this.#judge.settled(key);
    };
    store.onJob = (before, after) => {
      if (this.#options.story) this.#tell(undefined, `job: ${jobText(after)}`, after ?? before ?? {});
      if (after) this.#judge.jobSaved(before, after, ground.acting);
      else if (before) this.#judge.jobRemoved(before);
    };
  }

  #hands(registry: MemoryRegistry): Hands {
    const tell = (what: string, key: Partial<ParameterKey>) => this.#tell(undefined, what, key);
    return handsOn({ loop: this.#loop, registry, judge: this.#judge, cloud: this.#cloud, tell });
  }

  #runWatcher() {
    return {
      runStarted: (run: Played) => {
        const late = run.started - run.at;
        this.#tell(undefined, `RUNS ${run.runId}, version ${run.mark}, ${late / 1000} s after its time`, run);
        this.#judge.runStarted(run);
      },
      runEnded: (run: Played, how: End) => {
        this.#tell(undefined, `the run ${run.runId} ${how}`, run);
        this.#judge.runEnded(run, how);
      },
    };
  }

  #cloudWatcher() {
    return {
      healed: (task: 'sweep' | 'restore', started: number) => {
        this.#judge.count(`${task}s`);
        if (task === 'sweep') this.#lastSweep = Math.max(this.#lastSweep, started);
        else this.#lastRestore = Math.max(this.#lastRestore, started);
        if (task === 'sweep') this.#loop.after(2_000, () => this.#check(20));
      },
      newsLost: (key: ParameterKey) => this.#judge.newsLost(key),
      newsHandled: (key: ParameterKey) => checkTable(this.#following(), key),
      recordDone: (key: ParameterKey) => checkDone(this.#following(), key),
      delivered: (delivery: Delivery) => this.#judge.delivered(delivery),
      handlerEnded: (process: Process) => this.#judge.handlerEnded(process),
      defect: (name: string, error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#judge.hold({}, [look('handlers throw only what they promise', true, `${name}: ${text}`)]);
      },
    };
  }

  #following() {
    const { store, queue } = this.#media;
    const now = () => this.#loop.now();
    return { judge: this.#judge, store, queue, now };
  }

  /** Checks when nobody is at work; waits some more, some times, when somebody is. */
  #check(tries: number): void {
    const { calmSince } = this.#faults;
    if (calmSince === undefined || tries === 0) return;
    if (this.#cloud.isBusy) {
      this.#loop.after(3_000, () => this.#check(tries - 1));
      return;
    }
    const { store, queue, registry } = this.#media;
    const state = `${store.changes} ${queue.changes} ${registry.changes} ${calmSince}`;
    if (state === this.#checked) return;
    const checked = checkQuiet(
      { ...this.#following(), registry },
      { calmSince, sweep: this.#lastSweep, restore: this.#lastRestore },
    );
    this.#judge.count('quiet checks', checked);
    if (checked === this.#judge.crons.size) this.#checked = state;
  }

  #line(text: string, process: Process, fields: readonly unknown[]): void {
    this.#judge.lineWritten(text, fields);
    const [, what, site, uid, at = ''] =
      /^((?:Made|Removed) a timer[^:]*): ([^/]+)\/(\S+) at (\S+)/.exec(text) ?? [];
    if (what !== undefined && site !== undefined && uid !== undefined) {
      this.#judge.count(what);
      this.#judge.timerMended({ site, uid, at: Date.parse(at) }, text);
    }
    this.#tell(process, `says: ${text}`, {});
  }

  #violated(violation: Violation): void {
    this.#violation ??= violation;
    this.#tell(undefined, `VIOLATED: ${violation.invariant}: ${violation.message}`, violation.key);
  }

  #tell(process: Process | undefined, what: string, key: Partial<ParameterKey>): void {
    const { story } = this.#options;
    if (!story) return;
    const who = process ? `[${process.number} ${process.name}] ` : '';
    story.add(
      this.#loop.now(),
      key.site === undefined ? keyIn(who + what) : key,
      `${who}${this.#strike}${what}`,
    );
    this.#strike = '';
  }
}

/** What a line is about that does not say it otherwise. */
function keyIn(text: string): Partial<ParameterKey> {
  const [, site, uid] = /(?:^|[ [])([a-z]+)\/(cron-\d+)/.exec(text) ?? /crontab of ([a-z]+)/.exec(text) ?? [];
  return site === undefined ? {} : uid === undefined ? { site } : { site, uid };
}

export const SHORTEST_DAYS = (LAST_HOURS + 30 * MINUTE) / DAY;
