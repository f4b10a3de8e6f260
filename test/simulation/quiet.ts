/**
 * What must hold once nothing was injected, and nobody edited, for long enough that one sweep has seen all of it (one
 * restore, where the news of an edit was lost): the timers, the table and the jobs agree with what the person meant.
 */
import type { Job } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { LONGEST_LEASE } from './claims.ts';
import { CLOCKS_DIFFER, type Definition, MINUTE } from './definition.ts';
import { look } from './finding.ts';
import type { Judge } from './judge.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';
import { nextPlanned } from './plan.ts';
import { stamp } from './story.ts';
import type { Subject } from './subjects.ts';
import type { Watched } from './watched.ts';

interface QuietParts {
  readonly judge: Judge;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly registry: MemoryRegistry;
  readonly now: () => number;
}

/** When what was injected is over, and when the last healers that saw nothing of it started. */
export interface Quiet {
  readonly calmSince: number;
  readonly sweep: number;
  readonly restore: number;
}

/** A lost delivery is due after the grace of five minutes; calls and repetitions take their time too. */
const AFTER_STORM = 6 * MINUTE;
/** An edit is followed at once; what was missed is unsettled for more than a minute, and then for the sweep. */
const AFTER_EDIT = 90_000;
/** The longest that a start can take. */
const SLOWEST = 8 * MINUTE;

/** Whoever waits gets a turn, or is found too old, when the run before it has ended; calls and sweeps take their time. */
const LONGEST_WAIT = 30 * MINUTE;

/** Checks every cron that has been quiet; returns how many were. */
export function checkQuiet(parts: QuietParts, quiet: Quiet): number {
  if (quiet.sweep < quiet.calmSince + AFTER_STORM) return 0;
  const checked = [...parts.judge.crons.values()].filter((watched) => isQuiet(parts.judge, watched, quiet));
  for (const watched of checked) new Check(parts, watched).all(quiet);
  for (const [site, subject] of parts.judge.switches) {
    if (isFollowed(subject, quiet)) checkProjection(parts, { site }, subject, quiet.sweep);
  }
  checkStrangers(parts);
  return checked.length;
}

function isQuiet(judge: Judge, { key, subject }: Watched, quiet: Quiet): boolean {
  const site = judge.switches.get(key.site);
  return isFollowed(subject, quiet) && (!site || isFollowed(site, quiet));
}

function isFollowed(subject: Subject<unknown>, { sweep, restore, calmSince }: Quiet): boolean {
  const isMadeUpFor = restore > subject.newsLost && restore >= calmSince;
  if (subject.newsLost > Number.NEGATIVE_INFINITY && isMadeUpFor && restore + AFTER_EDIT < sweep) {
    subject.newsLost = Number.NEGATIVE_INFINITY;
  }
  return subject.newsLost === Number.NEGATIVE_INFINITY && subject.lastEdit + AFTER_EDIT <= sweep;
}

class Check {
  readonly #parts: QuietParts;
  readonly #watched: Watched;

  constructor(parts: QuietParts, watched: Watched) {
    this.#parts = parts;
    this.#watched = watched;
  }

  all(quiet: Quiet): void {
    const { sweep } = quiet;
    const { key, subject } = this.#watched;
    checkProjection(this.#parts, key, subject, sweep);
    this.#checkTimers(sweep);
    this.#checkJob(quiet);
    this.#checkOutstanding(sweep);
  }

  #checkTimers(sweep: number): void {
    const { judge, queue, store, now } = this.#parts;
    const { key } = this.#watched;
    const timers = queue.timers(key).map(({ at }) => at);
    // One that is about to fire makes the next one then.
    if (timers.some((at) => at <= now())) return;
    // One that was lost, and whose time came after the last look before it, is due for the next sweep.
    const { armed } = store.row(key).job ?? {};
    if (armed && armed.at <= now() && armed.at + AFTER_STORM > sweep) return;
    const definition = judge.active(this.#watched);
    const next = definition && nextPlanned(judge.timingOf(key.site, definition), now());
    // Whoever has a clock that is ahead may have gone on from there.
    if (next !== undefined && next <= now() + CLOCKS_DIFFER) return;
    const wanted = next === undefined ? [] : [next];
    const isWrong = timers.length !== wanted.length || timers[0] !== wanted[0];
    const named = (times: readonly number[]) => (times.length === 0 ? 'none' : times.map(stamp).join(', '));
    this.#hold(
      'exactly one future timer for each active cron, and none for anything else',
      isWrong,
      () => `timers: ${named(timers)}; wanted: ${named(wanted)}`,
    );
  }

