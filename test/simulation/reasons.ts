/** Whether a record of what did not run says truly why, as the judge sees it. */
import type { Job } from '../../lib/domain/job.ts';
import type { Log } from '../../lib/domain/log.ts';
import { MINUTE, type Switch } from './definition.ts';
import { type Finding, look } from './finding.ts';
import { nextPlanned, type Timing } from './plan.ts';
import { GRACE, SLOWEST_START } from './starts.ts';
import { stamp } from './story.ts';
import type { Subject } from './subjects.ts';
import type { Watched } from './watched.ts';

/** A record of what did not run, and what was known when it was written. */
export interface NotRun {
  readonly log: Log;
  readonly before: Job | undefined;
  readonly watched: Watched;
  readonly site: Subject<Switch>;
  /** When the version in force runs. */
  readonly timing: Timing | undefined;
  readonly now: number;
}

/** At most so many missed times are made up for. */
const MOST_MADE_UP = 100;

export function lookAtReason(one: NotRun): Finding[] {
  switch (one.log.why) {
    case 'missed':
      return missed(one);
    case 'overlap':
      return [overlapping(one)];
    case 'off':
      return [switchedOff(one)];
    case 'edited':
      return [edited(one)];
    default:
      return [look('a record says truly why', true, `nothing is ${one.log.why} here`)];
  }
}

/** What may still start is not missed, unless a later time takes its place. */
function missed(one: NotRun): Finding[] {
  const { log, watched, timing } = one;
  const { at, date, id } = log;
  const message = () => `${stamp(at)} is called missed at ${stamp(date)}`;
  if (id.includes('-')) return [look('what is called missed was missed', date - at <= GRACE, message)];
  const definition = watched.subject.inForce;
  if (!definition || !timing || !isSettled(one)) return [];
  const mayStart = Math.min(
    definition.maxLateness * 1000,
    definition.missed === 'skip' ? GRACE : Number.POSITIVE_INFINITY,
  );
  const later = plannedIn(timing, at, date + MINUTE, definition.missed === 'all' ? MOST_MADE_UP : 1);
  return [look('what is called missed was missed', date - at <= mayStart && !later, message)];
}

/** Whether so many times are planned after one and up to the other. */
function plannedIn(timing: Timing, after: number, until: number, wanted: number): boolean {
  let time: number | undefined = after;
  for (let count = 0; count < wanted; count++) {
    time = nextPlanned(timing, time);
    if (time === undefined || time > until) return false;
  }
  return true;
}

function overlapping({ log, before, watched: { subject }, now }: NotRun): Finding {
  const invariant = 'what is said to overlap does';
  if (!before?.leases.some(({ expires }) => expires > log.date))
    return look(invariant, true, `${stamp(log.at)} did not run, and nothing else did`);
  const forbids = recent(subject, now).some(({ overlap }) => overlap !== 'allow');
  return look(invariant, !forbids, `${stamp(log.at)} did not run, though runs may overlap`);
}

function switchedOff({ log, watched: { subject }, site, now }: NotRun): Finding {
  const wasOff = [...recent(subject, now), ...recent(site, now)].some(({ activated }) => !activated);
  return look('what is said to be off was', !wasOff, `${stamp(log.at)} did not run, and all was on`);
}

function edited(one: NotRun): Finding {
  const message = `${stamp(one.log.at)} did not run, and nothing was edited`;
  return look('what is said to be edited was', isSettled(one), message);
}

function isSettled({ watched: { subject }, site, now }: NotRun): boolean {
  return subject.isSettledFor(now, SLOWEST_START) && site.isSettledFor(now, SLOWEST_START);
}

/** What stands, or stood so lately that somebody slow may still go by it. */
function recent<Meaning>({ versions }: Subject<Meaning>, now: number): Meaning[] {
  return versions.filter(({ gone = now }) => gone > now - SLOWEST_START).map(({ meaning }) => meaning);
}
