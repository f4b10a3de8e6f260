/** The status of a cron's job: present, pending, running or finished, and its next time. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { GRACE_MS, type Job, type Lease, type Occurrence } from '../../core/domain/job.ts';
import type { Log } from '../../core/domain/log.ts';
import { isActive, timingOf } from '../../core/domain/planned-times.ts';

/** All times are epoch milliseconds. */
export interface JobStatus {
  /** An occurrence is planned, waiting or running. */
  readonly present: boolean;
  /** An occurrence is planned or waiting. */
  readonly pending: boolean;
  readonly running: boolean;
  /** A run has ended, and none is running. */
  readonly finished: boolean;
  /** A planned time is overdue by more than the grace period, or a run's process died and the log does not show it yet. */
  readonly late: boolean;
  /** The next planned time; in the past when it is late. Right after an edit, that of the new definition. */
  readonly next?: number;
  /** Waiting occurrences, oldest first. */
  readonly waiting: readonly Occurrence[];
  /** The running occurrences. */
  readonly runs: readonly Lease[];
  /** The latest record. */
  readonly last?: Log;
}

/** `cron` is undefined when no version of it was ever valid. */
export function jobStatus(
  cron: Cron | undefined,
  settings: CrontabSettings,
  job: Job | undefined,
  now: number,
): JobStatus {
  const { leases = [], pending: waiting = [], logs: [last] = [] } = job ?? {};
  const runs = leases.filter(({ expiresAt }) => expiresAt > now);
  const next = cron && nextTime(cron, settings, job, now);
  const pending = next !== undefined || waiting.length > 0;
  const running = runs.length > 0;
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
  };
}

function nextTime(cron: Cron, settings: CrontabSettings, job: Job | undefined, now: number) {
  if (!isActive(cron, settings)) return undefined;
  // Pages show an edit at once, its timer follows a moment later.
  const isArmed = job?.armed?.timing === timingOf(cron, settings);
  return isArmed ? job?.armed?.plannedAt : cron.next(now, settings.timezone);
}
