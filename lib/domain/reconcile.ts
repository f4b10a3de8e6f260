/**
 * What has to change so that a job agrees with its cron and with the time: the heart of synchronisation, as a pure
 * function. A job that agrees comes back as it is, and nothing has to be done.
 */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import {
  expire,
  GRACE,
  isHeld,
  type Job,
  type Logged,
  MOST_EARLY,
  type Occurrence,
  trimmed,
  withLogs,
} from './job.ts';
import type { Log } from './log.ts';
import { notRunOccurrences, type Reason } from './missed.ts';
import { dueTimes, isActive, nextOpen, timingOf } from './planned.ts';

/** Carried out in this order: arm, write the job, disarm, deliver. */
export interface Plan {
  /** The job as it shall stand; the same object when nothing changes. Nothing: it shall not exist. */
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

const SWITCHED_OFF: Reason = { why: 'off', text: 'It was switched off before it could start.' };
const REPLACED: Reason = { why: 'edited', text: 'It was replaced by an edit before it could start.' };

/** `cron` is nothing when it is gone or was never valid. Times are epoch milliseconds. */
export function reconcile(cron: Cron | undefined, settings: CrontabSettings, job: Job, now: number): Plan {
  if (!cron) return gone(job, now);
  const alive = expire(trimmed(job, cron.logsLimit), now, cron.logsLimit);
  if (!isActive(cron, settings)) return switchedOff(cron, alive, now);
  if (job.armed?.timing !== timingOf(cron, settings)) return retimed(cron, settings, alive, now);
  // Only where the clock was set back does a time come before the armed one; a delivery may be early by clocks that differ.
  const next = nextOpen(cron, settings, alive.job, now + MOST_EARLY);
  if (next !== undefined && next < job.armed.at) return armedFor(next, cron, settings, alive);
  return { ...alive, ...overdue(cron, alive.job, now) };
}

/** Whether a plan asks for nothing. */
export function isEmpty(plan: Plan, job: Job): boolean {
  const sameJob = plan.job === job || (plan.job === undefined && job.revision === 0);
  return sameJob && plan.arm === undefined && plan.disarm === undefined && plan.deliver === undefined;
}

/**
 * A run in progress keeps its lease: a cron that is added anew does not overlap with it, and what the run still writes
 * is not taken for a change of the new one.
 */
function gone(job: Job, now: number): Plan {
  const leases = job.leases.filter(({ expires }) => expires > now);
  const isBare = !job.armed && job.pending.length === 0 && job.logs.length === 0;
  if (isBare && leases.length > 0 && leases.length === job.leases.length) return { job, logs: [] };
  const { site, uid, revision } = job;
  const bare = leases.length === 0 ? undefined : { site, uid, revision, pending: [], leases, logs: [] };
  return { job: bare, logs: [], ...disarmOf(job) };
}

function switchedOff(cron: Cron, alive: Logged, now: number): Plan {
  const { armed, pending } = alive.job;
  if (!armed && pending.length === 0) return alive;
  const { job, logs } = dropDue(cron, alive, now, SWITCHED_OFF);
  return { job: { ...job, armed: undefined }, logs, ...disarmOf(alive.job) };
}

/** New, edited, or switched on: what lies before now never runs. */
function retimed(cron: Cron, settings: CrontabSettings, alive: Logged, now: number): Plan {
  const at = nextOpen(cron, settings, alive.job, now);
  return armedFor(at, cron, settings, dropDue(cron, alive, now, REPLACED));
}

function armedFor(
  at: number | undefined,
  cron: Cron,
  settings: CrontabSettings,
  { job, logs }: Logged,
): Plan {
  const armed = at === undefined ? undefined : { at, timing: timingOf(cron, settings) };
  const plan = { job: { ...job, armed }, logs };
  if (at === job.armed?.at) return plan;
  return { ...plan, ...(at === undefined ? {} : { arm: at }), ...disarmOf(job) };
}

/** The job without what is due or waits; each ends as a log. */
function dropDue(cron: Cron, { job, logs }: Logged, now: number, reason: Reason): Logged {
  const due = dueTimes(job, now).map((at) => ({ at }));
  const dropped = notRunOccurrences([...job.pending, ...due], reason, now);
  return { job: withLogs({ ...job, pending: [] }, dropped, cron.logsLimit), logs: [...logs, ...dropped] };
}

function overdue(cron: Cron, job: Job, now: number): { deliver?: Occurrence } {
  if (job.armed && job.armed.at + GRACE <= now) return { deliver: { at: job.armed.at } };
  const [waiting] = job.pending;
  return waiting && !isHeld(job, cron) ? { deliver: waiting } : {};
}

function disarmOf({ armed }: Job): { disarm?: number } {
  return armed ? { disarm: armed.at } : {};
}
