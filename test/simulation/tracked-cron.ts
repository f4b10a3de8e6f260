/** The oracle's knowledge of one cron. */
import type { Job, Lease, TimeRange } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { IntendedCron } from './intent.ts';
import type { Process } from './process.ts';
import { RecordedTimes } from './recorded-times.ts';
import type { Schedule } from './reference-schedule.ts';
import type { RunEnd, SimulatedRun } from './simulated-run.ts';
import { TrackedParameter } from './tracked-parameter.ts';

export interface TrackedCron {
  readonly key: Required<ParameterKey>;
  readonly parameter: TrackedParameter<IntendedCron>;
  /** Planned times that are not yet accounted for. */
  unaccounted: number[];
  /** Runs in progress by run id. */
  readonly running: Map<string, SimulatedRun>;
  /** By id of a run without a record: when it ended, undefined while it is in progress. */
  readonly unrecorded: Map<string, number | undefined>;
  /** Every lease that was ever written, by run id, in the order of the claims. */
  readonly claims: Map<string, Lease>;
  /** How runs ended, by run id. */
  readonly ends: Map<string, RunEnd>;
  /** The run ids that a user has stopped. */
  readonly stopped: Set<string>;
  /** The run ids that have a record. */
  readonly recordedRunIds: Set<string>;
  /** The planned times of the last days that have a record. */
  readonly recordedTimes: RecordedTimes;
  /** The ranges of planned times that were seen waiting in the last days. */
  waited: TimeRange[];
  /** Since when leases or waiting occurrences were there without a break. */
  busySince: number | undefined;
  /** Planned times that ran. */
  readonly executed: Set<number>;
  /** Forced runs that ran, by run id. */
  readonly executedForced: Set<string>;
  /** The last run of a planned time. */
  lastRun: SimulatedRun | undefined;
  jobWrittenAt: number;
  jobWriter: Process | undefined;
  /**
   * Timers that were lost, or removed by a process that could not know that they were needed; the sweep repairs that.
   */
  readonly lostTimers: Set<number>;
  /** Whether the timer of the next commit was throttled. */
  isArmingLeftToSweep: boolean;
  /** Whether an item of the cron cannot be read, and since when that has been so or has ended. */
  isUnreadable: boolean;
  unreadableUntil: number;
  /** Cancels the event of the next occurrence. */
  cancelNext: () => void;
}

export function trackCron(key: Required<ParameterKey>): TrackedCron {
  return {
    key,
    parameter: new TrackedParameter<IntendedCron>(key),
    unaccounted: [],
    running: new Map(),
    unrecorded: new Map(),
    claims: new Map(),
    ends: new Map(),
    stopped: new Set(),
    recordedRunIds: new Set(),
    recordedTimes: new RecordedTimes(),
    waited: [],
    busySince: undefined,
    executed: new Set(),
    executedForced: new Set(),
    lastRun: undefined,
    jobWrittenAt: Number.NEGATIVE_INFINITY,
    jobWriter: undefined,
    lostTimers: new Set(),
    isArmingLeftToSweep: false,
    isUnreadable: false,
    unreadableUntil: Number.NEGATIVE_INFINITY,
    cancelNext: () => {},
  };
}

/** Whether what the job has armed, or waits for, was computed from this schedule. */
export function isArmedBy(job: Job | undefined, schedule: Schedule | undefined): boolean {
  if (!job || !schedule || job.closedAt !== undefined) return false;
  return job.timing === `${schedule.periodicity}|${schedule.timezone}`;
}

/** Whether the planned time was seen waiting. */
export function hasWaited({ waited }: Pick<TrackedCron, 'waited'>, plannedAt: number): boolean {
  return waited.some(({ from, to }) => from <= plannedAt && plannedAt <= to);
}

/** Whether the planned time waits or runs. */
export function isInJob({ waiting, leases }: Job, plannedAt: number): boolean {
  if (waiting && waiting.from <= plannedAt && plannedAt <= waiting.to) return true;
  return leases.some((lease) => lease.plannedAt === plannedAt && lease.forced === undefined);
}
