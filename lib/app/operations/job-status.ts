/** What goes on with a cron: whether a job is present, pending, running or finished, and its next time. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Job, Lease } from '../../core/domain/job.ts';
import type { Log } from '../../core/domain/log.ts';
import { GRACE_MS, type Occurrence } from '../../core/domain/occurrence.ts';
import { isActive, timingOf } from '../../core/domain/timing.ts';

/** All times are epoch milliseconds. */
export interface JobStatus {
  /** Something is planned, waits or runs. */
  readonly present: boolean;
  /** Something is planned or waits. */
  readonly pending: boolean;
  readonly running: boolean;
  /** Something has ended, and nothing runs. */
  readonly finished: boolean;
  /** A planned time has passed by more than the grace, or the process of a run died and that is not logged yet. */
  readonly late: boolean;
  /** The next planned time; in the past when it is late. Right after an edit that of the new definition. */
  readonly next?: number;
  /** What waits for its turn, oldest first. */
  readonly waiting: readonly Occurrence[];
  /** The runs that go on. */
  readonly runs: readonly Lease[];
  /** The latest record. */
  readonly last?: Log;
}

/** `cron` is nothing when no version of it was ever good. */
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
  // An edit is on the page at once, its timer a moment later.
  const isArmed = job?.armed?.timing === timingOf(cron, settings);
  return isArmed ? job?.armed?.plannedAt : cron.next(now, settings.timezone);
}