  #checkJob(quiet: Quiet): void {
    const { key, subject } = this.#watched;
    const { job } = this.#parts.store.row(key);
    const definition = subject.inForce;
    if (!definition) {
      const isLeft = job !== undefined && !isEnding(job, quiet.restore);
      this.#hold('what is gone has no job', isLeft, () => `its job still stands: ${JSON.stringify(job)}`);
      return;
    }
    if (!job) return;
    this.#checkLogs(job, definition.logsLimit);
    const expired = job.leases.find(
      ({ expires, started }) => Math.min(expires, started + LONGEST_LEASE) + CLOCKS_DIFFER < quiet.sweep,
    );
    const ran = () => `the lease of ${expired?.runId} expired before the sweep`;
    this.#hold('a dead run is reported', expired !== undefined, ran);
    this.#checkWaiting(job, definition, quiet);
  }

  #checkLogs({ logs }: Job, limit: number): void {
    const { lastEdit } = this.#watched.subject;
    // A run that began before the edit may still be recorded under the limit that it knew.
    const isOld = logs.some(({ started = 0, date }) => started - SLOWEST < lastEdit && date > lastEdit);
    const isWrong = logs.length > limit && !isOld;
    this.#hold('never more logs than logsLimit', isWrong, `${logs.length} logs, limit ${limit}`);
  }

  #checkWaiting({ pending, leases }: Job, { maxLateness }: Definition, { sweep, calmSince }: Quiet): void {
    const [waiting] = pending;
    const isStuck = waiting !== undefined && leases.length === 0;
    const since = stamp(waiting?.at ?? 0);
    this.#hold('what waits gets its turn', isStuck, `${since} waits though nothing runs`);
    if (Math.max(calmSince, this.#watched.subject.lastEdit) + LONGEST_WAIT > sweep) return;
    const planned = pending.filter(({ forced }) => forced === undefined);
    const isOld = planned.some(({ at }) => at + maxLateness * 1000 + LONGEST_WAIT < sweep);
    this.#hold('no wait goes on for ever', isOld, `${since} waits, maxLateness is ${maxLateness} s`);
  }

  #checkOutstanding(sweep: number): void {
    const { store } = this.#parts;
    const { key, outstanding, unlogged, running } = this.#watched;
    const { armed, pending = [], leases = [] } = store.row(key).job ?? {};
    const waiting = new Set(
      [...pending, ...leases].filter(({ forced }) => forced === undefined).map(({ at }) => at),
    );
    const vanished = outstanding.find((at) => {
      const isStillDue = armed !== undefined && armed.at <= at;
      return at + AFTER_STORM <= sweep && !waiting.has(at) && !isStillDue;
    });
    const message = `${stamp(vanished ?? 0)} neither ran nor has a log that says why`;
    this.#hold('no planned time vanishes', vanished !== undefined, message);
    for (const [runId, ended] of unlogged) {
      const isHeld = running.has(runId) || leases.some((lease) => lease.runId === runId);
      if (isHeld || ended === undefined || ended + AFTER_STORM > sweep) continue;
      this.#hold('every run is logged', true, `${runId} ended at ${stamp(ended)} and has no log`);
    }
    this.#hold('every run is logged', false, '');
  }

  #hold(invariant: string, isWrong: boolean, message: string | (() => string)): void {
    this.#parts.judge.hold(this.#watched.key, [look(invariant, isWrong, message)]);
  }
}

/** A run may outlive its cron. What it leaves is removed by the next restore. */
function isEnding({ armed, pending, leases, logs }: Job, restore: number): boolean {
  if (armed || pending.length > 0) return false;
  return leases.length > 0 || logs.some(({ date }) => date > restore);
}

function checkProjection(
  parts: QuietParts,
  key: ParameterKey,
  subject: Subject<unknown>,
  sweep: number,
): void {
  const { judge, store, registry } = parts;
  const { present } = subject;
  const { projection, unsettled } = store.row(key);
  const shown = projection?.removed ? undefined : projection?.modified;
  const isLeft = unsettled !== undefined && unsettled < sweep - AFTER_EDIT;
  const isMarked = present !== undefined && registry.isMarked(key, present.version);
  const shouldBe = present !== undefined && present.meaning === undefined;
  const invariant = 'the table shows what the registry says';
  judge.hold(key, [
    look(
      invariant,
      shown !== present?.modified,
      () => `registry: ${named(present?.modified)}; table: ${named(shown)}`,
    ),
    look('what is in the table is followed', isLeft, () => `unsettled since ${stamp(unsettled ?? 0)}`),
    look(
      'rejected versions, and no others, are marked',
      isMarked !== shouldBe,
      () => `version ${present?.version} is ${isMarked ? '' : 'not '}marked as rejected`,
    ),
  ]);
}

/** No timer belongs to a cron that nobody ever wrote. */
function checkStrangers({ judge, queue }: QuietParts): void {
  const stranger = queue.standing().find(({ site, uid }) => !judge.crons.has(`${site}/${uid}`));
  judge.hold(stranger ?? {}, [look('no timer for anything else', stranger !== undefined, 'nobody wrote it')]);
}

function named(time: number | undefined): string {
  return time === undefined ? 'nothing' : stamp(time);
}
