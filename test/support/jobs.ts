/** Crons, jobs and times for tests of the run. */
import { CRON_DEFAULTS, Cron, type CronFields } from '../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../lib/core/domain/crontab-settings.ts';
import { type Job, type Lease, newJob } from '../../lib/core/domain/job.ts';
import { timingOf } from '../../lib/core/domain/timing.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** A Monday, far from any clock change. */
export const NOON = Date.parse('2026-03-02T12:00:00Z');

/** An hourly heartbeat with the uid `a`, overridden by `fields`. */
export function cronOf(fields: Partial<CronFields> = {}): Cron {
  return new Cron({ ...CRON_DEFAULTS, uid: 'a', name: 'heartbeat', periodicity: '0 * * * *', ...fields });
}

/** The stored job of `default/a` with an armed time and the timing of the cron. */
export function armedAt(plannedAt: number, cron: Cron, rest: Partial<Job> = {}): Job {
  const timing = timingOf(cron, CRONTAB_DEFAULTS);
  return { ...newJob('default', 'a'), token: 'token-1', armedAt: plannedAt, timing, ...rest };
}

/** The lease of a run that was claimed at its planned time. */
export function leaseOf(plannedAt: number, expiresAt = plannedAt + 15 * MINUTE): Lease {
  const times = { deliveredAt: plannedAt, claimedAt: plannedAt, expiresAt };
  return { plannedAt, runId: 'run-0', holder: 'holder-0', definitionVersion: 1, ...times };
}

/** A cron whose schedule has no further time. */
export class NeverAgain extends Cron {
  override next(): undefined {}
}
