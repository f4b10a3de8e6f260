/** What is planned next, as the judge sees it: that it comes, in time, and that its timer is left where it is. */
import type { Job } from '../../lib/domain/job.ts';
import { CLOCKS_DIFFER, MINUTE } from './definition.ts';
import { look } from './finding.ts';
import type { Judge } from './judge.ts';
import { covers } from './logs.ts';
import type { Loop } from './loop.ts';
import type { MemoryStore } from './memory-store.ts';
import { nextPlanned } from './plan.ts';
import { stamp } from './story.ts';
import type { Watched } from './watched.ts';

export interface PlannerParts {
  readonly loop: Loop;
  readonly store: MemoryStore;
  /** Since when nothing was injected; nothing while it storms. */
  readonly calmSince: () => number | undefined;
}

/** A timer is precise to the minute; the calls of a run take less than another. */
const PUNCTUAL = 2 * MINUTE;
/** After a storm, what it left undone is done within this time. */
const FAIR = 30 * MINUTE;

export class Planner {
  readonly #judge: Judge;
  readonly #parts: PlannerParts;

  constructor(judge: Judge, parts: PlannerParts) {
    this.#judge = judge;
    this.#parts = parts;
  }

  /** Looks again at what is planned next. */
  plan(watched: Watched): void {
    watched.callOff();
    const definition = this.#judge.active(watched);
    const { loop } = this.#parts;
    const next = definition && nextPlanned(this.#judge.timingOf(watched.key.site, definition), loop.now());
    if (next === undefined) return;
    watched.callOff = loop.wake(next, () => {
      this.#judge.count('planned');
      const isSettled =
        watched.subject.isSettledFor(next, 1) && this.#judge.site(watched.key.site).isSettledFor(next, 1);
      if (isSettled && !this.#isKnown(watched, next)) {
        this.#judge.count('planned, to be accounted for');
        watched.outstanding.push(next);
        if (this.isFair) loop.after(PUNCTUAL, () => this.#checkPunctual(watched, next));
      }
      this.plan(watched);
    });
  }

  /** Whoever has a clock that is ahead may have run it, and told of it, by now. */
  #isKnown({ key, ran }: Watched, at: number): boolean {
    const { logs = [] } = this.#parts.store.row(key).job ?? {};
    return ran.has(at) || logs.some((log) => covers(log, at));
  }

  /** Whether it has been calm for long enough. */
  get isFair(): boolean {
    const calmSince = this.#parts.calmSince();
    return calmSince !== undefined && calmSince <= this.#parts.loop.now() - FAIR;
  }

  #checkPunctual({ key, subject, outstanding }: Watched, at: number): void {
    const isUndisturbed =
      this.isFair && subject.lastEdit < at - FAIR && this.#judge.site(key.site).lastEdit < at - FAIR;
    const { job } = this.#parts.store.row(key);
    if (!isUndisturbed) return;
    const isLate = outstanding.includes(at) && !(job && isWaiting(job, at));
    const message = `${stamp(at)} has not started after ${PUNCTUAL / 1000} s`;
    this.#judge.hold(key, [look('planned times start on time', isLate, message)]);
  }

  /** In fair weather a sweep finds no timer missing and none too many, but for what happens just then. */
  checkMended({ key, written, subject }: Watched, text: string): void {
    const now = this.#parts.loop.now();
    const last = Math.max(written, subject.lastEdit, this.#judge.site(key.site).lastEdit);
    const isWrong = this.isFair && last < now - MINUTE;
    this.#judge.hold(key, [look('timers are made and removed in time', isWrong, text)]);
  }

  /** Whoever heals does not take away the timer of the next time, once an edit is long followed. */
  checkTakenAway(watched: Watched, at: number): void {
    const { key } = watched;
    const definition = this.#judge.active(watched);
    if (!this.#judge.isSettled(watched) || at <= this.#parts.loop.now() + CLOCKS_DIFFER) return;
    const next =
      definition && nextPlanned(this.#judge.timingOf(key.site, definition), this.#parts.loop.now());
    const message = `the timer of ${stamp(at)} was taken away`;
    this.#judge.hold(key, [look('what heals takes no timer that is needed', next === at, message)]);
  }
}

/** Whether the planned time waits for its turn, or runs. */
export function isWaiting({ pending, leases }: Job, at: number): boolean {
  const isThis = (one: { at: number; forced?: string }) => one.at === at && one.forced === undefined;
  return pending.some(isThis) || leases.some(isThis);
}
