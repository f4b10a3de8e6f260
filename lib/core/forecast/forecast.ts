/**
 * The forecast of a crontab for a period: each planned time and its result, the effects of clock changes, and the minutes in
 * which most runs start. A pure function of the crons, which assumes that nothing fails.
 */
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { PeriodError } from '../domain/errors.ts';
import { iso } from '../domain/iso.ts';
import type { Period } from '../domain/timeline.ts';
import { isActive } from '../domain/timing.ts';
import { type ClockSurprise, clockSurprises } from './clock-surprises.ts';
import { type Fate, type PlannedRun, plannedRuns, type Subject } from './cron-forecast.ts';

export interface ForecastRequest extends Period {
  readonly subjects: readonly Subject[];
  readonly settings: CrontabSettings;
  /** How many planned times are looked at; 1,000,000 by default. */
  readonly most?: number;
}

export interface Forecast extends Period {
  /** Every planned time, earliest first. */
  readonly runs: readonly PlannedRun[];
  /** In the order of the crons. */
  readonly totals: readonly Total[];
  readonly surprises: readonly ClockSurprise[];
  /** The minutes in which most crons start, at most 5, and none in which only one does; busiest first. */
  readonly busiest: readonly BusyMinute[];
}

export interface Total extends Readonly<Record<Fate, number>> {
  readonly uid: string;
  /** The runner's name. */
  readonly name: string;
  readonly active: boolean;
  /** How long its runs usually take, in milliseconds; absent when it has never run. */
  readonly duration?: number;
  /** The first and the last planned time, in epoch milliseconds; absent when there is none. */
  readonly first?: number;
  readonly last?: number;
}

export interface BusyMinute {
  /** Its beginning, in epoch milliseconds. */
  readonly time: number;
  /** The crons that start then, in their order. */
  readonly uids: readonly string[];
}

const MAX_RUNS = 1_000_000;
const MAX_YEARS = 10;
const MAX_MINUTES = 5;
const YEAR = 366 * 86_400_000;
const MINUTE = 60_000;

/** Throws PeriodError when the period is empty, too long, or has too many planned times. */
export function forecast(request: ForecastRequest): Forecast {
  const { subjects, settings, from, to, most = MAX_RUNS } = request;
  if (!(from < to))
    throw new PeriodError(`The period ends at ${iso(to)}, but begins at ${iso(from)}: let it end later.`);
  if (to - from > MAX_YEARS * YEAR) {
    throw new PeriodError(`The period is longer than ${MAX_YEARS} years: choose a shorter one.`);
  }
  const plans: Plan[] = [];
  let left = most;
  for (const subject of subjects) {
    const runs = firstOf(plannedRuns(subject, settings, { from, to }), left, request, most);
    plans.push({ ...subject, runs });
    left -= runs.length;
  }
  const runs = plans.flatMap((plan) => plan.runs).sort((a, b) => a.plannedAt - b.plannedAt);
  const totals = plans.map((plan) => totalOf(plan, settings));
  const active = subjects.filter(({ cron }) => isActive(cron, settings));
  const surprises = active.flatMap(({ cron }) => clockSurprises(cron, settings.timezone, { from, to }));
  surprises.sort((a, b) => a.time - b.time);
  return { from, to, runs, totals, surprises, busiest: busiestOf(plans) };
}

interface Plan extends Subject {
  readonly runs: readonly PlannedRun[];
}

function firstOf(all: Iterable<PlannedRun>, left: number, { from, to }: Period, most: number): PlannedRun[] {
  const runs: PlannedRun[] = [];
  for (const run of all) {
    if (runs.length === left) {
      throw new PeriodError(
        `From ${iso(from)} to ${iso(to)} more than ${most.toLocaleString('en')} runs are planned: choose a shorter period.`,
      );
    }
    runs.push(run);
  }
  return runs;
}

function totalOf({ cron, duration, runs }: Plan, settings: CrontabSettings): Total {
  const count = (fate: Fate) => runs.filter((run) => run.fate === fate).length;
  return {
    uid: cron.uid,
    name: cron.name,
    active: isActive(cron, settings),
    runs: count('runs'),
    overlaps: count('overlaps'),
    waits: count('waits'),
    skipped: count('skipped'),
    duration,
    first: runs[0]?.plannedAt,
    last: runs.at(-1)?.plannedAt,
  };
}

function busiestOf(plans: readonly Plan[]): BusyMinute[] {
  const counts = new Map<number, number>();
  for (const { runs } of plans) {
    for (const minute of minutesOf(runs)) counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  const busiest = [...counts]
    .filter(([, count]) => count > 1)
    .sort(([one, a], [other, b]) => b - a || one - other)
    .slice(0, MAX_MINUTES);
  const starting = plans.map(({ cron, runs }) => ({ uid: cron.uid, minutes: new Set(minutesOf(runs)) }));
  return busiest.map(([time]) => ({
    time,
    uids: starting.filter(({ minutes }) => minutes.has(time)).map(({ uid }) => uid),
  }));
}

/** The minutes in which runs of one cron start, each once. */
function* minutesOf(runs: readonly PlannedRun[]): Generator<number> {
  let last: number | undefined;
  for (const { starts } of runs) {
    const minute = starts === undefined ? last : Math.floor(starts / MINUTE) * MINUTE;
    if (minute !== undefined && minute !== last) yield minute;
    last = minute;
  }
}
