/** Run records of the cron `default/a`, for tests of what is shown. */
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import { MINUTE, NOON } from './jobs.ts';

/** The record of a run that was planned so many minutes before noon and took 1.5 seconds, overridden by `fields`. */
export function recordOf(minutes: number, fields: Partial<RunRecord> = {}): RunRecord {
  const plannedAt = NOON - minutes * MINUTE;
  return {
    site: 'default',
    uid: 'a',
    runner: 'task',
    plannedAt,
    deliveredAt: plannedAt,
    claimedAt: plannedAt,
    startedAt: plannedAt,
    endedAt: plannedAt + 1500,
    status: 'OK',
    messages: [],
    runId: `r${minutes}`,
    attempts: 1,
    definitionVersion: 1,
    ...fields,
  };
}

/** The record of an occurrence that was planned so many minutes before noon and did not run. */
export function notRunRecordOf(minutes: number, fields: Partial<RunRecord> = {}): RunRecord {
  const plannedAt = NOON - minutes * MINUTE;
  const owner = { site: 'default', uid: 'a', runner: 'task' };
  return { ...owner, plannedAt, endedAt: plannedAt + 1500, status: 'NOTRUN', messages: [], ...fields };
}
