/** Reads one run with all that is known about it: what was planned, what happened, and what it ran with. */
import type { CronFields, JsonObject } from '../../core/domain/cron.ts';
import { withoutDefaults } from '../../core/domain/cron-fields.ts';
import { usualDuration } from '../../core/domain/durations.ts';
import { type FieldChange, NotFoundError } from '../../core/domain/errors.ts';
import { type Job, newJob } from '../../core/domain/job.ts';
import { logOf } from '../../core/domain/log.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { GRACE_MS, isForced, type Occurrence } from '../../core/domain/occurrence.ts';
import { type RunRecord, recordId } from '../../core/domain/run-record.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { type CronView, cronView } from './cron-view.ts';
import { fieldChanges } from './field-changes.ts';
import { history, type VersionView } from './history.ts';
import { type RunItem, runInProgress } from './read-runs.ts';
import { runTimeline, type TimelineStep } from './run-timeline.ts';
import { runsBefore } from './runs-before.ts';

export interface RunDetail {
  readonly cron: CronView;
  /** `ready`: it was requested or waits, and has not started yet. */
  readonly state: 'ready' | 'running' | 'ended';
  /** With all messages. */
  readonly run: Omit<RunItem, 'status'> & { readonly status: RunItem['status'] | 'READY' };
  readonly timeline: readonly TimelineStep[];
  /** The median of the other newest runs, in milliseconds; absent if there were none. */
  readonly usualMs?: number;
  /** Who stops it. */
  readonly stoppedBy?: string;
  readonly definitionVersion?: number;
  /** The environ of that version, with references instead of secrets; absent if the version is not known any more. */
  readonly environ?: JsonObject;
  readonly codeVersion?: string;
  /** The last good run before it, and the fields that have changed since then. */
  readonly lastGood?: LastGood;
  /** None of so many runs before it was good; older ones were not searched. */
  readonly searchedForGood?: number;
  /** The ids of the runs before and after it. */
  readonly previous?: string;
  readonly next?: string;
}

export interface LastGood {
  readonly id: string;
  readonly plannedAt: number;
  readonly definitionVersion?: number;
  readonly codeVersion?: string;
  /** Absent if its version is not known any more. */
  readonly changes?: readonly FieldChange[];
}

export type ReadRunPorts = Pick<OperationPorts, 'store' | 'clock' | 'registry' | 'runners'>;

/** So many of the newest records are read: mostly they have the runs before and after. */
const NEWEST = 50;
/** So many of them make the usual duration. */
const USUAL = 25;

/** By so much the clocks of a run and of the registry may differ, in milliseconds. */
const MAX_SKEW_MS = 60_000;

/** What is known of the version that a run had. */
type Ran = Pick<Partial<RunRecord>, 'definitionVersion' | 'codeVersion' | 'claimedAt'>;

/**
 * The run with that id: the id of its run record, which exists once it has ended. One read and two queries;
 * at most five queries more if the newest records have no good run before it, one for the run after it, and one call if it ran
 * with another version than that in force. Throws NotFoundError.
 */
export async function readRun(
  ports: ReadRunPorts,
  site: string,
  uid: string,
  id: string,
): Promise<RunDetail> {
  const { store, clock } = ports;
  // The record last: a run that ends meanwhile is in one of the two.
  const state = await store.read(site, uid);
  const [record, newest] = await Promise.all([
    store.readRecord(site, uid, id),
    store.records(site, uid, { limit: NEWEST }),
  ]);
  // The runs of a removed cron stay.
  const view = cronView({ site, uid }, { ...state, ...unremoved(state.cron) }, clock.now());
  if (!view) throw cronNotFound({ site, uid });
  const job = state.job ?? newJob(site, uid);
  const lease = record ? undefined : job.leases.find((one) => recordId(one) === id);
  // What was requested of a cron that is removed does not start any more.
  const isRemoved = state.cron?.removedAt !== undefined;
  const occurrence = record ?? lease ?? (isRemoved ? undefined : readyOccurrence(job, id, clock.now()));
  if (!occurrence) throw new NotFoundError(`The cron "${uid}" of "${site}" has no run "${id}".`);
  const { records } = newest;
  const newer = records.findLastIndex((one) => recordId(one) > id);
  const { previous, good, searched } = await runsBefore(store, { site, uid }, occurrence, newest);
  const isAmongNewest = newer < records.length - 1;
  const newerRecords = isAmongNewest
    ? records.slice(0, newer + 1).reverse()
    : await recordsAfter(ports, site, uid, id, occurrence);
  const next = record && newerRecords[0];
  const nextPlanned = record && newerRecords.find((one) => !isForced(one));
  const others = records.filter((one) => recordId(one) !== id);
  const usualMs = usualDuration(others.slice(0, USUAL).map(logOf));
  const ran: Ran = record ?? lease ?? {};
  const { definitionVersion, codeVersion } = ran;
  return {
    cron: view,
    state: record ? 'ended' : lease ? 'running' : 'ready',
    run: runOf(occurrence, { site, uid, runner: view.definition?.name ?? '' }, record, lease),
    timeline: runTimeline(record ?? lease ?? occurrence, {
      previous,
      next: isForced(occurrence) ? undefined : (nextPlanned?.plannedAt ?? view.job.next),
    }),
    ...(usualMs !== undefined && { usualMs }),
    ...(lease?.stop !== undefined && { stoppedBy: lease.stop }),
    ...(definitionVersion !== undefined && { definitionVersion }),
    ...(codeVersion !== undefined && { codeVersion }),
    ...(await definitions(ports, view, ran, good)),
    ...(searched !== undefined && { searchedForGood: searched }),
    ...(previous && { previous: recordId(previous) }),
    ...(next && { next: recordId(next) }),
  };
}

