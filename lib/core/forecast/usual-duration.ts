/** How long a cron's runs usually take, from the runs that it has behind it. */
import type { RunRecord } from '../domain/run-record.ts';

/** The median of the runs that are on record, in milliseconds; nothing when none is. A run whose process died has none. */
export function usualDuration(records: readonly RunRecord[]): number | undefined {
  const durations = records
    .flatMap(({ startedAt, endedAt }) => (startedAt === undefined ? [] : Math.max(0, endedAt - startedAt)))
    .sort((a, b) => a - b);
  const middle = durations.length / 2;
  const [low, high] = [durations[Math.ceil(middle) - 1], durations[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}
