/**
 * The oracle of the chaos test: decides from the history of a cron (its run records, its final state, and the line
 * that each run writes when it starts) whether an occurrence was lost or executed twice. It knows the planned times
 * by counting minutes and shares no code with the scheduler.
 */
import { iso } from '../../lib/core/domain/iso.ts';
import type { Log } from '../../lib/core/domain/log.ts';
import type { WorkloadCron } from './workload.ts';

const MINUTE = 60_000;

/** A run that started, as reported by its own output. */
export interface RunStart {
  readonly uid: string;
  /** Epoch milliseconds. */
  readonly plannedAt: number;
  readonly runId: string;
}

/** Everything that was observed of one cron. Times are in epoch milliseconds. */
export interface CronHistory {
  readonly cron: WorkloadCron;
  /** The first planned time, which was armed before the first kill. */
  readonly firstPlannedAt: number;
  /** The planned time that is armed at the end; absent when none is. */
  readonly armedAt?: number;
  /** Planned times that still wait. */
  readonly waiting: readonly number[];
  /** The ids of the runs that a command forced successfully, except those that still wait. */
  readonly forcedRunIds: readonly string[];
  /** The number of leases at the end, when no process is left. */
  readonly leases: number;
  /** Every run record that was ever read. A record that changed is included in each of its versions. */
  readonly records: readonly Log[];
  readonly starts: readonly RunStart[];
}

/** The number of occurrences that were planned for this cron. */
export function plannedCount({ cron, firstPlannedAt, armedAt }: CronHistory): number {
  return armedAt === undefined ? 0 : plannedTimes(cron, firstPlannedAt, armedAt - 1).length;
}

/** All losses and duplicates, and all records that lack their reason; empty when there are none. */
export function findViolations(history: CronHistory): string[] {
  const violations = [
    ...recordViolations(history),
    ...startViolations(history),
    ...stateViolations(history),
    ...plannedViolations(history),
  ];
  return violations.map((text) => `${history.cron.uid}: ${text}`);
}

/** A run record never changes, and gives a reason when nothing ran or a run failed. */
function recordViolations({ records }: CronHistory): string[] {
  const duplicated = duplicates(records.map(({ id }) => id)).map((id) => `record ${id} exists twice`);
  const unexplained = records
    .filter(({ status, messages }) => (status === 'FAILURE' || status === 'NOTRUN') && !messages[0])
    .map(({ id, status }) => `record ${id} has status ${status} and no reason`);
  return [...duplicated, ...unexplained];
}

/** Each run that started or was forced has a record, and each run starts at most once. */
function startViolations({ records, starts, forcedRunIds }: CronHistory): string[] {
  const duplicated = duplicates(starts.map(({ runId }) => runId)).map(
    (runId) => `run ${runId} started twice`,
  );
  const unrecorded = starts
    .filter(
      ({ plannedAt, runId }) =>
        !records.some(
          (record) => record.runId === runId && record.plannedAt === plannedAt && hasStarted(record),
        ),
    )
    .map(({ plannedAt, runId }) => `run ${runId} of ${iso(plannedAt)} started but has no record`);
  const lostForced = forcedRunIds
    .filter((runId) => !records.some((record) => record.runId === runId))
    .map((runId) => `run ${runId} was forced but has no record`);
  const notStarted = records
    .filter((record) => record.status === 'OK' && !starts.some(({ runId }) => runId === record.runId))
    .map(({ id }) => `record ${id} has status OK but its run never started`);
  return [...duplicated, ...unrecorded, ...lostForced, ...notStarted];
}

function hasStarted({ startedAt }: Log): boolean {
  return startedAt !== undefined;
}

function stateViolations({ cron, armedAt, leases }: CronHistory): string[] {
  const left = leases === 0 ? [] : [`${leases} lease(s) are left without a process`];
  if (armedAt === undefined) return [...left, 'no timer is armed'];
  return isPlanned(cron, armedAt)
    ? left
    : [...left, `a timer is armed for ${iso(armedAt)}, which is not planned`];
}

/** Each planned time either waits or is covered by exactly one record, and no record covers others. */
function plannedViolations({ cron, firstPlannedAt, armedAt, waiting, records }: CronHistory): string[] {
  if (armedAt === undefined) return [];
  const ofPlannedTimes = records.filter(({ id }) => !id.includes('-'));
  const coverage = new Map(plannedTimes(cron, firstPlannedAt, armedAt - 1).map((time) => [time, 0]));
  const violations: string[] = [];
  const cover = (time: number) => {
    const count = coverage.get(time);
    if (count === undefined) violations.push(`${iso(time)} has a record but was not planned`);
    else coverage.set(time, count + 1);
  };
  for (const time of waiting) cover(time);
  for (const { plannedAt, covers } of ofPlannedTimes) {
    const range = covers ? plannedTimes(cron, covers.from, plannedAt) : [plannedAt];
    if (covers && range.length !== covers.count)
      violations.push(
        `the record of ${iso(plannedAt)} claims ${covers.count} times but covers ${range.length}`,
      );
    for (const time of range) cover(time);
  }
  for (const [time, count] of coverage) {
    if (count === 0) violations.push(`${iso(time)} is lost: it has no record`);
    if (count > 1) violations.push(`${iso(time)} is duplicated: ${count} records cover it`);
  }
  return violations;
}

/** The planned times of the cron, both ends included. */
export function plannedTimes(cron: WorkloadCron, from: number, to: number): number[] {
  const times: number[] = [];
  for (let time = Math.ceil(from / MINUTE) * MINUTE; time <= to; time += MINUTE) {
    if (isPlanned(cron, time)) times.push(time);
  }
  return times;
}

function isPlanned({ everyMinutes }: WorkloadCron, time: number): boolean {
  return time % (everyMinutes * MINUTE) === 0;
}

function duplicates(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) < index))];
}
