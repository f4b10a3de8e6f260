/** The content of a site's forecast, for text and JSON alike. */
import type { ProfilePlan } from '../../app/profiles/plan.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Off } from '../../core/domain/off.ts';
import { compare, type Difference } from '../../core/forecast/compare.ts';
import type { PlannedRun } from '../../core/forecast/cron-forecast.ts';
import type { Forecast } from '../../core/forecast/forecast.ts';

export interface Shown {
  readonly site: string;
  /** The settings in `after`. */
  readonly settings: CrontabSettings;
  readonly before: Forecast;
  /** With the profile applied; without a profile, the same as `before`. */
  readonly after: Forecast;
  /** The profile's file and its plan; absent without one. */
  readonly profile?: { readonly file: string; readonly plan: ProfilePlan };
  /** Crons whose latest version is not valid in `after` either; `inForce`: an earlier version is in force. */
  readonly rejected: readonly { readonly uid: string; readonly inForce: boolean }[];
  /** How the crontab was switched off, if it is off in `after`. */
  readonly off?: Off;
  /** How crons that are off in `after` were switched off. */
  readonly cronsOff: readonly { readonly uid: string; readonly off: Off }[];
  /** Omit nothing. */
  readonly all: boolean;
}

/** An occurrence, and how the profile changes it. */
export interface Line {
  readonly run: PlannedRun;
  readonly kind?: Difference['kind'];
}

const MAX_LINES = 40;

/** The occurrences, or with a profile those that it changes: the first 40 or all, and the number of omitted ones. */
export function shownLines({ before, after, profile, all }: Shown): {
  readonly lines: readonly Line[];
  readonly left: number;
} {
  const found: readonly Line[] = profile ? compare(before, after) : after.runs.map((run) => ({ run }));
  const lines = all ? found : found.slice(0, MAX_LINES);
  return { lines, left: found.length - lines.length };
}
