/**
 * The judge: what should have happened, told a second time. It shares no code with the handlers or the domain; it knows
 * what the person meant, watches what is written, started and ended, and reads periodicities in its own way (plan.ts).
 *
 * Here is what can be said at every moment; what must hold once all is quiet is quiet.ts.
 */
import type { Job } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { type Definition, MINUTE, SECRET, SWITCH_DEFAULTS, type Switch } from './definition.ts';
import { covers, isTrimmed, wrongWithLogs } from './logs.ts';
import type { Loop } from './loop.ts';
import type { AnyProjection, MemoryStore } from './memory-store.ts';
import { nextPlanned, type Timing } from './plan.ts';
import { SLOWEST_START, wrongWith } from './starts.ts';
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
  /** When its job was last written. */
  written: number;
  callOff: () => void;
}

/** A timer is precise to the minute; the calls of a run take less than another. */
const PUNCTUAL = 2 * MINUTE;
/** After a storm, what it left undone is done within this time. */
const FAIR = 30 * MINUTE;

interface JudgeParts {
  readonly loop: Loop;
  readonly store: MemoryStore;
  readonly violated: (violation: Violation) => void;
  /** Since when nothing was injected; nothing while it storms. */
  readonly calmSince: () => number | undefined;
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
    const watched = this.watched(key);
    if (meaning) this.#marks.set(meaning.environ.mark, meaning);
    if (parameter) this.#meanings.set(versionName(key, parameter.modified), meaning);
    watched.subject.edited(this.#now, parameter, meaning);
    if (!parameter) {
      watched.outstanding = [];
      watched.unlogged.clear();
      // With the cron goes what is known of runs that were asked for: a repetition may meet the next one of that name.
      watched.forced.clear();
    }
    this.#follow(key);
  }

  switchEdited(site: string, parameter: Parameter | undefined, meaning: Switch | undefined): void {
    if (parameter) this.#meanings.set(versionName({ site }, parameter.modified), meaning);
    this.#switch(site).edited(this.#now, parameter, meaning);
    this.#follow({ site });
  }

  newsLost(key: ParameterKey): void {
    this.subjectOf(key).newsLost = this.#now;
  }

  projected(key: ParameterKey, projection: AnyProjection): void {
    const subject = this.subjectOf(key) as Subject<Definition | Switch>;
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
    const watched = this.watched(after);
    watched.written = this.#now;
    const old = new Set(before?.logs);
    const fresh = after.logs.filter((log) => !old.has(log));
    const { running, ran } = watched;
    for (const [invariant, message] of wrongWithLogs({ all: after.logs, fresh, running, ran })) {
      this.#violated(invariant, after, message);
    }
    for (const log of fresh) this.count(`log ${log.status}`);
    // What was recorded with this change has the date of this change, or of the end of the run that it ends.
    const gone = (before?.leases ?? []).filter(
      ({ runId }) => !after.leases.some((lease) => lease.runId === runId),
    );
    const dateOf = (at: number) => {
      const lease = gone.find((one) => one.at === at);
      return (lease && watched.unlogged.get(lease.runId)) ?? fresh[0]?.date;
    };
    const isAccounted = (at: number) =>
      fresh.some((log) => covers(log, at)) || isTrimmed(watched.subject, after, at, dateOf(at));
    watched.outstanding = watched.outstanding.filter((at) => !isAccounted(at) || this.#isWaiting(after, at));
    for (const { runId } of fresh) if (runId !== undefined) watched.unlogged.delete(runId);
    for (const { runId, at } of gone)
      if (isTrimmed(watched.subject, after, at, dateOf(at))) watched.unlogged.delete(runId);
  }

  /** With its job goes what a cron has to account for; it must not go while the cron stands. */
  jobRemoved(before: Job): void {
    const watched = this.watched(before);
    const { subject } = watched;
    watched.outstanding = [];
    watched.unlogged.clear();
    watched.written = this.#now;
    if (subject.inForce && subject.isSettledFor(this.#now, SLOWEST_START)) {
      this.#violated('a cron that stands keeps its job', before, 'its job was removed');
    }
  }

  runStarted(run: Played): void {
    const watched = this.watched(run);
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
    const watched = this.watched(run);
    this.count(`runs that ${how}`);
    watched.running.delete(run.runId);
    if (watched.unlogged.has(run.runId)) watched.unlogged.set(run.runId, this.#now);
  }

  lineWritten(text: string): void {
    if (text.includes(SECRET)) this.#violated('no secret is shown', {}, `a log line says: ${text}`);
  }

  /** In fair weather a sweep finds no timer missing and none too many, but for what happens just then. */
  timerMended(key: Required<ParameterKey>, text: string): void {
    const { written, subject } = this.watched(key);
    const last = Math.max(written, subject.lastEdit, this.#switch(key.site).lastEdit);
    if (this.#isFair() && last < this.#now - MINUTE)
      this.#violated('timers are made and removed in time', key, text);
  }

  get #now(): number {
    return this.#parts.loop.now();
  }

  #checkStart(watched: Watched, run: Played, definition: Definition): void {
    const { store } = this.#parts;
    const { subject, running, ran, forced, last } = watched;
    const { job } = store.row(run);
    const site = this.#switch(run.site);
    const start = { run, definition, subject, site, running, ran, forced, last, job, now: this.#now };
    for (const { invariant, message } of wrongWith(start)) this.#violated(invariant, run, message);
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
        if (this.#isFair()) loop.after(PUNCTUAL, () => this.#checkPunctual(watched, next));
      }
      this.#plan(watched);
    });
  }

  #isFair(): boolean {
    const calmSince = this.#parts.calmSince();
    return calmSince !== undefined && calmSince <= this.#now - FAIR;
  }

  #checkPunctual({ key, subject, outstanding }: Watched, at: number): void {
    const isUndisturbed =
      this.#isFair() && subject.lastEdit < at - FAIR && this.#switch(key.site).lastEdit < at - FAIR;
    const { job } = this.#parts.store.row(key);
    if (!isUndisturbed || !outstanding.includes(at) || (job && this.#isWaiting(job, at))) return;
    this.#violated(
      'planned times start on time',
      key,
      `${stamp(at)} has not started after ${PUNCTUAL / 1000} s`,
    );
  }

  #follow(key: ParameterKey): void {
    this.subjectOf(key).follow(this.#now, this.#parts.store.row(key));
    for (const watched of this.crons.values()) {
      const { site, uid } = watched.key;
      if (site === key.site && (key.uid === undefined || uid === key.uid)) this.#plan(watched);
    }
  }

  subjectOf(key: ParameterKey): Subject<Definition> | Subject<Switch> {
    const { site, uid } = key;
    return uid === undefined ? this.#switch(site) : this.watched({ site, uid }).subject;
  }

  #switch(site: string): Subject<Switch> {
    const known = this.switches.get(site) ?? new Subject<Switch>({ site });
    this.switches.set(site, known);
    return known;
  }

  watched({ site, uid }: Required<ParameterKey>): Watched {
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
      written: Number.NEGATIVE_INFINITY,
      callOff: () => {},
    };
    this.crons.set(name, watched);
    return watched;
  }

  #violated(invariant: string, { site, uid }: Partial<ParameterKey>, message: string): void {
    this.#parts.violated(new Violation(this.#now, invariant, { site, uid }, message));
  }
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
