/**
 * What has to change so that a job agrees with its cron and with the time: the heart of synchronisation, as a pure
 * function. A job that agrees comes back as it is, and nothing has to be done.
 */

import { notRunLogs, type Reason } from './catch-up.ts';
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import {
  expireLeases,
  GRACE_MS,
  type Job,
  type JobChange,
  MAX_EARLY_MS,
  mustWait,
  type Occurrence,
  withLogLimit,
  withLogs,
} from './job.ts';
import type { Log } from './log.ts';
import { dueTimes, isActive, nextUnrecorded, timingOf } from './planned-times.ts';

/** Carried out in this order: arm, write the job, disarm, deliver. */
export interface SyncPlan {
  /** The job to store; the same object when nothing changes. Nothing: it shall not exist. */
  readonly job: Job | undefined;
  /** What ended by this without running to its end; already in the job's logs. */
  readonly logs: readonly Log[];
  /** The planned time that needs a timer. */
  readonly arm?: number;
  /** The planned time whose timer has to go. */
  readonly disarm?: number;
  /** What should have run by now, or waits though nothing runs. */
  readonly deliver?: Occurrence;
}

const SWITCHED_OFF: Reason = { code: 'off', text: 'It was switched off before it could start.' };
const REPLACED: Reason = { code: 'edited', text: 'It was replaced by an edit before it could start.' };

/** `cron` is nothing when it is gone or was never valid. Times are epoch milliseconds. */
export function reconcile(
  cron: Cron | undefined,
  settings: CrontabSettings,
  job: Job,
  now: number,
): SyncPlan {
  if (!cron) return planForRemoved(job, now);
  const alive = expireLeases(withLogLimit(job, cron.logsLimit), now, cron.logsLimit);
  if (!isActive(cron, settings)) return planForInactive(cron, alive, now);
  if (job.armed?.timing !== timingOf(cron, settings)) return planForNewTiming(cron, settings, alive, now);
  // Only where the clock was set back does a time come before the armed one; a delivery may be early by clocks that differ.
  const next = nextUnrecorded(cron, settings, alive.job, now + MAX_EARLY_MS);
  if (next !== undefined && next < job.armed.plannedAt) return armedFor(next, cron, settings, alive);
  return { ...alive, ...overdue(cron, alive.job, now) };
}

/** Whether a plan asks for nothing. */
export function isEmpty(plan: SyncPlan, job: Job): boolean {
  const sameJob = plan.job === job || (plan.job === undefined && job.revision === 0);
  return sameJob && plan.arm === undefined && plan.disarm === undefined && plan.deliver === undefined;
}

/**
 * A run in progress keeps its lease: a cron that is added again does not overlap with it, and what the run still writes
 * does not count as a change of the new one.
 */
function planForRemoved(job: Job, now: number): SyncPlan {
  const leases = job.leases.filter(({ expiresAt }) => expiresAt > now);
  const isBare = !job.armed && job.pending.length === 0 && job.logs.length === 0;
  if (isBare && leases.length > 0 && leases.length === job.leases.length) return { job, logs: [] };
  const { site, uid, revision } = job;
  const bare = leases.length === 0 ? undefined : { site, uid, revision, pending: [], leases, logs: [] };
  return { job: bare, logs: [], ...disarmOf(job) };
}

function planForInactive(cron: Cron, alive: JobChange, now: number): SyncPlan {
  const { armed, pending } = alive.job;
  if (!armed && pending.length === 0) return alive;
  const { job, logs } = dropDue(cron, alive, now, SWITCHED_OFF);
  return { job: { ...job, armed: undefined }, logs, ...disarmOf(alive.job) };
}

/** New, edited, or switched on: what lies before now never runs. */
function planForNewTiming(cron: Cron, settings: CrontabSettings, alive: JobChange, now: number): SyncPlan {
  const plannedAt = nextUnrecorded(cron, settings, alive.job, now);
  return armedFor(plannedAt, cron, settings, dropDue(cron, alive, now, REPLACED));
}

function armedFor(
  plannedAt: number | undefined,
  cron: Cron,
  settings: CrontabSettings,
  { job, logs }: JobChange,
): SyncPlan {
  const armed = plannedAt === undefined ? undefined : { plannedAt, timing: timingOf(cron, settings) };
  const plan = { job: { ...job, armed }, logs };
  if (plannedAt === job.armed?.plannedAt) return plan;
  return { ...plan, ...(plannedAt === undefined ? {} : { arm: plannedAt }), ...disarmOf(job) };
}

/** The job without what is due or waits; each ends as a log. */
function dropDue(cron: Cron, { job, logs }: JobChange, now: number, reason: Reason): JobChange {
  const due = dueTimes(job, now).map((plannedAt) => ({ plannedAt }));
  const dropped = notRunLogs([...job.pending, ...due], reason, now);
  return { job: withLogs({ ...job, pending: [] }, dropped, cron.logsLimit), logs: [...logs, ...dropped] };
}

function overdue(cron: Cron, job: Job, now: number): { deliver?: Occurrence } {
  if (job.armed && job.armed.plannedAt + GRACE_MS <= now)
    return { deliver: { plannedAt: job.armed.plannedAt } };
  const [waiting] = job.pending;
  return waiting && !mustWait(job, cron) ? { deliver: waiting } : {};
}

function disarmOf({ armed }: Job): { disarm?: number } {
  return armed ? { disarm: armed.plannedAt } : {};
}
