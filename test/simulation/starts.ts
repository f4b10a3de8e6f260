/** The start of a run, as the judge sees it: not twice, not over another one, of the version in force, not late. */
import type { Lease } from '../../lib/domain/job.ts';
import { CLOCKS_DIFFER, type Definition, MINUTE, SWITCH_DEFAULTS, type Switch } from './definition.ts';
import { type Finding, look } from './finding.ts';
import { isPlanned } from './plan.ts';
import { stamp } from './story.ts';
import type { Subject } from './subjects.ts';
import type { Played } from './task.ts';
import type { Watched } from './watched.ts';

/** What is known when a run starts. */
export interface Start {
  readonly run: Played;
  /** What runs. */
  readonly definition: Definition;
  /** What another run runs, by its mark. */
  readonly definitionOf: (mark: number) => Definition | undefined;
  readonly watched: Watched;
  readonly site: Subject<Switch>;
  readonly now: number;
}

/** Longer than it takes from reading a cron to starting its run, however slow each call is. */
export const SLOWEST_START = 8 * MINUTE;
export const GRACE = 5 * MINUTE;

export function lookAtStart(start: Start): Finding[] {
  const { run, watched } = start;
  const looks = [overlapping(start), ...inForce(start), lateIsTold(start)];
  if (run.isForced) return [...looks, repeated(start)];
  return [
    ...looks,
    look('nothing runs twice', watched.ran.has(run.at), () => `${stamp(run.at)} was run before`),
    look('only planned times run', !wasPlanned(start), () => `${stamp(run.at)} was never planned`),
    ...onTime(start),
  ];
}

function repeated({ run: { runId }, watched }: Start): Finding {
  return look('nothing runs twice', watched.forced.has(runId), () => `${runId} was run before`);
}

/** Of two runs, it is the later claim that must not be: its version says whether it may. */
function overlapping({ run, definition, definitionOf, watched: { running, claims } }: Start): Finding {
  const order = running.size === 0 ? [] : [...claims.keys()];
  const forbids = (one: Definition | undefined) => one !== undefined && one.overlap !== 'allow';
  const wrong = [...running.values()].filter(({ runId, mark }) => {
    const isEarlier = order.indexOf(runId) <= order.indexOf(run.runId);
    return forbids(isEarlier ? definition : definitionOf(mark));
  });
  const others = () => wrong.map(({ at }) => `that of ${stamp(at)}`).join(', ');
  return look('overlap', wrong.length > 0, () => `overlap is not "allow", and ${others()} still runs`);
}

function inForce({ run, definition, watched: { subject }, site, now }: Start): Finding[] {
  const isSettled = subject.isSettledFor(now, SLOWEST_START) && site.isSettledFor(now, SLOWEST_START);
  const mark = subject.inForce?.environ.mark;
  const isOn = definition.activated && (!isSettled || (site.inForce ?? SWITCH_DEFAULTS).activated);
  const runs = `version ${run.mark} runs`;
  const looks = [look('what is switched off does not run', !isOn, runs)];
  if (!isSettled) return looks;
  const isOther = mark !== run.mark;
  return [
    ...looks,
    look('the last good version runs', isOther, `${runs}, version ${mark ?? 'none'} is in force`),
  ];
}

/** Whether the time is one of a version, and of a zone, that stood then or was still being replaced. */
function wasPlanned({ run: { at }, watched: { subject }, site }: Start): boolean {
  const zones = new Set([SWITCH_DEFAULTS.timezone, ...site.versions.map(({ meaning }) => meaning.timezone)]);
  return subject.versions.some(({ meaning, from, gone = Number.POSITIVE_INFINITY }) => {
    const { periodicity, timezone } = meaning;
    if (at < from - CLOCKS_DIFFER || at > gone + SLOWEST_START) return false;
    const possible = timezone === undefined ? [...zones] : [timezone];
    return possible.some((zone) => isPlanned({ periodicity, timezone: zone }, at));
  });
}

/** How long after its time it was decided, in milliseconds: that is when the lease began. */
function latenessOf(run: Played, claims: ReadonlyMap<string, Lease>): number | undefined {
  const lease = claims.get(run.runId);
  return lease && lease.started - run.at;
}

function onTime({ run, definition, watched: { claims, last }, now }: Start): Finding[] {
  const { maxLateness, missed, overlap } = definition;
  const lateness = latenessOf(run, claims) ?? now - SLOWEST_START - run.at;
  const message = `it runs ${lateness / 1000} s late`;
  const looks = [look('maxLateness', lateness > maxLateness * 1000, message)];
  if (last?.mark !== run.mark) return looks;
  if (missed === 'skip' && overlap === 'skip') looks.push(look('missed', lateness > GRACE, message));
  if (overlap !== 'allow') {
    const earlier = () => `${stamp(last.at)} was run before ${stamp(run.at)}`;
    looks.push(look('planned times run in order', run.at < last.at, earlier));
  }
  return looks;
}

/** A planned run is told that it is late exactly when it is. */
function lateIsTold({ run, watched: { claims } }: Start): Finding {
  const lateness = run.isForced ? 0 : (latenessOf(run, claims) ?? 0);
  const isClear = Math.abs(lateness - GRACE) > CLOCKS_DIFFER;
  const isWrong = isClear && run.late !== lateness > GRACE;
  return look('a run knows whether it is late', isWrong, `late: ${run.late}, ${lateness / 1000} s late`);
}
