/** How long a cron's runs usually take, from the runs that it has behind it. */
import type { Log } from '../domain/log.ts';

/** The median of the runs that are on record, in milliseconds; undefined when there are none. A run whose process died has no end. */
export function usualDuration(logs: readonly Log[]): number | undefined {
  const durations = logs
    .flatMap(({ startedAt, date, reason }) =>
      startedAt === undefined || reason === 'died' ? [] : Math.max(0, date - startedAt),
    )
    .sort((a, b) => a - b);
  const middle = durations.length / 2;
  const [low, high] = [durations[Math.ceil(middle) - 1], durations[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}
