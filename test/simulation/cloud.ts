/**
 * What AWS does around the handlers: it invokes them for timers, table changes, parameter changes and schedules, repeats
 * what failed, and loses, doubles and delays what it carries.
 */
import type { DynamoDBRecord } from 'aws-lambda';
import type { Delivery } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { HOUR, MINUTE } from './definition.ts';
import { type Ground, Process } from './lambda.ts';
import type { PortsOf } from './ports-of.ts';
import { recordOf } from './stream-record.ts';
import type { System } from './system.ts';

/** What the cloud reports, for the judge. */
export interface CloudWatcher {
  /** A sweep or a restore has done all it wanted; when it started, in epoch milliseconds. */
  healed(task: Task, started: number): void;
  /** The news that a parameter changed will reach nobody. */
  newsLost(key: ParameterKey): void;
  /** Whoever was told of this parameter's changes has ended, and nobody else is to be told. */
  newsHandled(key: ParameterKey): void;
  /** A record of this cron was reported as done, by a process that was alone all the while. */
  recordDone(key: Required<ParameterKey>): void;
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
}

interface Invocation<Result> {
  readonly name: string;
  readonly lifetime: number;
  readonly work: (process: Process) => Promise<Result>;
  readonly done?: (result: Result, process: Process) => void;
  readonly failed: () => void;
}

interface StreamRecord {
  readonly key: ParameterKey;
  readonly record: DynamoDBRecord;
  tries: number;
}

const RUN_LIFETIME = 15 * MINUTE;
const SYNC_LIFETIME = 15 * MINUTE;
const REGISTRY_LIFETIME = MINUTE;
const MOST_IN_BATCH = 25;
const STREAM_RETRIES = 5;
const MARGIN = 1000;

export class Cloud {
  readonly #parts: CloudParts;
  /** Processes that are alive. */
  readonly processes = new Set<Process>();
  #processes = 0;
  #stream: StreamRecord[] = [];
  #sequence = 0;
  readonly #clean = new Map<Task, string>();
  /** Each parameter of which there was news, and how often news of it is on its way or being handled. */
  readonly #news = new Map<string, { readonly key: ParameterKey; open: number }>();
  /** Processes that began when no other was at work. */
  readonly #firsts = new WeakSet<Process>();
  /** Repetitions, records and events that are on their way. */
  onTheirWay = 0;

