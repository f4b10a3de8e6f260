/**
 * What must hold once nothing was injected, and nobody edited, for long enough that one sweep has seen all of it (one
 * restore, where the news of an edit was lost): the timers, the table and the jobs agree with what the person meant.
 */
import type { Job } from '../../lib/domain/job.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { MINUTE } from './definition.ts';
import type { Judge, Watched } from './judge.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';
import { nextPlanned } from './plan.ts';
import { stamp, Violation } from './story.ts';
import type { Subject } from './subjects.ts';

interface QuietParts {
  readonly judge: Judge;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly registry: MemoryRegistry;
  readonly now: () => number;
  readonly violated: (violation: Violation) => void;
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
    this.#checkTimers();
    this.#checkJob(quiet);
    this.#checkOutstanding(sweep);
  }

  #checkTimers(): void {
    const { judge, queue, now } = this.#parts;
    const { key } = this.#watched;
    const timers = queue.timers(key).map(({ at }) => at);
    // One that is about to fire makes the next one then.
    if (timers.some((at) => at <= now())) return;
    const definition = judge.active(this.#watched);
    const next = definition && nextPlanned(judge.timingOf(key.site, definition), now());
    const wanted = next === undefined ? [] : [next];
    if (timers.length === wanted.length && timers[0] === wanted[0]) return;
    const named = (times: readonly number[]) => (times.length === 0 ? 'none' : times.map(stamp).join(', '));
    this.#violated(
      'exactly one future timer for each active cron, and none for anything else',
      `timers: ${named(timers)}; wanted: ${named(wanted)}`,
    );
  }

  #checkJob({ sweep, restore }: Quiet): void {
    const { store } = this.#parts;
    const { key, subject } = this.#watched;
    const { job } = store.row(key);
    const definition = subject.inForce;
    if (!definition) {
      if (job && !isEnding(job, restore)) {
        this.#violated('what is gone has no job', `its job still stands: ${JSON.stringify(job)}`);
      }
      return;
    }
    if (!job) return;
    // A run that began before the edit may still be recorded under the limit that it knew.
    const isOld = job.logs.some(
      ({ started = 0, date }) => started - SLOWEST < subject.lastEdit && date > subject.lastEdit,
    );
    if (job.logs.length > definition.logsLimit && !isOld) {
      this.#violated(
        'never more logs than logsLimit',
        `${job.logs.length} logs, limit ${definition.logsLimit}`,
      );
    }
    const expired = job.leases.find(({ expires }) => expires < sweep);
    if (expired)
      this.#violated('a dead run is reported', `the lease of ${expired.runId} expired before the sweep`);
    const [waiting] = job.pending;
    if (waiting && job.leases.length === 0) {
      this.#violated('what waits gets its turn', `${stamp(waiting.at)} waits though nothing runs`);
    }
  }

  #checkOutstanding(sweep: number): void {
    const { store } = this.#parts;
    const { key, outstanding, unlogged, running } = this.#watched;
    const { armed, pending = [], leases = [] } = store.row(key).job ?? {};
    const waiting = new Set(
      [...pending, ...leases].filter(({ forced }) => forced === undefined).map(({ at }) => at),
    );
    for (const at of outstanding) {
      const isStillDue = armed !== undefined && armed.at <= at;
      if (at + AFTER_STORM > sweep || waiting.has(at) || isStillDue) continue;
      this.#violated('no planned time vanishes', `${stamp(at)} neither ran nor has a log that says why`);
    }
    for (const [runId, ended] of unlogged) {
      const isHeld = running.has(runId) || leases.some((lease) => lease.runId === runId);
      if (isHeld || ended === undefined || ended + AFTER_STORM > sweep) continue;
      this.#violated('every run is logged', `${runId} ended at ${stamp(ended)} and has no log`);
    }
  }

  #violated(invariant: string, message: string): void {
    const { violated, now } = this.#parts;
    violated(new Violation(now(), invariant, this.#watched.key, message));
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
  const { store, registry, now, violated } = parts;
  const { present } = subject;
  const { projection, unsettled } = store.row(key);
  const shown = projection?.removed ? undefined : projection?.modified;
  const wrong = (message: string) =>
    violated(new Violation(now(), 'the table shows what the registry says', key, message));
  if (shown !== present?.modified) wrong(`registry: ${named(present?.modified)}; table: ${named(shown)}`);
  if (unsettled !== undefined && unsettled < sweep - AFTER_EDIT) wrong(`unsettled since ${stamp(unsettled)}`);
  if (!present) return;
  const isMarked = registry.isMarked(key, present.version);
  if (isMarked !== (present.meaning === undefined)) {
    wrong(`version ${present.version} is ${isMarked ? '' : 'not '}marked as rejected`);
  }
}

/** No timer belongs to a cron that nobody ever wrote. */
function checkStrangers({ judge, queue, now, violated }: QuietParts): void {
  for (const { site, uid } of queue.standing()) {
    if (judge.crons.has(`${site}/${uid}`)) continue;
    violated(new Violation(now(), 'no timer for anything else', { site, uid }, 'nobody wrote this cron'));
  }
}

function named(time: number | undefined): string {
  return time === undefined ? 'nothing' : stamp(time);
}
