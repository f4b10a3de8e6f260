/**
 * The judge: what should have happened, told a second time. It shares no code with the handlers or the domain; it knows
 * what the person meant, watches what is written, started and ended, and reads periodicities in its own way (plan.ts).
 *
 * Here is what can be said at every moment; what must hold once all is quiet is quiet.ts.
 */
import type { Delivery, Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import type { ParameterKey, Timer } from '../../lib/domain/names.ts';
import type { Event } from '../../lib/ports/events.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { lookAtClaim, lookAtDelivery, lookAtEnd, lookAtLease, lookAtStatus } from './claims.ts';
import { type Definition, SWITCH_DEFAULTS, type Switch } from './definition.ts';
import { type Finding, look } from './finding.ts';
import type { Acting, Process } from './lambda.ts';
import { covers, isTrimmed, lookAtLogs } from './logs.ts';
import type { AnyProjection } from './memory-store.ts';
import type { Timing } from './plan.ts';
import { isWaiting, Planner, type PlannerParts } from './planner.ts';
import { lookAtReason } from './reasons.ts';
import { lookForSecret } from './secrets.ts';
import { lookAtStart, SLOWEST_START } from './starts.ts';
import { Violation } from './story.ts';
import { Subject } from './subjects.ts';
import type { End, Played } from './task.ts';
import { newWatched, type Watched } from './watched.ts';

interface JudgeParts extends PlannerParts {
  readonly violated: (violation: Violation) => void;
}

export class Judge {
  readonly #parts: JudgeParts;
  readonly #planner: Planner;
  readonly crons = new Map<string, Watched>();
  readonly switches = new Map<string, Subject<Switch>>();
  readonly #meanings = new Map<string, Definition | Switch | undefined>();
  readonly #marks = new Map<number, Definition>();
  /** What came about, and how often each invariant was looked at, by name. */
  readonly counts = new Map<string, number>();
  readonly checks = new Map<string, number>();
  /** What each process has claimed. */
  readonly #claims = new WeakMap<Process, { readonly watched: Watched; readonly runId: string }>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.#planner = new Planner(this, parts);
  }

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  switchOf(site: string): Switch {
    return this.site(site).inForce ?? SWITCH_DEFAULTS;
  }

  timingOf(site: string, { periodicity, timezone }: Definition): Timing {
    return { periodicity, timezone: timezone ?? this.switchOf(site).timezone };
  }

  /** The version that should run, if it should run at all. */
  active({ key, subject }: Watched): Definition | undefined {
    const definition = subject.inForce;
    return definition?.activated && this.switchOf(key.site).activated ? definition : undefined;
  }

  cronEdited(key: Required<ParameterKey>, parameter?: Parameter, meaning?: Definition): void {
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

  switchEdited(site: string, parameter?: Parameter, meaning?: Switch): void {
    if (parameter) this.#meanings.set(versionName({ site }, parameter.modified), meaning);
    this.site(site).edited(this.#now, parameter, meaning);
    this.#follow({ site });
  }

  newsLost(key: ParameterKey): void {
    this.subjectOf(key).newsLost = this.#now;
  }

  projected(key: ParameterKey, projection: AnyProjection): void {
    const subject = this.subjectOf(key) as Subject<Definition | Switch>;
    const got = markOf(projection.value as Definition | Switch | undefined);
    const meaningOf = (modified: number) => this.#meanings.get(versionName(key, modified));
    const fits = (meaning: Definition | Switch | undefined) => markOf(meaning) === got;
    const isWrong = !subject.projected(this.#now, projection, meaningOf, fits);
    const message = () => `the table has ${got}, wanted: ${markOf(subject.accepted)}`;
    this.hold(key, [look('the last good version stays in force', isWrong, message)]);
    this.#follow(key);
  }

  settled(key: ParameterKey): void {
    this.#follow(key);
  }

  jobSaved(before: Job | undefined, after: Job, by: Acting | undefined): void {
    const watched = this.watched(after);
    watched.written = this.#now;
    watched.writer = by?.process;
    this.#noteClaims(watched, before, after, by);
    const old = new Set(before?.logs);
    const fresh = after.logs.filter((log) => !old.has(log));
    const { running, ran } = watched;
    this.hold(after, [
      ...lookAtLogs({ all: after.logs, fresh, running, ran }),
      ...fresh.flatMap((log) => this.#lookAtRecord(watched, before, log)),
    ]);
    for (const log of fresh) this.count(`log ${log.status}`);
    this.#account(watched, before, after, fresh);
  }

  /** What a write claims: the lease has to end, and whoever wrote it has to carry it out. */
  #noteClaims(watched: Watched, before: Job | undefined, after: Job, by: Acting | undefined): void {
    const known = new Set(before?.leases.map(({ runId }) => runId));
    for (const lease of after.leases) {
      if (known.has(lease.runId)) continue;
      watched.claims.delete(lease.runId);
      watched.claims.set(lease.runId, lease);
      watched.ends.delete(lease.runId);
      watched.recorded.delete(lease.runId);
      this.hold(after, [lookAtLease(lease)]);
      if (by?.isAnswered) this.#claims.set(by.process, { watched, runId: lease.runId });
    }
  }

  #lookAtRecord(watched: Watched, before: Job | undefined, log: Log): Finding[] {
    const { runId, status } = log;
    if (runId !== undefined) watched.recorded.add(runId);
    if (status !== 'NOTRUN') return [lookAtStatus(log, before, watched.ends.get(runId ?? ''))];
    const { site } = watched.key;
    const definition = watched.subject.inForce;
    const timing = definition && this.timingOf(site, definition);
    return lookAtReason({ log, before, watched, site: this.site(site), timing, now: this.#now });
  }

  /** Takes what was recorded from what has to be accounted for. */
  #account(watched: Watched, before: Job | undefined, after: Job, fresh: readonly Log[]): void {
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
    watched.outstanding = watched.outstanding.filter((at) => !isAccounted(at) || isWaiting(after, at));
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
    const isStanding = subject.inForce !== undefined && subject.isSettledFor(this.#now, SLOWEST_START);
    this.hold(before, [look('a cron that stands keeps its job', isStanding, 'its job was removed')]);
  }

  runStarted(run: Played): void {
    const watched = this.watched(run);
    const definition = this.#marks.get(run.mark);
    this.count(run.isForced ? 'forced runs' : 'runs');
    if (run.late) this.count('late runs');
    const isUnknown = look('what runs was written by the person', !definition, `nobody wrote ${run.mark}`);
    this.hold(run, [isUnknown]);
    if (definition) {
      const definitionOf = (mark: number) => this.#marks.get(mark);
      const site = this.site(run.site);
      this.hold(run, lookAtStart({ run, definition, definitionOf, watched, site, now: this.#now }));
    }
    watched.running.set(run.runId, run);
    watched.ends.delete(run.runId);
    if (watched.subject.present) watched.unlogged.set(run.runId, undefined);
    if (run.isForced) watched.forced.add(run.runId);
    else watched.ran.add(run.at);
    if (!run.isForced) watched.last = run;
  }

  runEnded(run: Played, how: End): void {
    const watched = this.watched(run);
    const definition = this.#marks.get(run.mark);
    this.count(`runs that ${how}`);
    if (definition) this.hold(run, [lookAtEnd(run, how, definition, this.#now)]);
    watched.running.delete(run.runId);
    watched.ends.set(run.runId, how);
    if (watched.unlogged.has(run.runId)) watched.unlogged.set(run.runId, this.#now);
  }

  /** The handler of a delivery has ended, or thrown, and its process lives. */
  handlerEnded(process: Process): void {
    const claim = this.#claims.get(process);
    if (claim) this.hold(claim.watched.key, [lookAtClaim(process, claim.runId, claim.watched)]);
  }

  /** The handler of a delivery has ended without an error. */
  delivered(delivery: Delivery): void {
    const watched = this.watched(delivery);
    if (!watched.subject.inForce || !this.isSettled(watched)) return;
    this.hold(delivery, [lookAtDelivery(delivery, watched, this.#parts.store.row(delivery).job)]);
  }

  lineWritten(text: string, fields: readonly unknown[]): void {
    this.hold({}, [lookForSecret('a log line', text, ...fields)]);
  }

  eventsSent(events: readonly Event[]): void {
    this.count('events', events.length);
    this.hold({}, [lookForSecret('an event', events)]);
  }

  /** Whoever heals has found a timer missing, or one too many. */
  timerMended(timer: Timer, text: string): void {
    this.#planner.checkMended(this.watched(timer), text);
  }

  /** A timer is gone that may be counted on: lost, or taken away by a call. */
  timerGone({ site, uid, at }: Timer, by: Acting | undefined): void {
    const watched = this.watched({ site, uid });
    // Whoever began before somebody else wrote the job could not know that it is counted on again.
    const couldNotKnow = by && by.process !== watched.writer && by.process.started <= watched.written;
    if (!by || couldNotKnow || by.asked <= watched.written) watched.lost.add(at);
    if (by && ['sweep', 'restore'].includes(by.process.name)) this.#planner.checkTakenAway(watched, at);
  }

  /** Whether nobody goes any more by what stood before an edit. */
  isSettled({ key, subject }: Watched): boolean {
    const site = this.site(key.site);
    return subject.isSettledFor(this.#now, SLOWEST_START) && site.isSettledFor(this.#now, SLOWEST_START);
  }

  get #now(): number {
    return this.#parts.loop.now();
  }

  #follow(key: ParameterKey): void {
    this.subjectOf(key).follow(this.#now, this.#parts.store.row(key));
    for (const watched of this.crons.values()) {
      const { site, uid } = watched.key;
      if (site === key.site && (key.uid === undefined || uid === key.uid)) this.#planner.plan(watched);
    }
  }

  subjectOf(key: ParameterKey): Subject<Definition> | Subject<Switch> {
    const { site, uid } = key;
    return uid === undefined ? this.site(site) : this.watched({ site, uid }).subject;
  }

  site(site: string): Subject<Switch> {
    const known = this.switches.get(site) ?? new Subject<Switch>({ site });
    this.switches.set(site, known);
    return known;
  }

  watched({ site, uid }: Required<ParameterKey>): Watched {
    const name = `${site}/${uid}`;
    const known = this.crons.get(name);
    if (known) return known;
    const watched = newWatched({ site, uid });
    this.crons.set(name, watched);
    return watched;
  }

  /** Counts what was looked at, and tells what does not hold. */
  hold({ site, uid }: Partial<ParameterKey>, findings: readonly Finding[]): void {
    for (const { invariant, wrong } of findings) {
      this.checks.set(invariant, (this.checks.get(invariant) ?? 0) + 1);
      if (wrong !== undefined)
        this.#parts.violated(new Violation(this.#now, invariant, { site, uid }, wrong));
    }
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
