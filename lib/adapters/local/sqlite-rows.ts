/** The rows of SqliteStore, and what their JSON says. */
import { valueOfJson } from '../../core/domain/json-object.ts';
import type { RunRecord } from '../../core/domain/run-record.ts';
import { type StoredState, storedRecord, storedState } from '../stored-state.ts';

export interface Row {
  readonly uid: string;
  readonly body: string;
}

export interface RecordRow extends Row {
  readonly site: string;
  readonly id: string;
  readonly ended: string;
}

export function recordOf({ body, ...key }: RecordRow): RunRecord {
  return storedRecord(key, valueOfJson(body));
}

/** The row's content; `unreadable` if it is no JSON or lacks fields. */
export function projectionOf(kind: 'crontab' | 'cron', row: Row | undefined): StoredState {
  return row ? storedState(kind, valueOfJson(row.body)) : {};
}

export function jobOf(site: string, row: Row | undefined): StoredState {
  if (!row) return {};
  const { job, ...unreadable } = storedState('job', valueOfJson(row.body));
  return job ? { job: { ...job, site, uid: row.uid } } : unreadable;
}