  constructor(parts: CloudParts) {
    this.#parts = parts;
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
    loop.after(41_000, () => every(5 * MINUTE, () => this.#heal('sweep')));
    loop.after(97_000, () => every(HOUR, () => this.#heal('restore')));
  }

  /** Anything but runners at work. */
  get isBusy(): boolean {
    if (this.onTheirWay > 0 || this.#stream.length > 0) return true;
    for (const process of this.processes) if (!process.isRunning) return true;
    return false;
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
    let lag = this.#lag(20, 800);
    if (faults.befalls('delivery-late')) {
      lag = faults.time(10_000, 6 * HOUR);
      tell(undefined, `${who} is ${Math.round(lag / 1000)} s late`, delivery);
    }
    this.#later(lag, () => this.#run(delivery), lag < 5_000);
    if (!faults.befalls('delivery-twice')) return;
    const again = lag + faults.time(1, 2 * HOUR);
    tell(undefined, `${who} comes twice, the second time ${Math.round(again / 1000)} s later`, delivery);
    this.#later(again, () => this.#run(delivery), false);
  }

  /** A person changed a parameter. */
  changed(key: ParameterKey): void {
    const { faults, tell } = this.#parts.ground;
    if (faults.befalls('change-lost')) {
      tell(undefined, 'the news of this change is lost', key);
      this.#parts.watcher.newsLost(key);
      return;
    }
    const lag = faults.befalls('change-late') ? faults.time(2_000, HOUR) : this.#lag(100, 1500);
    if (lag > 1500) tell(undefined, `the news of this change is ${Math.round(lag / 1000)} s late`, key);
    this.#inform(key, lag);
    if (faults.befalls('change-twice')) this.#inform(key, faults.time(100, HOUR));
  }

  /** A projection was written: the table's stream carries it to sync. */
  projected(key: ParameterKey): void {
    const { faults, tell } = this.#parts.ground;
    if (faults.befalls('stream-lost')) {
      tell(undefined, 'the record of this projection is lost', key);
      return;
    }
    const twice = faults.befalls('stream-twice');
    const lag = faults.befalls('stream-late') ? faults.time(2_000, HOUR) : this.#lag(150, 900);
    if (lag > 900) tell(undefined, `the record of this projection is ${Math.round(lag / 1000)} s late`, key);
    this.#later(lag, () => this.#append(key));
    if (twice) this.#later(faults.time(200, HOUR), () => this.#append(key));
  }

  #append(key: ParameterKey): void {
    const { loop } = this.#parts.ground;
    this.#sequence += 1;
    if (this.#stream.length === 0) loop.after(300, () => this.#batch());
    this.#stream.push({ key, record: recordOf(key, String(this.#sequence)), tries: 0 });
  }

  #batch(): void {
    const batch = this.#stream.splice(0, MOST_IN_BATCH);
    if (batch.length === 0) return;
    if (this.#stream.length > 0) this.#parts.ground.loop.after(10, () => this.#batch());
    const again = (failed: readonly StreamRecord[]) => {
      for (const one of failed) this.#appendAgain(one);
    };
    const Records = batch.map(({ record }) => record);
    this.#invoke({
      name: `sync of ${batch.map(({ key: { site, uid } }) => (uid ? `${site}/${uid}` : site)).join(', ')}`,
      lifetime: SYNC_LIFETIME,
      work: (process) => this.#parts.system.onSyncEvent(this.#parts.portsOf(process), { Records }),
      done: (answer, process) => {
        const ids = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        const hasFailed = ({ record }: StreamRecord) => ids.has(record.dynamodb?.SequenceNumber ?? '');
        again(batch.filter(hasFailed));
        const wasAlone = this.#firsts.has(process) && this.#processes === process.number;
        for (const one of wasAlone ? batch : []) {
          const { site, uid } = one.key;
          if (uid !== undefined && !hasFailed(one)) this.#parts.watcher.recordDone({ site, uid });
        }
      },
      failed: () => again(batch),
    });
  }

  #appendAgain(one: StreamRecord): void {
    const { faults, tell } = this.#parts.ground;
    one.tries += 1;
    if (one.tries > STREAM_RETRIES || faults.befalls('retries-out')) {
      tell(undefined, 'the record of this projection is given up', one.key);
      return;
    }
    this.#later(1000 * 2 ** one.tries, () => {
      if (this.#stream.length === 0) this.#parts.ground.loop.after(300, () => this.#batch());
      this.#stream.push(one);
    });
  }

  #run(delivery: Delivery): void {
    const { system, portsOf, ground } = this.#parts;
    this.#repeated({
      name: `run of ${delivery.site}/${delivery.uid} for ${new Date(delivery.at).toISOString().slice(0, 19)}`,
      lifetime: RUN_LIFETIME,
      work: (process) => system.run(portsOf(process), delivery, ground.loop.now() + RUN_LIFETIME - MARGIN),
    });
  }

  #inform(key: ParameterKey, lag: number): void {
    const name = `${key.site}/${key.uid ?? ''}`;
    const news = this.#news.get(name) ?? { key, open: 0 };
    this.#news.set(name, news);
    news.open += 1;
    this.#later(lag, () =>
      this.#project(key, () => {
        news.open -= 1;
        if (news.open === 0 && !this.#isRestoring) this.#parts.watcher.newsHandled(key);
      }),
    );
  }

  get #isRestoring(): boolean {
    return [...this.processes].some(({ name }) => name === 'restore');
  }

  #project(key: ParameterKey, over: () => void): void {
    const { system, portsOf, watcher } = this.#parts;
    this.#repeated(
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
    const isQuiet = ground.faults.calmSince !== undefined && !this.isBusy && this.processes.size === 0;
    if (isQuiet && !isDue() && this.#clean.get(task) === fingerprint()) {
      watcher.healed(task, ground.loop.now());
    } else {
      this.#task(task, 1);
    }
  }

  #task(task: Task, retries: number): void {
    const { system, portsOf, watcher, fingerprint } = this.#parts;
    const before = fingerprint();
    this.#repeated(
      {
        name: task,
        lifetime: SYNC_LIFETIME,
        work: (process) => system.onSyncEvent(portsOf(process), { task }),
        done: (_, { started }) => {
          if (fingerprint() === before) this.#clean.set(task, before);
          watcher.healed(task, started);
          if (task === 'sweep' || this.#isRestoring) return;
          for (const { key, open } of this.#news.values()) if (open === 0) watcher.newsHandled(key);
        },
      },
      retries,
    );
  }

  /** As Lambda does with what is invoked asynchronously: twice more, after one and two minutes. */
  #repeated<Result>(
    invocation: Omit<Invocation<Result>, 'failed'>,
    retries = 2,
    givenUp: () => void = () => {},
    tries = 0,
  ): void {
    const { faults, tell } = this.#parts.ground;
    this.#invoke({
      ...invocation,
      failed: () => {
        if (tries >= retries || faults.befalls('retries-out')) {
          tell(undefined, `${invocation.name} is given up after ${tries + 1} attempts`, {});
          return givenUp();
        }
        this.#later((tries + 1) * MINUTE, () => this.#repeated(invocation, retries, givenUp, tries + 1));
      },
    });
  }

  #invoke<Result>({ name, lifetime, work, done, failed }: Invocation<Result>): void {
    const { ground } = this.#parts;
    const process = new Process(ground, name, ++this.#processes);
    if ([...this.processes].every(({ isRunning }) => isRunning)) this.#firsts.add(process);
    this.processes.add(process);
    let isOver = false;
    const over = () => {
      if (isOver) return false;
      isOver = true;
      callOff();
      return this.processes.delete(process);
    };
    const callOff = ground.loop.after(lifetime, () => {
      ground.tell(process, 'is stopped: its lifetime is over', {});
      process.die();
    });
    process.onDeath(() => over() && failed());
    work(process).then(
      (result) => over() && done?.(result, process),
      (error: unknown) => {
        this.#notice(name, error);
        if (over()) failed();
      },
    );
  }

  #notice(name: string, error: unknown): void {
    const { system, watcher } = this.#parts;
    if (error instanceof AggregateError) for (const one of error.errors) this.#notice(name, one);
    else if (!(error instanceof system.UnavailableError)) watcher.defect(name, error);
  }

  #later(milliseconds: number, act: () => void, isCounted = true): void {
    if (isCounted) this.onTheirWay += 1;
    this.#parts.ground.loop.after(milliseconds, () => {
      if (isCounted) this.onTheirWay -= 1;
      act();
    });
  }

  #lag(low: number, high: number): number {
    return low + Math.floor(this.#parts.ground.latency.next() * (high - low));
  }
}
