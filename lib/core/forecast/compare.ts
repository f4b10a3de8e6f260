/** Compares two forecasts of the same period: of a crontab as it is, and after the changes of a profile. */

import type { PlannedRun } from './cron-forecast.ts';
import type { Forecast } from './forecast.ts';

/** A planned time that is added, is removed, or ends otherwise. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The new planned time; the old one if it is removed. */
  readonly run: PlannedRun;
}

/** All differences, earliest first. */
export function compare(before: Forecast, after: Forecast): Difference[] {
  const old = new Map(before.runs.map((run) => [keyOf(run), run]));
  const differences: Difference[] = [];
  for (const run of after.runs) {
    const was = old.get(keyOf(run));
    old.delete(keyOf(run));
    if (!was) differences.push({ kind: 'added', run });
    else if (was.fate !== run.fate || was.starts !== run.starts) differences.push({ kind: 'changed', run });
  }
  for (const run of old.values()) differences.push({ kind: 'removed', run });
  return differences.sort((a, b) => a.run.plannedAt - b.run.plannedAt);
}

function keyOf({ cron, plannedAt }: PlannedRun): string {
  return `${plannedAt} ${cron.uid}`;
}
