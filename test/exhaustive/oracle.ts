/**
 * What has to be true of a world that has converged. The oracle looks at the world from outside: records, jobs, timers,
 * parameters, and what runners have noted. It shares no code with the handlers.
 */
import type { CronFields } from '../../lib/core/domain/cron.ts';
import type { CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { CronState } from '../../lib/core/ports/store.ts';
import type { ControlledProcess } from './controlled-process.ts';
import { nextPlannedTime, plannedTimes } from './planned-times.ts';
import { MINUTE, SITE, type Start, UID, type World } from './world.ts';
import type { WorldDefinition } from './world-definition.ts';

const GRACE_MS = 5 * MINUTE;

type Key = { readonly uid: string; readonly plannedAt: number; readonly forced?: string };

/** Every violation, as a sentence. */
export async function findViolations(
  world: World,
  definition: WorldDefinition,
  processes: readonly ControlledProcess[],
): Promise<string[]> {
  const { crons } = await world.site();
  const unreadable = crons.filter((cron) => cron.unreadable !== undefined).map(({ uid }) => uid);
  const records: RunRecord[] = [];
  for (const { uid } of crons) records.push(...(await world.records(uid)));
  return [
    ...doubleStarts(world.starts),
    ...(definition.mayOverlap ? [] : overlaps(world.starts)),
    ...(await occurrencesWithoutOneEnd(world, definition, records, unreadable)),
    ...falseRecords(world, records, processes),
    ...falselyMissed(records),
    ...leftLeases(crons),
    ...(await wrongTimers(world, crons)),
    ...defects(processes),
    ...(definition.check?.(world, records) ?? []),
  ];
}

function doubleStarts(starts: readonly Start[]): string[] {
  return [...Map.groupBy(starts, keyOf)]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => `${key} was started ${same.length} times`);
}

function overlaps(starts: readonly Start[]): string[] {
  return starts
    .filter((start) => start.overlaps)
    .map((start) => `${keyOf(start)} started beside another run`);
}

/**
 * Every time that was armed when it came, and every request, has exactly one record, unless a user deleted it. Nothing is
 * decided about a cron that cannot be read.
 */
async function occurrencesWithoutOneEnd(
  world: World,
  { expected = [], requests = [] }: WorldDefinition,
  records: readonly RunRecord[],
  unreadable: readonly string[],
): Promise<string[]> {
  const planned = new Map<string, Key>();
  for (const plannedAt of expected) planned.set(keyOf({ uid: UID, plannedAt }), { uid: UID, plannedAt });
  for (const key of await armedOccurrences(world)) planned.set(keyOf(key), key);
  for (const [name, { uid }] of planned) if (unreadable.includes(uid)) planned.delete(name);
  const requested = requests.map((forced) => ({ uid: UID, plannedAt: Number.NaN, forced }));
  return [...planned.values(), ...requested].flatMap((key) => {
    const ends = records.filter((record) => isEndOf(record, key));
    const isDeleted = world.deletedRecords.some((id) =>
      id.startsWith(`${key.uid}/${key.forced ?? key.plannedAt / 1000}`),
    );
    return ends.length === 1 || (ends.length === 0 && isDeleted)
      ? []
      : [`${keyOf(key)} has ${ends.length} ends`];
  });
}

/**
 * The planned times that came while a job was armed for them or for an earlier one. A time that an edit has replaced before
 * it came may end without a record.
 */
async function armedOccurrences({ armCalls, now, registry }: World): Promise<Key[]> {
  const parameters = await Array.fromAsync(registry.list());
  return armCalls.flatMap(({ uid, armedAt, timing = '' }, index) => {
    if (armedAt === undefined) return [];
    const parameter = parameters.find((one) => one.uid === uid);
    const isReplaced = (plannedAt: number) =>
      parameter !== undefined &&
      parameter.modified < plannedAt &&
      plannedTimes(JSON.parse(parameter.value).periodicity, plannedAt, plannedAt).length === 0;
    const next = armCalls.find((one, position) => position > index && one.uid === uid);
    // A claim may come a little before the time that it claims.
    const isClaim = next?.armedAt !== undefined && next.timing === timing && next.armedAt > armedAt;
    const until = isClaim ? Math.max(next.since, armedAt) : (next?.since ?? now);
    return plannedTimes(timing, armedAt, until)
      .filter((plannedAt) => !isReplaced(plannedAt))
      .map((plannedAt) => ({ uid, plannedAt }));
  });
}

