/**
 * The oracle: decides independently whether the system behaves correctly. It shares no code with the handlers or the
 * domain. It knows the user's intent, observes every write and every start and end of a run, and evaluates
 * periodicities with its own reference implementation (reference-schedule.ts).
 *
 * It checks the invariants that hold at every moment; convergence.ts checks those that hold after a quiet period.
 */

import type { Event } from '../../lib/core/domain/event.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Parameter } from '../../lib/core/ports/registry.ts';
import type { AnyProjection } from '../../lib/core/ports/store.ts';
import {
  checkClaim,
  checkDelivery,
  checkLease,
  checkRecordedStatus,
  checkRunEnd,
} from './claim-invariants.ts';
import { DAY, HOUR } from './durations.ts';
import { ExpectedOccurrences, type ExpectedOccurrencesParts } from './expected-occurrences.ts';
import { DEFAULT_CRONTAB, describeIntent, type IntendedCron, type IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck, Violation } from './invariant-check.ts';
import type { ActiveCall, Process } from './process.ts';
import { BUSY_FOR_LONG, CLAIM_FOUND, JOB_REOPENED, MANY_DUE, OUTPACED } from './rare-states.ts';
import { checkReason } from './reason-invariants.ts';
import { checkRecord } from './record-invariants.ts';
import { coversTime } from './recorded-times.ts';
import type { Schedule } from './reference-schedule.ts';
import { checkSecret } from './secret-invariant.ts';
import type { RunEnd, SimulatedRun } from './simulated-run.ts';
import { checkStart, MAX_START_DELAY } from './start-invariants.ts';
import { hasWaited, type TrackedCron, trackCron } from './tracked-cron.ts';
import { TrackedParameter } from './tracked-parameter.ts';

interface ObservedClaim {
  readonly cron: TrackedCron;
  readonly runId: string;
  /** Whether the process received the answer of its commit. */
  readonly isAnswered: boolean;
}

/** For so long the oracle remembers which planned times have a record. */
const RECENT = 2 * DAY;

interface OracleParts extends ExpectedOccurrencesParts {
  readonly onViolation: (violation: Violation) => void;
}

export class Oracle {
  readonly #parts: OracleParts;
  readonly #expected: ExpectedOccurrences;
  readonly crons = new Map<string, TrackedCron>();
  readonly crontabs = new Map<string, TrackedParameter<IntendedCrontab>>();
  /** The intents by parameter and time of modification; undefined for an invalid version. */
  readonly #intents = new Map<string, IntendedCron | IntendedCrontab | undefined>();
  /** The versions of crons by their id. */
  readonly #versions = new Map<number, IntendedCron>();
  /** How often things happened, by name. */
  readonly counts = new Map<string, number>();
  /** How often each invariant was checked, by name. */
  readonly checks = new Map<string, number>();
  /** The last claim of each process. */
  readonly #claims = new WeakMap<Process, ObservedClaim>();

  constructor(parts: OracleParts) {
    this.#parts = parts;
    this.#expected = new ExpectedOccurrences(this, parts);
  }

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** The crontab settings that should be in force. */
  crontabIntent(site: string): IntendedCrontab {
    return this.crontab(site).inForce ?? DEFAULT_CRONTAB;
  }

  scheduleOf(site: string, { periodicity, timezone }: IntendedCron): Schedule {
    return { periodicity, timezone: timezone ?? this.crontabIntent(site).timezone };
  }

  /** The version that should run; undefined when none should. */
  activeIntent({ key, parameter }: TrackedCron): IntendedCron | undefined {
    const intent = parameter.inForce;
    return intent?.activated && this.crontabIntent(key.site).activated ? intent : undefined;
  }

