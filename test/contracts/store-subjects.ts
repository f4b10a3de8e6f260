/** Projections, jobs and run records for the contract of Store. */
// cspell:ignore OWFN
import { CRON_DEFAULTS, type CronFields } from '../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import { type Job, newJob } from '../../lib/core/domain/job.ts';
import type { Projection } from '../../lib/core/domain/projection.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Store } from '../../lib/core/ports/store.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

/** What the tests of the contract share: a new store for each test, and its clock. */
export interface StoreSubject {
  readonly store: Store;
  readonly clock: VirtualClock;
}

export const NOW = Date.UTC(2026, 0, 5, 12);
export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
export const KEY = { site: 'site', uid: 'a' };

export function saved(uid: string, modified = NOW, more: Partial<CronFields> = {}): Projection<CronFields> {
  const value = { ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '*/5 * * * *', ...more };
  return { modified, version: 1, value };
}

export function switched(modified = NOW, more: Partial<CrontabSettings> = {}): Projection<CrontabSettings> {
  return { modified, version: 1, value: { ...CRONTAB_DEFAULTS, ...more } };
}

/** A removal that was found when the parameter was last modified, with the last definition. */
export function gone(modified = NOW): Projection<CronFields> {
  return { ...saved('a', modified), removedAt: modified };
}

/** The job of `site/<uid>` with a token and an armed time. */
export function jobOf(uid: string, token: string, more: Partial<Job> = {}): Job {
  return { ...newJob('site', uid), token, armedAt: NOW, timing: '*/5 * * * *|UTC', ...more };
}

/** A job that uses every field. */
export function fullJob(uid: string, token: string): Job {
  const lease = {
    deliveredAt: NOW - 3 * MINUTE,
    claimedAt: NOW - 3 * MINUTE + 250,
    expiresAt: NOW + 9 * MINUTE,
    definitionVersion: 7,
  };
  return jobOf(uid, token, {
    waiting: { from: NOW - 2 * MINUTE, to: NOW - MINUTE },
    waitingForced: [
      { plannedAt: NOW - MINUTE, forced: 'run-2', requestedBy: 'arn:aws:iam::123456789012:role/a' },
    ],
    leases: [
      { ...lease, plannedAt: NOW - 3 * MINUTE, runId: 'run-3', holder: 'holder-3', codeVersion: 'code-1' },
      {
        ...lease,
        plannedAt: NOW - 4 * MINUTE,
        forced: 'run-4',
        runId: 'run-4',
        holder: 'holder-4',
        requestedBy: 'π “three” 🕐',
        stop: 'ops',
      },
    ],
    busySince: NOW - 3 * MINUTE,
    decidedUntil: NOW - MINUTE,
    recentForced: [{ plannedAt: NOW - 4 * MINUTE, forced: 'run-4' }],
    redelivery: { at: NOW - MINUTE, count: 2 },
    summary: {
      statuses: 'OWFN',
      runs: 3,
      failures: 1,
      failuresInRow: 0,
      last: { plannedAt: NOW - 5 * MINUTE, endedAt: NOW, status: 'OK', message: 'ü', forced: true },
    },
  });
}

/** The record of a run of `site/a` that ended a second after its planned time. */
export function recordOf(plannedAt: number, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...KEY,
    runner: 'heartbeat',
    plannedAt,
    status: 'OK',
    messages: [],
    endedAt: plannedAt + 1_000,
    ...more,
  };
}

/** A record that uses every field that is read back. */
export function fullRecord(plannedAt: number): RunRecord {
  return recordOf(plannedAt, {
    forced: 'run-9',
    status: 'FAILURE',
    reason: 'timeout',
    messages: ['one', '', 'π “three” 🕐'],
    deliveredAt: plannedAt,
    claimedAt: plannedAt + 10,
    startedAt: plannedAt + 20,
    runId: 'run-9',
    attempts: 1,
    requestedBy: 'arn:aws:iam::123456789012:role/a',
    definitionVersion: 7,
    codeVersion: 'code-1',
    covers: { from: plannedAt - DAY, count: 12, isMore: true },
    wentOn: true,
  });
}

/** Commits records together with a new token of the job of their cron. */
export async function commitRecords(store: Store, records: readonly RunRecord[]): Promise<void> {
  for (const [index, record] of records.entries()) {
    const { site, uid } = record;
    const job = (await store.readJob(site, uid)) ?? newJob(site, uid);
    const token = `${job.token ?? 'token'}-${index}`.slice(-40);
    if (!(await store.commit({ ...job, token }, job.token, [record]))) throw new Error('not committed');
  }
}