/** No record says something else than what ran. */
function falseRecords(
  world: World,
  records: readonly RunRecord[],
  processes: readonly ControlledProcess[],
): string[] {
  return records.flatMap((record) => {
    const start = world.starts.find((one) => keyOf(one) === keyOf(record));
    const text = `${keyOf(record)} is recorded as ${record.status} ${record.reason ?? ''}`;
    if (record.status === 'NOTRUN') return start ? [`${text}, and it ran`] : [];
    if (record.reason === 'died')
      return mayHaveDied(record, start, processes) ? [] : [`${text}, and its process lived`];
    // The time may be up before the runner starts.
    if (record.reason === 'timeout' || record.reason === 'stopped') return [];
    if (!start) return [`${text}, and it never ran`];
    return start.hasEnded ? [] : [`${text} before it ended`];
  });
}

/** Its process died, or outlived its lease. Processes name the planned runs that they claim. */
function mayHaveDied(
  { endedAt, runId = '' }: RunRecord,
  start: Start | undefined,
  processes: readonly ControlledProcess[],
): boolean {
  const mayBeHolder = ({ name, status }: ControlledProcess) =>
    start ? name === start.process : runId.startsWith(`${name}-`) || status === 'dead';
  return processes
    .filter(mayBeHolder)
    .some(({ status, hasExited, endedAt: end = 0 }) => (status === 'dead' && !hasExited) || end >= endedAt);
}

/** A time within the grace is never called missed. */
function falselyMissed(records: readonly RunRecord[]): string[] {
  return records
    .filter(({ reason, forced }) => reason === 'missed' && forced === undefined)
    .filter(({ plannedAt, endedAt }) => endedAt - plannedAt <= GRACE_MS)
    .map((record) => `${keyOf(record)} was within the grace and is recorded as missed`);
}

function leftLeases(crons: readonly CronState[]): string[] {
  return crons.flatMap(({ uid, job }) =>
    (job?.leases ?? []).map(({ holder }) => `${uid} still has the lease of ${holder}`),
  );
}

/** Every active cron has exactly one timer, at its next planned time; nothing else has one. */
async function wrongTimers(world: World, crons: readonly CronState[]): Promise<string[]> {
  const timers = await world.timers();
  const settings = await inForce<CrontabSettings>(world, undefined);
  const isOn = settings?.activated ?? true;
  const problems: string[] = [];
  for (const { uid, job, unreadable } of crons) {
    if (unreadable !== undefined) continue;
    const cron = await inForce<CronFields>(world, uid);
    const isActive = isOn && cron?.activated === true;
    const wanted = isActive && cron ? nextPlannedTime(cron.periodicity, world.now) : undefined;
    const existing = timers.filter((timer) => timer.uid === uid).map(({ plannedAt }) => plannedAt);
    if (
      existing.length === (wanted === undefined ? 0 : 1) &&
      existing[0] === wanted &&
      job?.armedAt === wanted
    )
      continue;
    const armedFor = job?.armedAt === undefined ? 'for nothing' : `for ${iso(job.armedAt)}`;
    problems.push(
      `${uid} should have a timer ${wanted === undefined ? 'nowhere' : `at ${iso(wanted)}`}, has [${existing.map(iso)}], and is armed ${armedFor}`,
    );
  }
  return problems;
}

/** The last valid version of the parameter; only those that are no JSON object are invalid. */
async function inForce<Value>(world: World, uid: string | undefined): Promise<Value | undefined> {
  const versions = await world.registry.history(uid === undefined ? { site: SITE } : { site: SITE, uid });
  const valid = versions.find(({ value }) => value.startsWith('{'));
  return valid && JSON.parse(valid.value);
}

/** A handler fails only because a call failed, and a process that has nothing to wait for has ended. */
function defects(processes: readonly ControlledProcess[]): string[] {
  return processes.flatMap(({ name, error, status }) => {
    if (status === 'running') return [`${name} never ended`];
    const errors = error instanceof AggregateError ? error.errors : error === undefined ? [] : [error];
    return errors
      .filter((one) => !/is refused|is throttled|answer was lost|others changed it/.test(String(one)))
      .map((one) => `${name} failed: ${one instanceof Error ? one.stack : one}`);
  });
}

function isEndOf(record: RunRecord, { uid, plannedAt, forced }: Key): boolean {
  if (record.uid !== uid || record.forced !== forced) return false;
  if (forced !== undefined) return true;
  return (record.covers?.from ?? record.plannedAt) <= plannedAt && plannedAt <= record.plannedAt;
}

function keyOf({ uid, plannedAt, forced }: Key): string {
  return forced ?? `${uid} at ${iso(plannedAt)}`;
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
