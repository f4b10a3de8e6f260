/**
 * What has to change so that a job agrees with its cron and with the time: the heart of synchronisation, as a pure
 * function. A job that agrees comes back as it is, and nothing has to be done.
 */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import { firstWaiting, type Job, mustWait, withBusySince } from './job.ts';
import { expireLeases, type JobChange, withRecords } from './lease.ts';
import { notRunRecord, notRunRecords, type Reason } from './not-run.ts';
import { MAX_EARLY_MS, type Occurrence } from './occurrence.ts';
import type { InForce } from './projection.ts';
import { offReason, REMOVED, REPLACED } from './reasons.ts';
import { dueTimes, followingTime, isActive, nextUndecided, timingOf, waitingTimes } from './timing.ts';

/** Carried out in this order: arm, commit the job with the records, disarm, deliver. */
export interface SyncPlan extends JobChange {
  /** The planned time that needs a timer. */
  readonly arm?: number;
  /** The planned time whose timer has to go. */
  readonly disarm?: number;
  /** What is overdue, or waits although nothing runs. */
  readonly deliver?: Occurrence;
}

/** How late an occurrence is delivered again, in milliseconds: the precision of a timer and the retries of its delivery. */
const OVERDUE_MS = 2 * 60_000;

/** The longest pause between two deliveries of one occurrence, in milliseconds. */
const MAX_REDELIVERY_PAUSE_MS = 3_600_000;

/** `now` is in epoch milliseconds: the last edit may be long ago if nothing ran meanwhile. */
export function reconcile({ cron, settings, editedAt, off }: InForce, job: Job, now: number): SyncPlan {
  const current = expireLeases(job, cron?.name ?? '', now);
  if (!cron) return closed(settings, current, now);
  if (!isActive(cron, settings)) return inactive(cron, settings, current, now, offReason(settings, off));
  if (job.closedAt !== undefined || job.timing !== timingOf(cron, settings))
    return rescheduled(cron, settings, current, now, Math.min(editedAt, now));
  // Only after the clock was set back does a time come before the armed one. A delivery may arrive that much too early.
  const after = job.armedAt === undefined ? now : now + MAX_EARLY_MS;
  const next = nextUndecided(cron, settings, job, after);
  const isArmedTooLate = next !== undefined && (job.armedAt === undefined || next < job.armedAt);
  if (isArmedTooLate) return armedFor(next, cron, settings, current);
  return overdue(cron, current, now);
}

/** Whether nothing has to be done. */
export function isEmpty(plan: SyncPlan, job: Job): boolean {
  return (
    plan.job === job && plan.arm === undefined && plan.disarm === undefined && plan.deliver === undefined
  );
}

/** The cron is gone: its job keeps what at-most-once rests on, and the leases of runs in progress. */
function closed(settings: CrontabSettings, current: JobChange, now: number): SyncPlan {
  const { job } = current;
  if (job.token === undefined || job.closedAt !== undefined) return current;
  const dropped = dropDue(undefined, settings, current, now, REMOVED);
  return {
    ...dropped,
    job: { ...dropped.job, timing: undefined, closedAt: now },
    ...disarmOf(job, undefined),
  };
}

function inactive(
  cron: Cron,
  settings: CrontabSettings,
  current: JobChange,
  now: number,
  reason: Reason,
): SyncPlan {
  const { job } = current;
  const kept = job.waitingForced.filter(({ evenOff }) => evenOff);
  const isSettled = job.waiting === undefined && kept.length === job.waitingForced.length;
  if (job.armedAt === undefined && isSettled && job.closedAt === undefined)
    return overdue(cron, current, now);
  const dropped = dropDue(cron, settings, current, now, reason, { kept });
  return { ...dropped, ...disarmOf(job, undefined) };
}

/** New, edited, or switched on: planned times before now never run. */
function rescheduled(
  cron: Cron,
  settings: CrontabSettings,
  current: JobChange,
  now: number,
  editedAt: number,
): SyncPlan {
  // Times after the edit were not planned by what was in force then: there is nothing to record about them.
  const dropped = dropDue(cron, settings, current, now, REPLACED, { until: editedAt });
  const next = nextUndecided(cron, settings, dropped.job, now);
  const { arm, ...plan } = armedFor(next, cron, settings, dropped);
  const hasTimer = arm === undefined || arm === current.job.armedAt;
  return { ...plan, ...(hasTimer ? {} : { arm }), ...disarmOf(current.job, next) };
}

function armedFor(
  plannedAt: number | undefined,
  cron: Cron,
  settings: CrontabSettings,
  { job, records }: JobChange,
): SyncPlan {
  const armed = { ...job, armedAt: plannedAt, timing: timingOf(cron, settings) };
  if (plannedAt === undefined || plannedAt === job.armedAt) return { job: armed, records };
  return { job: armed, records, arm: plannedAt, ...disarmOf(job, plannedAt) };
}

/** The job open, without anything armed, due or waiting but the requests to keep; what else is due or waits ends with a record. */
function dropDue(
  cron: Cron | undefined,
  settings: CrontabSettings,
  { job, records }: JobChange,
  now: number,
  reason: Reason,
  { until = now, kept = [] }: { readonly until?: number; readonly kept?: Job['waitingForced'] } = {},
): JobChange {
  const owner = { site: job.site, uid: job.uid, runner: cron?.name ?? '' };
  const next = followingTime(job, cron, settings);
  const due = dueTimes(job, until, next);
  const waiting = { times: waitingTimes(job, next) };
  const dropped = [
    ...notRunRecords(owner, waiting, reason, now),
    ...notRunRecords(owner, due, reason, now),
    ...job.waitingForced
      .filter((run) => !kept.includes(run))
      .map((run) => notRunRecord(owner, run, reason, now)),
  ];
  const decidedUntil = due.times.at(-1) ?? job.decidedUntil;
  const open = { ...job, armedAt: undefined, waiting: undefined, waitingForced: kept, redelivery: undefined };
  const change = withRecords(withBusySince({ ...open, closedAt: undefined, decidedUntil }, now), dropped);
  return { job: change.job, records: [...records, ...dropped] };
}

/** A delivery was lost, or is throttled: it is repeated with growing pauses. */
function overdue(cron: Cron, { job, records }: JobChange, now: number): SyncPlan {
  const deliver = overdueOccurrence(cron, job, now);
  if (!deliver) return { job, records };
  const { at = Number.NEGATIVE_INFINITY, count = 0 } = job.redelivery ?? {};
  // A later time is from before the clock was set back.
  const hasPaused = at > now || now >= at + Math.min(OVERDUE_MS * 2 ** count, MAX_REDELIVERY_PAUSE_MS);
  if (!hasPaused) return { job, records };
  return { job: { ...job, redelivery: { at: now, count: count + 1 } }, records, deliver };
}

function overdueOccurrence(cron: Cron, job: Job, now: number): Occurrence | undefined {
  if (job.armedAt !== undefined && job.armedAt + OVERDUE_MS <= now) return { plannedAt: job.armedAt };
  return mustWait(job, cron) ? undefined : firstWaiting(job);
}

/** The timer that the job has so far, unless it has the same one from now on. */
function disarmOf({ armedAt }: Job, next: number | undefined): { disarm?: number } {
  return armedAt === undefined || armedAt === next ? {} : { disarm: armedAt };
}
