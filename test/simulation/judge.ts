/**
 * The judge: what should have happened, told a second time. It shares no code with the handlers or the domain; it knows
 * what the person meant, watches what is written, started and ended, and reads periodicities in its own way (plan.ts).
 *
 * Here is what can be said at every moment; what must hold once all is quiet is quiet.ts.
 */
import type { Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { type Definition, MINUTE, SECRET, SWITCH_DEFAULTS, type Switch } from './definition.ts';
import type { Loop } from './loop.ts';
import type { AnyProjection, MemoryStore } from './memory-store.ts';
import { isPlanned, nextPlanned, type Timing } from './plan.ts';
import { stamp, Violation } from './story.ts';
import { Subject } from './subjects.ts';
import type { Played } from './task.ts';

/** What the judge keeps of one cron. */
export interface Watched {
  readonly key: Required<ParameterKey>;
  readonly subject: Subject<Definition>;
  /** Planned times that have to be accounted for, and are not yet. */
  outstanding: number[];
  /** Runs at work, by run id. */
  readonly running: Map<string, Played>;
  /** Runs without a log, and when they ended. */
  readonly unlogged: Map<string, number | undefined>;
  readonly ran: Set<number>;
  readonly forced: Set<string>;
  last: Played | undefined;
  callOff: () => void;
}

/** Longer than it takes from reading a cron to starting its run, however slow each call is. */
const SLOWEST_START = 8 * MINUTE;
const GRACE = 5 * MINUTE;

interface JudgeParts {
  readonly loop: Loop;
  readonly store: MemoryStore;
  readonly violated: (violation: Violation) => void;
}

export class Judge {
  readonly #parts: JudgeParts;
  readonly crons = new Map<string, Watched>();
  readonly switches = new Map<string, Subject<Switch>>();
  readonly #meanings = new Map<string, Definition | Switch | undefined>();
  readonly #marks = new Map<number, Definition>();
  /** What came about, by name. */
  readonly counts = new Map<string, number>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  switchOf(site: string): Switch {
    return this.#switch(site).inForce ?? SWITCH_DEFAULTS;
  }

  timingOf(site: string, { periodicity, timezone }: Definition): Timing {
    return { periodicity, timezone: timezone ?? this.switchOf(site).timezone };
  }

  /** The version that should run, if it should run at all. */
  active({ key, subject }: Watched): Definition | undefined {
    const definition = subject.inForce;
    return definition?.activated && this.switchOf(key.site).activated ? definition : undefined;
  }

  cronEdited(
    key: Required<ParameterKey>,
    parameter: Parameter | undefined,
    meaning: Definition | undefined,
  ): void {
    const watched = this.#watched(key);
    if (meaning) this.#marks.set(meaning.environ.mark, meaning);
    if (parameter) this.#meanings.set(versionName(key, parameter.modified), meaning);
    watched.subject.edited(this.#now, parameter, meaning);
    if (!parameter) {
      watched.outstanding = [];
      watched.unlogged.clear();
    }
    this.#follow(key);
  }

  switchEdited(site: string, parameter: Parameter | undefined, meaning: Switch | undefined): void {
    if (parameter) this.#meanings.set(versionName({ site }, parameter.modified), meaning);
    this.#switch(site).edited(this.#now, parameter, meaning);
    this.#follow({ site });
  }

  newsLost(key: ParameterKey): void {
    this.#subject(key).newsLost = this.#now;
  }

  projected(key: ParameterKey, projection: AnyProjection): void {
    const subject = this.#subject(key) as Subject<Definition | Switch>;
    const got = markOf(projection.value as Definition | Switch | undefined);
    const meaningOf = (modified: number) => this.#meanings.get(versionName(key, modified));
    if (!subject.projected(this.#now, projection, meaningOf, (meaning) => markOf(meaning) === got)) {
      const wanted = markOf(subject.accepted);
      this.#violated('the last good version stays in force', key, `the table has ${got}, wanted: ${wanted}`);
    }
    this.#follow(key);
  }

  settled(key: ParameterKey): void {
    this.#follow(key);
  }

  jobSaved(before: Job | undefined, after: Job): void {
    const watched = this.#watched(after);
    const old = new Set(before?.logs);
    const fresh = after.logs.filter((log) => !old.has(log));
    this.#checkLogs(watched, after.logs, fresh);
    for (const log of fresh) this.count(`log ${log.status}`);
    const isAccounted = (at: number) =>
      fresh.some((log) => covers(log, at)) || isTrimmed(watched, after, fresh, at);
    watched.outstanding = watched.outstanding.filter((at) => !isAccounted(at) || this.#isWaiting(after, at));
    for (const { runId } of fresh) if (runId !== undefined) watched.unlogged.delete(runId);
    for (const { runId, at } of before?.leases ?? []) {
      const isGone = !after.leases.some((lease) => lease.runId === runId);
      if (isGone && isTrimmed(watched, after, fresh, at)) watched.unlogged.delete(runId);
    }
  }

  /** With its job goes what a cron has to account for; it must not go while the cron stands. */
  jobRemoved(before: Job): void {
    const watched = this.#watched(before);
    const { subject } = watched;
    watched.outstanding = [];
    watched.unlogged.clear();
    if (subject.inForce && subject.isSettledFor(this.#now, SLOWEST_START)) {
      this.#violated('a cron that stands keeps its job', before, 'its job was removed');
    }
  }

  runStarted(run: Played): void {
    const watched = this.#watched(run);
    const definition = this.#marks.get(run.mark);
    this.count(run.isForced ? 'forced runs' : 'runs');
    if (run.late) this.count('late runs');
    if (definition) this.#checkStart(watched, run, definition);
    else this.#violated('what runs was written by the person', run, `nobody wrote version ${run.mark}`);
    watched.running.set(run.runId, run);
    if (watched.subject.present) watched.unlogged.set(run.runId, undefined);
    if (run.isForced) watched.forced.add(run.runId);
    else watched.ran.add(run.at);
    if (!run.isForced) watched.last = run;
  }

  runEnded(run: Played, how: string): void {
    const watched = this.#watched(run);
    this.count(`runs that ${how}`);
    watched.running.delete(run.runId);
    if (watched.unlogged.has(run.runId)) watched.unlogged.set(run.runId, this.#now);
  }

  lineWritten(text: string): void {
    if (text.includes(SECRET)) this.#violated('no secret is shown', {}, `a log line says: ${text}`);
  }

  get #now(): number {
    return this.#parts.loop.now();
  }

  #checkStart(watched: Watched, run: Played, definition: Definition): void {
    const now = this.#now;
    const { subject, running, last } = watched;
    const { at, isForced, site } = run;
    const wrong = (invariant: string, message: string) => this.#violated(invariant, run, message);
    if (!isForced && watched.ran.has(at)) wrong('nothing runs twice', `${stamp(at)} was run before`);
    if (isForced && watched.forced.has(run.runId)) {
      // Nobody knows any more that it ran, once its log is gone; so it may be repeated for some minutes, and is counted.
      this.count('forced runs that were repeated');
      const isKnown = this.#parts.store.row(run).job?.logs.some(({ runId }) => runId === run.runId);
      if (isKnown || now - at > GRACE + SLOWEST_START) wrong('nothing runs twice', `${run.runId} was run before`);
    }
    if (definition.overlap !== 'allow' && running.size > 0) {
      const others = [...running.values()].map((other) => `that of ${stamp(other.at)}`);
      wrong('overlap', `overlap is "${definition.overlap}", and ${others.join(', ')} still runs`);
    }
    const known = this.#switch(site);
    const isSettled = subject.isSettledFor(now, SLOWEST_START) && known.isSettledFor(now, SLOWEST_START);
    if (isSettled && subject.inForce?.environ.mark !== definition.environ.mark) {
      wrong(
        'the last good version runs',
        `version ${run.mark} runs, ${subject.inForce?.environ.mark} is in force`,
      );
    }
    if (!definition.activated || (isSettled && !this.active(watched))) {
      wrong('what is switched off does not run', 'it is switched off');
    }
    if (isForced) return;
    if (!this.#wasPlanned(watched, at)) wrong('only planned times run', `${stamp(at)} was never planned`);
    const lateness = now - at;
    const mostLate = definition.maxLateness * 1000 + SLOWEST_START;
    if (lateness > mostLate) wrong('maxLateness', `it runs ${lateness / 1000} s late`);
    const isSame = last?.mark === run.mark;
    if (
      definition.missed === 'skip' &&
      definition.overlap === 'skip' &&
      isSame &&
      lateness > GRACE + SLOWEST_START
    ) {
      wrong('missed', `missed is "skip", and it runs ${lateness / 1000} s late`);
    }
    if (definition.overlap !== 'allow' && last && isSame && at < last.at) {
      wrong('planned times run in order', `${stamp(last.at)} was run before ${stamp(at)}`);
    }
  }

  /** Whether the time is one of a version, and of a zone, that stood then or was still being replaced. */
  #wasPlanned({ key, subject }: Watched, at: number): boolean {
    const zones = new Set([SWITCH_DEFAULTS.timezone]);
    for (const { meaning } of this.#switch(key.site).versions) zones.add(meaning.timezone);
    return subject.versions.some(({ meaning, from, gone = Number.POSITIVE_INFINITY }) => {
      const { periodicity, timezone } = meaning;
      if (at < from || at > gone + SLOWEST_START) return false;
      const possible = timezone === undefined ? [...zones] : [timezone];
      return possible.some((zone) => isPlanned({ periodicity, timezone: zone }, at));
    });
  }

  #checkLogs({ key, running, ran }: Watched, all: readonly Log[], fresh: readonly Log[]): void {
    const ids = new Set(all.map(({ id }) => id));
    const isSorted = all.every((log, index) => index === 0 || (all[index - 1]?.date ?? 0) >= log.date);
    if (ids.size !== all.length || !isSorted || all.length > 25) {
      this.#violated('logs are bounded, newest first, each once', key, JSON.stringify(all));
    }
    for (const { at, runId, status, messages, covers: covered } of fresh) {
      const text = messages.join(' ');
      if (text.includes(SECRET)) this.#violated('no secret is shown', key, `a log says: ${text}`);
      if (status === 'NOTRUN' && text === '') this.#violated('what did not run says why', key, stamp(at));
      if (runId !== undefined && running.has(runId)) {
        this.#violated(
          'a run is logged when it has ended',
          key,
          `${runId} of ${stamp(at)} still runs: ${text}`,
        );
      }
      if (status === 'NOTRUN' && runId === undefined && !covered && ran.has(at)) {
        this.#violated('a time that ran is not said to be missed', key, `${stamp(at)}: ${text}`);
      }
    }
  }

  #isWaiting(job: Job, at: number): boolean {
    const isThis = (one: { at: number; forced?: string }) => one.at === at && one.forced === undefined;
    return job.pending.some(isThis) || job.leases.some(isThis);
  }

  /** Looks again at what is planned next. */
  #plan(watched: Watched): void {
    watched.callOff();
    const definition = this.active(watched);
    const { loop } = this.#parts;
    const next = definition && nextPlanned(this.timingOf(watched.key.site, definition), loop.now());
    if (next === undefined) return;
    watched.callOff = loop.wake(next, () => {
      this.count('planned');
      const isSettled =
        watched.subject.isSettledFor(next, 1) && this.#switch(watched.key.site).isSettledFor(next, 1);
      if (isSettled) {
        this.count('planned, to be accounted for');
        watched.outstanding.push(next);
      }
      this.#plan(watched);
    });
  }

  #follow(key: ParameterKey): void {
    this.#subject(key).follow(this.#now, this.#parts.store.row(key));
    for (const watched of this.crons.values()) {
      const { site, uid } = watched.key;
      if (site === key.site && (key.uid === undefined || uid === key.uid)) this.#plan(watched);
    }
  }

  #subject(key: ParameterKey): Subject<Definition> | Subject<Switch> {
    const { site, uid } = key;
    return uid === undefined ? this.#switch(site) : this.#watched({ site, uid }).subject;
  }

  #switch(site: string): Subject<Switch> {
    const known = this.switches.get(site) ?? new Subject<Switch>({ site });
    this.switches.set(site, known);
    return known;
  }

  #watched({ site, uid }: Required<ParameterKey>): Watched {
    const name = `${site}/${uid}`;
    const known = this.crons.get(name);
    if (known) return known;
    const key = { site, uid };
    const watched: Watched = {
      key,
      subject: new Subject<Definition>(key),
      outstanding: [],
      running: new Map(),
      unlogged: new Map(),
      ran: new Set(),
      forced: new Set(),
      last: undefined,
      callOff: () => {},
    };
    this.crons.set(name, watched);
    return watched;
  }

  #violated(invariant: string, { site, uid }: Partial<ParameterKey>, message: string): void {
    this.#parts.violated(new Violation(this.#now, invariant, { site, uid }, message));
  }
}

/** Whether the log is that of the planned time, or stands for several among which it is. */
function covers({ at, id, covers: covered }: Log, time: number): boolean {
  if (id.includes('-')) return false;
  return at === time || (covered !== undefined && covered.from <= time && time <= at);
}

/** Whether a record for that time, made with this change, would not have fitted: the list is full of newer ones. */
function isTrimmed({ subject }: Watched, { logs }: Job, fresh: readonly Log[], at: number): boolean {
  if (!subject.versions.some(({ meaning }) => meaning.logsLimit === logs.length)) return false;
  const oldest = logs.at(-1);
  const date = fresh[0]?.date;
  return oldest !== undefined && date !== undefined && oldest.date >= date && oldest.at > at;
}

function versionName({ site, uid }: ParameterKey, modified: number): string {
  return `${site}/${uid ?? ''} ${modified}`;
}

/** What tells one version from another: a cron's mark; a switch is its own. */
function markOf(meaning: Definition | Switch | undefined): string {
  if (!meaning) return 'nothing';
  if ('environ' in meaning) return `version ${meaning.environ.mark}`;
  return `${meaning.activated ? 'on' : 'off'} in ${meaning.timezone}`;
}
