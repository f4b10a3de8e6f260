/**
 * The oracle: decides independently whether the system behaves correctly. It shares no code with the handlers or the
 * domain. It knows the user's intent, observes every write and every start and end of a run, and evaluates
 * periodicities with its own reference implementation (reference-schedule.ts).
 *
 * It checks the invariants that hold at every moment; convergence.ts checks those that hold after a quiet period.
 */

import type { Job } from '../../lib/core/domain/job.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Delivery } from '../../lib/core/domain/occurrence.ts';
import type { Event } from '../../lib/core/ports/events.ts';
import type { Parameter } from '../../lib/core/ports/registry.ts';
import type { AnyProjection } from '../../lib/core/ports/store.ts';
import {
  checkClaim,
  checkDelivery,
  checkLease,
  checkRecordedStatus,
  checkRunEnd,
} from './claim-invariants.ts';
import { ExpectedOccurrences, type ExpectedOccurrencesParts, isInJob } from './expected-occurrences.ts';
import { DEFAULT_CRONTAB, describeIntent, type IntendedCron, type IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck, Violation } from './invariant-check.ts';
import type { ActiveCall, Process } from './process.ts';
import { checkReason } from './reason-invariants.ts';
import { checkRecords, coversTime, isTrimmed } from './record-invariants.ts';
import type { Schedule } from './reference-schedule.ts';
import { checkSecret } from './secret-invariant.ts';
import type { RunEnd, SimulatedRun } from './simulated-run.ts';
import { checkStart, MAX_START_DELAY } from './start-invariants.ts';
import { type TrackedCron, trackCron } from './tracked-cron.ts';
import { TrackedParameter } from './tracked-parameter.ts';

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
  /** The last claim of each process whose answer it received. */
  readonly #claims = new WeakMap<Process, { readonly cron: TrackedCron; readonly runId: string }>();

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
    if (!written) {
      cron.unaccounted = [];
      cron.unrecorded.clear();
      // The system forgets the forced runs of a removed cron, so a repeated delivery may run on its successor.
      cron.executedForced.clear();
    }
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

  projected(key: ParameterKey, projection: AnyProjection): void {
    const parameter = this.parameter(key) as TrackedParameter<IntendedCron | IntendedCrontab>;
    const actual = describeIntent(projection.value as IntendedCron | IntendedCrontab | undefined);
    const intentOf = (modified: number) => this.#intents.get(versionName(key, modified));
    const matches = (intent: IntendedCron | IntendedCrontab | undefined) => describeIntent(intent) === actual;
    const isViolated = !parameter.projected(this.#now, projection, intentOf, matches);
    const message = () => `the table has ${actual}, expected ${describeIntent(parameter.accepted)}`;
    this.assert(key, [checkInvariant('the last valid version stays in force', isViolated, message)]);
    this.parameterChanged(key);
  }

  jobSaved(before: Job | undefined, after: Job, call: ActiveCall | undefined): void {
    const cron = this.cron(after);
    cron.jobWrittenAt = this.#now;
    cron.jobWriter = call?.process;
    this.#observeClaims(cron, before, after, call);
    const recordsBefore = new Set(before?.logs);
    const added = after.logs.filter((record) => !recordsBefore.has(record));
    this.assert(after, [
      ...checkRecords(after.logs, added, cron),
      ...added.flatMap((record) => this.#checkRecord(cron, before, record)),
    ]);
    for (const { status } of added) this.count(`records with status ${status}`);
    this.#accountFor(cron, before, after, added);
  }

  #observeClaims(cron: TrackedCron, before: Job | undefined, after: Job, call: ActiveCall | undefined): void {
    const runIdsBefore = new Set(before?.leases.map(({ runId }) => runId));
    for (const lease of after.leases) {
      const { runId } = lease;
      if (runIdsBefore.has(runId)) continue;
      cron.claims.delete(runId);
      cron.claims.set(runId, lease);
      cron.ends.delete(runId);
      cron.recordedRunIds.delete(runId);
      this.assert(after, [checkLease(lease)]);
      if (call?.isAnswered) this.#claims.set(call.process, { cron, runId });
    }
  }

  #checkRecord(cron: TrackedCron, jobBefore: Job | undefined, record: Log): InvariantCheck[] {
    const { runId, status } = record;
    if (runId !== undefined) cron.recordedRunIds.add(runId);
    if (status !== 'NOTRUN') return [checkRecordedStatus(record, jobBefore, cron.ends.get(runId ?? ''))];
    const { site } = cron.key;
    const intent = cron.parameter.inForce;
    const schedule = intent && this.scheduleOf(site, intent);
    const crontab = this.crontab(site);
    return checkReason({ record, jobBefore, cron, crontab, schedule, now: this.#now });
  }

  /** Removes what the write has recorded, or would have recorded without trimming, from what is unaccounted for. */
  #accountFor(cron: TrackedCron, before: Job | undefined, after: Job, added: readonly Log[]): void {
    const endedLeases = (before?.leases ?? []).filter(
      ({ runId }) => !after.leases.some((lease) => lease.runId === runId),
    );
    // A trimmed record would have had the date of this write or, for a run, of the run's end.
    const dateOf = (plannedAt: number) => {
      const lease = endedLeases.find((one) => one.plannedAt === plannedAt);
      return (lease && cron.unrecorded.get(lease.runId)) ?? added[0]?.date;
    };
    const isTrimmedAt = (plannedAt: number) => isTrimmed(cron.parameter, after, plannedAt, dateOf(plannedAt));
    const isAccountedFor = (plannedAt: number) =>
      added.some((record) => coversTime(record, plannedAt)) || isTrimmedAt(plannedAt);
    cron.unaccounted = cron.unaccounted.filter(
      (plannedAt) => !isAccountedFor(plannedAt) || isInJob(after, plannedAt),
    );
    for (const { runId } of added) if (runId !== undefined) cron.unrecorded.delete(runId);
    for (const { runId, plannedAt } of endedLeases) if (isTrimmedAt(plannedAt)) cron.unrecorded.delete(runId);
  }

  jobRemoved(before: Job): void {
    const cron = this.cron(before);
    cron.unaccounted = [];
    cron.unrecorded.clear();
    cron.jobWrittenAt = this.#now;
    const exists =
      cron.parameter.inForce !== undefined && cron.parameter.isSettledFor(MAX_START_DELAY, this.#now);
    this.assert(before, [checkInvariant('an existing cron keeps its job', exists, 'its job was removed')]);
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
      this.assert(run, checkStart({ run, version, versionOf, cron, crontab, now: this.#now }));
    }
    cron.running.set(run.runId, run);
    cron.ends.delete(run.runId);
    if (cron.parameter.current) cron.unrecorded.set(run.runId, undefined);
    if (run.isForced) cron.executedForced.add(run.runId);
    else cron.executed.add(run.plannedAt);
    if (!run.isForced) cron.lastRun = run;
  }

  runEnded(run: SimulatedRun, end: RunEnd): void {
    const cron = this.cron(run);
    const version = this.#versions.get(run.versionId);
    this.count(`ended runs: ${end}`);
    if (version) this.assert(run, [checkRunEnd(run, end, version, this.#now)]);
    cron.running.delete(run.runId);
    cron.ends.set(run.runId, end);
    if (cron.unrecorded.has(run.runId)) cron.unrecorded.set(run.runId, this.#now);
  }

  /** A handler has returned or thrown, and its process is alive. */
  handlerEnded(process: Process): void {
    const claim = this.#claims.get(process);
    if (claim) this.assert(claim.cron.key, [checkClaim(process, claim.runId, claim.cron)]);
  }

  /** A delivery was handled without an error. */
  deliveryHandled(delivery: Delivery): void {
    const cron = this.cron(delivery);
    if (!cron.parameter.inForce || !this.isSettled(cron)) return;
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

function versionName({ site, uid }: ParameterKey, modified: number): string {
  return `${site}/${uid ?? ''} ${modified}`;
}