function unremoved(cron: { readonly removedAt?: number } | undefined) {
  if (cron?.removedAt === undefined) return {};
  const { removedAt: _, ...rest } = cron;
  return { cron: rest as Parameters<typeof cronView>[1]['cron'] };
}

/** A run that has not started: it waits, or a user has just requested it. */
function readyOccurrence(job: Job, id: string, now: number): Occurrence | undefined {
  const { waiting, waitingForced } = job;
  const waits = [
    ...waitingForced,
    ...(waiting ? [waiting.from, waiting.to] : []).map((plannedAt) => ({ plannedAt })),
  ];
  const found = waits.find((one) => recordId(one) === id);
  if (found) return found;
  const [, seconds, forced] = /^(\d{1,12})-([\w-]{1,64})$/.exec(id) ?? [];
  const plannedAt = Number(seconds) * 1_000;
  return forced !== undefined && Math.abs(now - plannedAt) <= GRACE_MS ? { plannedAt, forced } : undefined;
}

/** Oldest first. Of those that were planned or requested in the same second, the run itself may be the first. */
async function recordsAfter(
  { store }: ReadRunPorts,
  site: string,
  uid: string,
  id: string,
  { plannedAt }: Occurrence,
): Promise<readonly RunRecord[]> {
  const { records } = await store.records(site, uid, { limit: 20, since: plannedAt, oldestFirst: true });
  return records.filter((one) => recordId(one) > id);
}

function runOf(
  occurrence: Occurrence,
  owner: { readonly site: string; readonly uid: string; readonly runner: string },
  record: RunRecord | undefined,
  lease: Job['leases'][number] | undefined,
): RunDetail['run'] {
  if (record) return { ...owner, runner: record.runner, forced: isForced(record), ...logOf(record) };
  if (lease) return { ...owner, ...runInProgress(lease) };
  const { plannedAt, forced } = occurrence;
  return {
    ...owner,
    id: recordId(occurrence),
    plannedAt,
    status: 'READY',
    messages: [],
    forced: forced !== undefined,
    ...(forced !== undefined && { runId: forced }),
  };
}

/** The environ of the version that ran, and its differences from that of the last good run. */
async function definitions(
  ports: ReadRunPorts,
  { site, uid, definition, parameter }: CronView,
  ran: Ran,
  good: RunRecord | undefined,
): Promise<Pick<RunDetail, 'environ' | 'lastGood'>> {
  if (ran.definitionVersion === undefined) return good ? { lastGood: goodRun(good) } : {};
  const current = { version: parameter.version, modified: parameter.modified, definition };
  const isCurrent = (run: Ran) => !parameter.problems && isVersionOf(run, current);
  const isKnown = isCurrent(ran) && (!good || isCurrent(good));
  const versions = isKnown ? [] : await history(ports, { site, uid });
  const fieldsOf = (run: Ran): JsonObject | undefined =>
    isCurrent(run) && definition
      ? ({ ...definition } as CronFields & JsonObject)
      : versions.find((version) => isVersionOf(run, version))?.definition;
  const fields = fieldsOf(ran);
  const before = good && fieldsOf(good);
  return {
    ...(fields && { environ: (fields.environ ?? {}) as JsonObject }),
    ...(good && {
      lastGood: {
        ...goodRun(good),
        ...(before && fields && { changes: fieldChanges(comparable(before), comparable(fields)) }),
      },
    }),
  };
}

/** The numbers of versions begin again when a removed cron is restored, so the time counts as well. */
function isVersionOf(
  { definitionVersion, claimedAt = 0 }: Ran,
  { version, modified }: Pick<VersionView, 'version' | 'modified'>,
): boolean {
  return version === definitionVersion && modified <= claimedAt + MAX_SKEW_MS;
}

function goodRun(good: RunRecord): LastGood {
  const { plannedAt, definitionVersion, codeVersion } = good;
  return {
    id: recordId(good),
    plannedAt,
    ...(definitionVersion !== undefined && { definitionVersion }),
    ...(codeVersion !== undefined && { codeVersion }),
  };
}

/** A stored definition has every field, and a parameter those that its author wrote. */
function comparable({ uid: _, ...fields }: JsonObject): JsonObject {
  return withoutDefaults(fields);
}
