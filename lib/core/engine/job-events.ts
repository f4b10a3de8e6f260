/** The two events of a run, made from its record. */
import type { Lease } from '../domain/job.ts';
import { dumpLog, iso, type Log } from '../domain/log.ts';
import type { Event } from '../ports/events.ts';

/** Whose run it is; `name` is the runner's. */
interface Named {
  readonly site: string;
  readonly uid: string;
  readonly name: string;
}

/** A run is about to start, or an occurrence was looked at and does not run. */
export function startedEvent(
  { site, uid, name }: Named,
  { plannedAt, forced, runId }: Pick<Lease, 'plannedAt' | 'forced' | 'runId'>,
): Event {
  return {
    type: 'StartedCronJob',
    detail: { site, uid, name, plannedAt: iso(plannedAt), forced: forced !== undefined, runId },
  };
}

/** An occurrence has ended, with its log. */
export function finishedEvent({ site, uid, name }: Named, log: Log): Event {
  return {
    type: 'FinishedCronJob',
    detail: { site, uid, name, plannedAt: iso(log.plannedAt), log: dumpLog(log) },
  };
}
