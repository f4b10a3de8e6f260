/** When a store may forget an item, in epoch milliseconds. */
import { CLOSED_JOB_MS, type Job } from '../core/domain/job.ts';
import type { Projection } from '../core/domain/projection.ts';
import type { RunRecord } from '../core/domain/run-record.ts';

const DAY_MS = 86_400_000;
const TOMBSTONE_MS = 90 * DAY_MS;
const MAX_RECORD_MS = 3_650 * DAY_MS;

/**
 * A run record expires after the retention, or later if it is one of the newest of its cron; after ten years at the latest.
 */
export function recordExpiry({ endedAt, keepUntil = 0 }: RunRecord, retentionDays: number): number {
  return Math.min(Math.max(endedAt + retentionDays * DAY_MS, keepUntil), endedAt + MAX_RECORD_MS);
}

/** A removed projection keeps its last definition for 90 days. Any other never expires. */
export function projectionExpiry({ removedAt }: Pick<Projection<unknown>, 'removedAt'>): number | undefined {
  return removedAt === undefined ? undefined : removedAt + TOMBSTONE_MS;
}

/** A closed job expires a day after its last lease. Any other never expires. */
export function jobExpiry({ closedAt, leases }: Pick<Job, 'closedAt' | 'leases'>): number | undefined {
  if (closedAt === undefined) return undefined;
  return Math.max(closedAt, ...leases.map(({ expiresAt }) => expiresAt)) + CLOSED_JOB_MS;
}
