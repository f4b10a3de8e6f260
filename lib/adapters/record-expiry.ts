import type { RunRecord } from '../core/domain/run-record.ts';

const DAY_MS = 86_400_000;
const MAX_YEARS_MS = 3_650 * DAY_MS;

/**
 * When a run record expires, in epoch milliseconds: after the retention, or later if it is one of the newest of its cron;
 * after ten years at the latest.
 */
export function recordExpiry({ endedAt, keepUntil = 0 }: RunRecord, retentionDays: number): number {
  return Math.min(Math.max(endedAt + retentionDays * DAY_MS, keepUntil), endedAt + MAX_YEARS_MS);
}
