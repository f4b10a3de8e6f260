/** What is told of a site's forecast, as text and as JSON alike. */
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { compare, type Difference } from '../../core/forecast/compare.ts';
import type { PlannedRun } from '../../core/forecast/cron-forecast.ts';
import type { Edit } from '../../core/forecast/edit.ts';
import type { Forecast } from '../../core/forecast/forecast.ts';

export interface Shown {
  readonly site: string;
  readonly settings: CrontabSettings;
  readonly before: Forecast;
  /** With the edit; without one the same as before. */
  readonly after: Forecast;
  /** Absent when no edit is tried. */
  readonly edits?: readonly Edit[];
  /** Crons whose present version is not valid; `inForce` when an earlier one is. */
  readonly rejected: readonly { readonly uid: string; readonly inForce: boolean }[];
  /** Leave out nothing. */
  readonly all: boolean;
}

/** A planned time, and what the edit does to it. */
export interface Line {
  readonly run: PlannedRun;
  readonly kind?: Difference['kind'];
}

const MOST_LINES = 40;

/**
 * The planned times that are shown, or with an edit those that it changes: the first 40 unless all are wanted, and how
 * many are left out.
 */
export function shownLines({ before, after, edits, all }: Shown): {
  readonly lines: readonly Line[];
  readonly left: number;
} {
  const found: readonly Line[] = edits ? compare(before, after) : after.runs.map((run) => ({ run }));
  const lines = all ? found : found.slice(0, MOST_LINES);
  return { lines, left: found.length - lines.length };
}
