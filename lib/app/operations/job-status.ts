/** The status of a cron's job: present, pending, running or finished, and its next time. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { type Job, type Lease, newJob, type RequestedRun } from '../../core/domain/job.ts';
import { type Log, lastLog } from '../../core/domain/log.ts';
import { GRACE_MS, type Occurrence } from '../../core/domain/occurrence.ts';
import type { Status } from '../../core/domain/run-record.ts';
import { statusesOf } from '../../core/domain/run-summary.ts';
import { isActive, nextUndecided, timingOf } from '../../core/domain/timing.ts';

/** All times are epoch milliseconds. */
export interface JobStatus {
  /** An occurrence is planned, waiting or running. */
  readonly present: boolean;
  /** An occurrence is planned or waiting. */
  readonly pending: boolean;
  readonly running: boolean;
  /** A run has ended, and none is running. */
  readonly finished: boolean;
  /** A planned time is overdue by more than the grace period, or a run's process died and no record shows it yet. */
  readonly late: boolean;
  /** The next planned time; in the past when it is late. Right after an edit, that of the new definition. */
  readonly next?: number;
  /** Waiting occurrences, oldest first; of consecutive planned times the first and the last. */
  readonly waiting: readonly (Occurrence & Pick<RequestedRun, 'requestedBy'>)[];
  /** The running occurrences. */
  readonly runs: readonly Lease[];
  /** The latest log, with the beginning of its first message. */
  readonly last?: Log;
  /** The statuses of the last 20 logs, newest first. */
  readonly statuses: readonly Status[];
}

/** `cron` is undefined when no version of it was ever valid. */
export function jobStatus(
  cron: Cron | undefined,
  settings: CrontabSettings,
  job: Job | undefined,
  now: number,
): JobStatus {
  const { leases, summary, waitingForced, waiting: range } = job ?? newJob('', '');
  const runs = leases.filter(({ expiresAt }) => expiresAt > now);
  const next = cron && nextTime(cron, settings, job, now);
  const times = range ? [...new Set([range.from, range.to])] : [];
  const waiting = [...times.map((plannedAt) => ({ plannedAt })), ...waitingForced];
  const pending = next !== undefined || waiting.length > 0;
  const running = runs.length > 0;
  const last = lastLog(summary);
  return {
    present: pending || running,
    pending,
    running,
    finished: last !== undefined && !running,
    late: runs.length < leases.length || (next !== undefined && next + GRACE_MS < now),
    ...(next === undefined ? {} : { next }),
    waiting,
    runs,
    ...(last && { last }),
    statuses: statusesOf(summary),
  };
}

function nextTime(cron: Cron, settings: CrontabSettings, job: Job | undefined, now: number) {
  if (!isActive(cron, settings)) return undefined;
  // Pages show an edit, or that it was switched on, at once; its timer follows a moment later.
  const isInForce = job?.closedAt === undefined && job?.timing === timingOf(cron, settings);
  return (isInForce ? job?.armedAt : undefined) ?? nextUndecided(cron, settings, job ?? {}, now);
}
