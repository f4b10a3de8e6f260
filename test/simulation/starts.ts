/** What can be wrong with the start of a run, as the judge sees it: twice, over another one, of no version in force, late. */
import type { Job } from '../../lib/domain/job.ts';
import { type Definition, MINUTE, SWITCH_DEFAULTS, type Switch } from './definition.ts';
import { isPlanned } from './plan.ts';
import { stamp } from './story.ts';
import type { Subject } from './subjects.ts';
import type { Played } from './task.ts';

/** What is known when a run starts. */
export interface Start {
  readonly run: Played;
  /** What runs. */
  readonly definition: Definition;
  readonly subject: Subject<Definition>;
  readonly site: Subject<Switch>;
  /** Other runs at work. */
  readonly running: ReadonlyMap<string, Played>;
  /** Planned times, and forced runs, that ran before. */
  readonly ran: ReadonlySet<number>;
  readonly forced: ReadonlySet<string>;
  /** The planned run that started last. */
  readonly last: Played | undefined;
  readonly job: Job | undefined;
  readonly now: number;
}

interface Wrong {
  readonly invariant: string;
  readonly message: string;
}

/** Longer than it takes from reading a cron to starting its run, however slow each call is. */
export const SLOWEST_START = 8 * MINUTE;
const GRACE = 5 * MINUTE;

/** All that is wrong with it, usually nothing. */
export function wrongWith(start: Start): Wrong[] {
  const { run, ran } = start;
  const wrong = [...overlapping(start), ...outOfForce(start)];
  if (run.isForced) return [...wrong, ...repeated(start)];
  if (ran.has(run.at))
    wrong.push({ invariant: 'nothing runs twice', message: `${stamp(run.at)} was run before` });
  if (!wasPlanned(start)) {
    wrong.push({ invariant: 'only planned times run', message: `${stamp(run.at)} was never planned` });
  }
  return [...wrong, ...late(start)];
}

function repeated({ run: { runId }, forced }: Start): Wrong[] {
  if (!forced.has(runId)) return [];
  return [{ invariant: 'nothing runs twice', message: `${runId} was run before` }];
}

function overlapping({ definition: { overlap }, running }: Start): Wrong[] {
  if (overlap === 'allow' || running.size === 0) return [];
  const others = [...running.values()].map(({ at }) => `that of ${stamp(at)}`);
  return [{ invariant: 'overlap', message: `overlap is "${overlap}", and ${others.join(', ')} still runs` }];
}

function outOfForce({ run, definition, subject, site, now }: Start): Wrong[] {
  const wrong: Wrong[] = [];
  const isSettled = subject.isSettledFor(now, SLOWEST_START) && site.isSettledFor(now, SLOWEST_START);
  const inForce = subject.inForce?.environ.mark;
  if (isSettled && inForce !== run.mark) {
    const message = `version ${run.mark} runs, version ${inForce ?? 'none'} is in force`;
    wrong.push({ invariant: 'the last good version runs', message });
  }
  const isOn = definition.activated && (!isSettled || (site.inForce ?? SWITCH_DEFAULTS).activated);
  if (!isOn)
    wrong.push({ invariant: 'what is switched off does not run', message: `version ${run.mark} runs` });
  return wrong;
}

/** Whether the time is one of a version, and of a zone, that stood then or was still being replaced. */
function wasPlanned({ run: { at }, subject, site }: Start): boolean {
  const zones = new Set([SWITCH_DEFAULTS.timezone, ...site.versions.map(({ meaning }) => meaning.timezone)]);
  return subject.versions.some(({ meaning, from, gone = Number.POSITIVE_INFINITY }) => {
    const { periodicity, timezone } = meaning;
    if (at < from || at > gone + SLOWEST_START) return false;
    const possible = timezone === undefined ? [...zones] : [timezone];
    return possible.some((zone) => isPlanned({ periodicity, timezone: zone }, at));
  });
}

function late({ run, definition: { maxLateness, missed, overlap }, last, job, now }: Start): Wrong[] {
  const wrong: Wrong[] = [];
  // What counts is when it was decided, which is when the lease began.
  const decided = job?.leases.find(({ runId }) => runId === run.runId)?.started ?? now - SLOWEST_START;
  const lateness = decided - run.at;
  const message = `it runs ${lateness / 1000} s late`;
  if (lateness > maxLateness * 1000) wrong.push({ invariant: 'maxLateness', message });
  if (last?.mark !== run.mark) return wrong;
  if (missed === 'skip' && overlap === 'skip' && lateness > GRACE)
    wrong.push({ invariant: 'missed', message });
  if (overlap !== 'allow' && run.at < last.at) {
    const earlier = `${stamp(last.at)} was run before ${stamp(run.at)}`;
    wrong.push({ invariant: 'planned times run in order', message: earlier });
  }
  return wrong;
}
