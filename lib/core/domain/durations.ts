/** How long a cron's runs take, from the runs that it has behind it. A run whose process died has no end. */
import type { Log } from './log.ts';

type Ended = Pick<Log, 'startedAt' | 'reason'> & { readonly date?: number | undefined };

/** In milliseconds; undefined for an occurrence that did not run, or has no known end. */
export function durationOf({ startedAt, date, reason }: Ended): number | undefined {
  if (startedAt === undefined || date === undefined || reason === 'died') return undefined;
  return Math.max(0, date - startedAt);
}

/** The median of the runs that are on record, in milliseconds; undefined when there are none. */
export function usualDuration(runs: readonly Ended[]): number | undefined {
  const durations = durationsOf(runs);
  const middle = durations.length / 2;
  const [low, high] = [durations[Math.ceil(middle) - 1], durations[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}

/** At least 95 % of the runs took at most so many milliseconds (nearest rank); undefined when there are none. */
export function longDuration(runs: readonly Ended[]): number | undefined {
  const durations = durationsOf(runs);
  return durations[Math.ceil(durations.length * 0.95) - 1];
}

function durationsOf(runs: readonly Ended[]): number[] {
  return runs
    .map(durationOf)
    .filter((duration) => duration !== undefined)
    .sort((a, b) => a - b);
}
