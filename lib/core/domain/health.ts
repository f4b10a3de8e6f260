/** The health of a cron: its state in one word, and the trend of its last runs behind it. Its words for users: trend-text.ts. */
import { type RunSummary, statusesOf } from './run-summary.ts';

/**
 * All states, worst first:
 * `broken` no version was ever valid, or its stored state cannot be read; `late` a run is overdue or its process died;
 * `failing` its last run failed; `flapping` its runs often change between success and failure; `warning` its last run
 * had a warning or did not take place; `running`; `new` it has no run records yet; `ok`; `off` the cron or the crontab
 * is switched off.
 */
export const HEALTHS = [
  'broken',
  'late',
  'failing',
  'flapping',
  'warning',
  'running',
  'new',
  'ok',
  'off',
] as const;

export type Health = (typeof HEALTHS)[number];

/** What the last runs of a cron came to. Occurrences that did not run are not counted. */
export interface Trend {
  /** How many of its last 20 run records are runs, and how many of these failed. */
  readonly runs: number;
  readonly failures: number;
  /** How many of the latest runs failed in a row; 0 if the last one did not. */
  readonly failuresInRow: number;
  /** The planned time of the first of these in epoch milliseconds; absent if none failed, or if it is not known. */
  readonly failingSince?: number;
  /** Its last ten runs changed at least four times between success and failure. */
  readonly isFlapping: boolean;
}

/** What the health of a cron depends on, beside its trend. */
export interface HealthSigns {
  /** Both the cron and its crontab are switched on. */
  readonly active: boolean;
  readonly late: boolean;
  readonly running: boolean;
  /** The status of the newest run record; absent if there is none. */
  readonly last?: string | undefined;
}

const FLAPPING_RUNS = 10;
const FLAPPING_CHANGES = 4;
/** So many failures in a row are no flapping any more. */
const STEADY_FAILURES = 3;

export function trendOf(summary: RunSummary): Trend {
  const failed = statusesOf(summary)
    .filter((status) => status !== 'NOTRUN')
    .map((status) => status === 'FAILURE');
  const isFailing = failed[0] === true;
  // Counters stay when records are deleted, so the newest record that is left decides.
  const failuresInRow = isFailing ? Math.max(1, summary.failuresInRow) : 0;
  const { failingSince } = summary;
  const changes = failed
    .slice(0, FLAPPING_RUNS)
    .filter((hasFailed, index, runs) => index > 0 && hasFailed !== runs[index - 1]).length;
  return {
    runs: failed.length,
    failures: failed.filter(Boolean).length,
    failuresInRow,
    ...(isFailing && failingSince !== undefined && { failingSince }),
    isFlapping: changes >= FLAPPING_CHANGES && failuresInRow < STEADY_FAILURES,
  };
}

/** Whether it is on and its last run failed, whatever else its state is. */
export function isFailing({ active, trend }: { readonly active: boolean; readonly trend: Trend }): boolean {
  return active && trend.failuresInRow > 0;
}

/** The state of a cron with a definition that can be read. A skipped run does not hide the failure before it. */
export function healthOf({ active, late, running, last }: HealthSigns, trend: Trend): Health {
  if (late) return 'late';
  if (running) return 'running';
  if (!active) return 'off';
  if (trend.isFlapping) return 'flapping';
  if (trend.failuresInRow > 0) return 'failing';
  if (last === undefined) return 'new';
  return last === 'OK' ? 'ok' : 'warning';
}
