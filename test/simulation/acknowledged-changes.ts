/**
 * Invariants that hold, with any faults, as soon as the system has acknowledged a change: the event of an edit was
 * handled, or a stream record was reported as handled. They do not wait for a sweep, which could hide a broken
 * promise.
 */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { MINUTE } from './durations.ts';
import { checkInvariant } from './invariant-check.ts';
import type { MemoryQueue } from './memory-queue.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Oracle } from './oracle.ts';
import { isOccurrence, nextOccurrence } from './reference-schedule.ts';
import { formatTime } from './trace.ts';
import { projectedVersion } from './tracked-parameter.ts';

export interface Observed {
  readonly oracle: Oracle;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly now: () => number;
}

/** All change events of a parameter were handled: unless one was lost, the table shows the registry's version. */
export function checkHandledChange({ oracle, store }: Observed, key: ParameterKey): void {
  const { site, uid } = key;
  // What cannot be read cannot be found removed either: the resync does it when it can be read again.
  if (uid !== undefined && oracle.cron({ site, uid }).isUnreadable) oracle.changeEventLost(key);
  const { current, eventLostAt } = oracle.parameter(key);
  if (eventLostAt > Number.NEGATIVE_INFINITY) return;
  const projected = projectedVersion(store.row(key));
  const message = describeVersions(current?.modified, projected);
  oracle.assert(key, [
    checkInvariant('a handled change is projected', projected !== current?.modified, message),
  ]);
}

/** A stream record was handled: the cron is armed correctly, or each cron of the crontab. */
export function checkHandledRecord(observed: Observed, { site, uid }: ParameterKey): void {
  for (const { key } of observed.oracle.crons.values()) {
    if (key.site === site && (uid === undefined || key.uid === uid)) checkArmed(observed, key);
  }
}

/** The job is armed for a planned time of the version in the table, and has its timer. */
function checkArmed({ oracle, store, queue, now }: Observed, key: Required<ParameterKey>): void {
  // Later edits have records of their own.
  const isProjected = (one: ParameterKey) =>
    projectedVersion(store.row(one)) === oracle.parameter(one).current?.modified;
  if (!isProjected(key) || !isProjected({ site: key.site })) return;
  const cron = oracle.cron(key);
  // A process that could not read it has left it to the sweep.
  if (cron.isUnreadable || cron.unreadableUntil > now() - 5 * MINUTE) return;
  const armedAt = store.row(key).job?.armedAt;
  const active = oracle.activeIntent(cron);
  const schedule = active && oracle.scheduleOf(key.site, active);
  const hasNext = schedule && nextOccurrence(schedule, now()) !== undefined;
  const hasTimer = queue.timers(key).some(({ plannedAt }) => plannedAt === armedAt);
  let violation: string | undefined;
  if (armedAt === undefined) {
    if (hasNext) violation = 'no time is armed';
  } else if (!schedule || !isOccurrence(schedule, armedAt)) {
    violation = `${formatTime(armedAt)} is armed, but not planned`;
  } else if (armedAt > now() && !cron.lostTimers.has(armedAt) && !hasTimer) {
    violation = `${formatTime(armedAt)} is armed, but has no timer`;
  }
  oracle.assert(key, [{ invariant: 'a handled stream record has armed the next occurrence', violation }]);
}

export function describeVersions(inRegistry: number | undefined, inTable: number | undefined): string {
  const describe = (modified: number | undefined) => (modified === undefined ? 'none' : formatTime(modified));
  return `registry: ${describe(inRegistry)}, table: ${describe(inTable)}`;
}
