/** Previews a periodicity: its description and next runs. */
import { DAY } from '../../core/domain/calendar.ts';
import { attempt } from '../../core/domain/errors.ts';
import { parseExpression } from '../../core/domain/expression.ts';
import { nextRun } from '../../core/domain/next-run.ts';
import type { Problem } from '../../core/domain/problem.ts';
import { timeZoneProblems } from '../../core/domain/time-zone-problems.ts';
import { clockSurprises } from '../../core/forecast/clock-surprises.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { clockChangeNote } from './clock-change-note.ts';
import { describePeriodicity } from './describe-periodicity.ts';

export interface Preview {
  /** Its description in English; absent when it is not valid. */
  readonly words?: string;
  /** The next runs, earliest first. */
  readonly runs: readonly PlannedRun[];
  /** What the next clock change within a year does that moves, skips or repeats a run after these; absent if none does. */
  readonly clockChange?: string;
  /** All problems; `runs` is empty when there are any. */
  readonly problems: readonly Problem[];
}

export interface PlannedRun {
  /** Epoch milliseconds. */
  readonly plannedAt: number;
  /** The effect of a clock change on this run. */
  readonly remark?: string;
}

export interface PreviewRequest {
  readonly periodicity: string;
  /** The effective time zone. */
  readonly timezone: string;
  /** The number of runs; 5 by default. */
  readonly count?: number | undefined;
  /** Determines the value of `H`. */
  readonly uid?: string | undefined;
}

type Schedule = Pick<PreviewRequest, 'periodicity' | 'timezone'> & { readonly uid: string };

const YEAR = 366 * DAY;

export const MAX_PREVIEWED = 50;

/** Previews the runs from now. Never throws for invalid input. */
export function preview({ clock }: { readonly clock: Pick<Clock, 'now'> }, request: PreviewRequest): Preview {
  const { periodicity, timezone, count = 5, uid = '' } = request;
  const wrongZone = timeZoneProblems(timezone);
  const description = attempt(() => describePeriodicity(periodicity, uid));
  if (!('value' in description)) return { runs: [], problems: [...description.problems, ...wrongZone] };
  const words = description.value;
  if (wrongZone.length > 0) return { words, runs: [], problems: wrongZone };
  const schedule = { periodicity, timezone, uid };
  const now = clock.now();
  const runs = nextRuns(schedule, now, count);
  const clockChange = nextSurprise(schedule, runs, now);
  return { words, runs, ...(clockChange !== undefined && { clockChange }), problems: [] };
}

/** That of a change near the runs is among their remarks. */
function nextSurprise(schedule: Schedule, runs: readonly PlannedRun[], now: number): string | undefined {
  const last = runs.findLast(({ remark }) => remark !== undefined);
  const from = last === undefined ? now : last.plannedAt + DAY;
  const period = { from, to: now + YEAR };
  return clockSurprises(schedule, schedule.timezone, period, 'it')[0]?.text;
}

/**
 * The next runs of a valid periodicity in a valid zone, later than `after` (epoch milliseconds), with remarks about clock
 * changes.
 */
export function nextRuns(
  { periodicity, timezone, uid }: Schedule,
  after: number,
  count: number,
): PlannedRun[] {
  const expression = parseExpression(periodicity, uid);
  const runs: PlannedRun[] = [];
  let last = after;
  while (runs.length < Math.min(count, MAX_PREVIEWED)) {
    const plannedAt = nextRun(expression, timezone, last);
    if (plannedAt === undefined) break;
    const remark = clockChangeNote(expression, timezone, last, plannedAt);
    runs.push(remark === undefined ? { plannedAt } : { plannedAt, remark });
    last = plannedAt;
  }
  return runs;
}