  cronEdited(key: Required<ParameterKey>, written?: Parameter, intent?: IntendedCron): void {
    const cron = this.cron(key);
    if (intent) this.#versions.set(intent.environ.versionId, intent);
    if (written) this.#intents.set(versionName(key, written.modified), intent);
    cron.parameter.edited(this.#now, written, intent);
    // Planned times that wait or are due when a cron is removed end without a record.
    if (!written) cron.unaccounted = [];
    this.parameterChanged(key);
  }

  crontabEdited(site: string, written?: Parameter, intent?: IntendedCrontab): void {
    if (written) this.#intents.set(versionName({ site }, written.modified), intent);
    this.crontab(site).edited(this.#now, written, intent);
    this.parameterChanged({ site });
  }

  changeEventLost(key: ParameterKey): void {
    this.parameter(key).eventLostAt = this.#now;
  }

  labelFailed(key: ParameterKey): void {
    this.parameter(key).labelFailedAt = this.#now;
  }

  projected(key: ParameterKey, projection: AnyProjection): void {
    const parameter = this.parameter(key) as TrackedParameter<IntendedCron | IntendedCrontab>;
    // A tombstone keeps the last definition, which is not in force.
    const inForce = projection.removedAt === undefined ? projection.value : undefined;
    const actual = describeIntent(inForce as IntendedCron | IntendedCrontab | undefined);
    const intentOf = (modified: number) => this.#intents.get(versionName(key, modified));
    const matches = (intent: IntendedCron | IntendedCrontab | undefined) => describeIntent(intent) === actual;
    const isViolated = !parameter.projected(this.#now, projection, intentOf, matches);
    const message = () => `the table has ${actual}, expected ${describeIntent(parameter.accepted)}`;
    this.assert(key, [checkInvariant('the last valid version stays in force', isViolated, message)]);
    this.parameterChanged(key);
  }

  /** The items of the cron can be read again, or cannot any more. */
  readabilityChanged(key: Required<ParameterKey>, isReadable: boolean): void {
    const cron = this.cron(key);
    cron.isUnreadable = !isReadable;
    cron.unreadableUntil = this.#now;
  }

  /** The timer of the next commit was throttled. */
  armingLeftToSweep(key: Required<ParameterKey>): void {
    this.cron(key).isArmingLeftToSweep = true;
  }

  /** Times that were reached before come again. `timers` exist. */
  clockSetBack(timers: readonly Timer[]): void {
    const parameters = [
      ...this.crontabs.values(),
      ...[...this.crons.values()].map(({ parameter }) => parameter),
    ];
    for (const parameter of parameters) parameter.clockSetBack(this.#now);
    const existing = new Set(timers.map(timerName));
    for (const cron of this.crons.values()) {
      // These times are not due any more, and an edit may replace them before they are due again.
      cron.unaccounted = cron.unaccounted.filter((plannedAt) => plannedAt <= this.#now);
      // The timer of a time that comes again may have fired.
      const plannedAt = this.#parts.store.row(cron.key).job?.armedAt;
      const hasTimer = plannedAt === undefined || existing.has(timerName({ ...cron.key, plannedAt }));
      if (!hasTimer) cron.lostTimers.add(plannedAt);
      this.#expected.scheduleNext(cron);
    }
  }

  /** A commit was applied. `records` are those that it has written. */
  committed(
    before: Job | undefined,
    after: Job,
    records: readonly RunRecord[],
    call: ActiveCall | undefined,
  ): void {
    const cron = this.cron(after);
    cron.jobWrittenAt = this.#now;
    cron.jobWriter = call?.process;
    if (cron.isArmingLeftToSweep && after.armedAt !== undefined) cron.lostTimers.add(after.armedAt);
    cron.isArmingLeftToSweep = false;
    this.#observeClaims(cron, before, after, call);
    for (const record of records) {
      this.assert(after, [...checkRecord(record, cron), ...this.#checkEnd(cron, before, record)]);
      this.#recorded(cron, record);
    }
    this.#observeWaiting(cron, after);
    if (after.closedAt !== undefined && before?.closedAt === undefined) this.#jobClosed(cron);
    if (after.closedAt === undefined && before?.closedAt !== undefined) this.count(JOB_REOPENED);
  }

  /** A user stops that run. */
  runStopped(key: Required<ParameterKey>, runId: string): void {
    this.cron(key).stopped.add(runId);
  }

  #observeClaims(cron: TrackedCron, before: Job | undefined, after: Job, call: ActiveCall | undefined): void {
    const holdersBefore = new Set(before?.leases.map(({ holder }) => holder));
    for (const lease of after.leases) {
      const { runId, holder } = lease;
      if (holdersBefore.has(holder)) continue;
      cron.claims.set(runId, lease);
      // The deadline of a process that lived when the clock was set back is farther away.
      const isInterrupted = call?.process.interruptions !== this.#parts.loop.interruptions;
      if (!isInterrupted) this.assert(after, [checkLease(lease)]);
      if (call) this.#claims.set(call.process, { cron, runId, isAnswered: call.isAnswered });
    }
  }

  #observeWaiting(cron: TrackedCron, { waiting, waitingForced, leases }: Job): void {
    if (waiting || waitingForced.length > 0) this.count('commits with waiting occurrences');
    const isBusy = waiting !== undefined || waitingForced.length > 0 || leases.length > 0;
    if (!isBusy && (cron.busySince ?? this.#now) < this.#now - HOUR) this.count(BUSY_FOR_LONG);
    const claimedAt = leases.map((lease) => lease.claimedAt);
    cron.busySince = isBusy ? (cron.busySince ?? Math.min(this.#now, ...claimedAt)) : undefined;
    if (!waiting) return;
    cron.waited = cron.waited.filter(({ to }) => to > this.#now - RECENT);
    cron.waited.push(waiting);
  }

  #checkEnd(cron: TrackedCron, jobBefore: Job | undefined, record: RunRecord): InvariantCheck[] {
    const { runId, status } = record;
    if (status !== 'NOTRUN') return [checkRecordedStatus(record, jobBefore, cron.ends.get(runId ?? ''))];
    const { site } = cron.key;
    const intent = cron.parameter.inForce;
    const schedule = intent && this.scheduleOf(site, intent);
    const crontab = this.crontab(site);
    return checkReason({ record, jobBefore, cron, crontab, schedule, now: this.#now });
  }

  #recorded(cron: TrackedCron, record: RunRecord): void {
    const { runId, forced, status, reason } = record;
    if (record.covers?.isMore) this.count(MANY_DUE);
    if (reason === 'missed' && hasWaited(cron, record.plannedAt)) this.count(OUTPACED);
    this.count(`records: ${status}${reason === undefined ? '' : ` ${reason}`}`);
    if (runId !== undefined) cron.recordedRunIds.add(runId);
    if (runId !== undefined) cron.unrecorded.delete(runId);
    if (forced !== undefined) return;
    cron.recordedTimes.forget(this.#now - RECENT);
    cron.recordedTimes.add(record);
    cron.unaccounted = cron.unaccounted.filter((plannedAt) => !coversTime(record, plannedAt));
  }

  #jobClosed(cron: TrackedCron): void {
    this.count('jobs closed');
    cron.unaccounted = [];
    const exists =
      cron.parameter.inForce !== undefined && cron.parameter.isSettledFor(MAX_START_DELAY, this.#now);
    this.assert(cron.key, [checkInvariant('an existing cron keeps its job open', exists, 'it was closed')]);
  }

  runStarted(run: SimulatedRun): void {
    const cron = this.cron(run);
    const version = this.#versions.get(run.versionId);
    this.count(run.isForced ? 'forced runs' : 'runs');
    if (run.isLate) this.count('late runs');
    const message = `version ${run.versionId} was never written`;
    this.assert(run, [checkInvariant('the user wrote each version that runs', !version, message)]);
    if (version) {
      const versionOf = (versionId: number) => this.#versions.get(versionId);
      const crontab = this.crontab(run.site);
      const comesAgain = this.#parts.loop.hasReached(run.plannedAt);
      this.assert(run, checkStart({ run, version, versionOf, cron, crontab, now: this.#now, comesAgain }));
    }
    cron.running.set(run.runId, run);
    cron.unrecorded.set(run.runId, undefined);
    if (run.isForced) cron.executedForced.add(run.runId);
    else cron.executed.add(run.plannedAt);
    if (!run.isForced) cron.lastRun = run;
  }

  runEnded(run: SimulatedRun, end: RunEnd): void {
    const cron = this.cron(run);
    const version = this.#versions.get(run.versionId);
    this.count(`ended runs: ${end}`);
    const isInterrupted = run.interruptions !== this.#parts.loop.interruptions;
    if (version && !isInterrupted) this.assert(run, [checkRunEnd(run, end, version, this.#now)]);
    cron.running.delete(run.runId);
    cron.ends.set(run.runId, end);
    if (cron.unrecorded.has(run.runId)) cron.unrecorded.set(run.runId, this.#now);
  }

  /** A handler has returned, or thrown if `hasFailed`, and its process is alive. */
  handlerEnded(process: Process, hasFailed: boolean): void {
    const claim = this.#claims.get(process);
    if (!claim || (hasFailed && !claim.isAnswered)) return;
    if (!claim.isAnswered) this.count(CLAIM_FOUND);
    this.assert(claim.cron.key, [checkClaim(process, claim.runId, claim.cron)]);
  }

  /** A delivery was handled without an error. */
  deliveryHandled(delivery: Delivery): void {
    const cron = this.cron(delivery);
    if (!cron.parameter.inForce || !this.isSettled(cron)) return;
    // A delivery before its time is ignored.
    if (delivery.plannedAt > this.#now) return;
    this.assert(delivery, [checkDelivery(delivery, cron, this.#parts.store.row(delivery).job)]);
  }

  lineLogged(text: string, fields: readonly unknown[]): void {
    this.assert({}, [checkSecret('a log line', text, ...fields)]);
  }

  eventsPublished(events: readonly Event[]): void {
    this.count('published events', events.length);
    this.assert({}, [checkSecret('an event', events)]);
  }

  /** The sweep or the resync has found a timer lost or surplus. */
  timerRepaired(timer: Timer, text: string): void {
    this.#expected.checkRepairedTimer(this.cron(timer), text);
  }

  /** A timer was lost (without a call) or removed by a call. */
  timerGone({ site, uid, plannedAt }: Timer, call: ActiveCall | undefined): void {
    const cron = this.cron({ site, uid });
    // A process that started before another process wrote the job could not know that the timer is needed again.
    const couldNotKnow =
      call && call.process !== cron.jobWriter && call.process.startedAt <= cron.jobWrittenAt;
    if (!call || couldNotKnow || call.calledAt <= cron.jobWrittenAt) cron.lostTimers.add(plannedAt);
    if (call && ['sweep', 'resync'].includes(call.process.name))
      this.#expected.checkRemovedTimer(cron, plannedAt);
  }

  /** Whether no process can act on a version before the last edit any more. */
  isSettled({ key, parameter }: TrackedCron): boolean {
    const crontab = this.crontab(key.site);
    return (
      parameter.isSettledFor(MAX_START_DELAY, this.#now) && crontab.isSettledFor(MAX_START_DELAY, this.#now)
    );
  }

  /** Must be called whenever a parameter or its row has changed. */
  parameterChanged(key: ParameterKey): void {
    this.parameter(key).rowChanged(this.#now, this.#parts.store.row(key));
    for (const cron of this.crons.values()) {
      const { site, uid } = cron.key;
      if (site === key.site && (key.uid === undefined || uid === key.uid)) this.#expected.scheduleNext(cron);
    }
  }

  get #now(): number {
    return this.#parts.loop.now();
  }

  parameter({ site, uid }: ParameterKey): TrackedParameter<IntendedCron> | TrackedParameter<IntendedCrontab> {
    return uid === undefined ? this.crontab(site) : this.cron({ site, uid }).parameter;
  }

  crontab(site: string): TrackedParameter<IntendedCrontab> {
    const crontab = this.crontabs.get(site) ?? new TrackedParameter<IntendedCrontab>({ site });
    this.crontabs.set(site, crontab);
    return crontab;
  }

  cron({ site, uid }: Required<ParameterKey>): TrackedCron {
    const name = `${site}/${uid}`;
    const cron = this.crons.get(name) ?? trackCron({ site, uid });
    this.crons.set(name, cron);
    return cron;
  }

  /** Counts the checks and reports violations. */
  assert({ site, uid }: Partial<ParameterKey>, checks: readonly InvariantCheck[]): void {
    for (const { invariant, violation } of checks) {
      this.checks.set(invariant, (this.checks.get(invariant) ?? 0) + 1);
      if (violation !== undefined)
        this.#parts.onViolation(new Violation(this.#now, invariant, { site, uid }, violation));
    }
  }
}

function timerName({ site, uid, plannedAt }: Timer): string {
  return `${site}/${uid} ${plannedAt}`;
}

function versionName({ site, uid }: ParameterKey, modified: number): string {
  return `${site}/${uid ?? ''} ${modified}`;
}
