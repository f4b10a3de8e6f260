/**
 * What has to be true of a world that has converged. It reads the world from outside: records, jobs, timers, and what runners
 * have noted. It shares no code with the handlers.
 */
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { ControlledProcess } from './controlled-process.ts';
import type { WorldDefinition } from './explorer.ts';
import { MINUTE, type Start, UID, type World } from './world.ts';

const GRACE_MS = 5 * MINUTE;

/** Every violation, as a sentence. */
export async function findViolations(
  world: World,
  definition: WorldDefinition,
  processes: readonly ControlledProcess[],
): Promise<string[]> {
  const records = await world.records();
  return [
    ...doubleStarts(world.starts),
    ...unended(world, definition, records),
    ...contradictions(world, records),
    ...falselyMissed(records),
    ...(await leftLeases(world)),
    ...(await wrongTimers(world)),
    ...defects(processes),
  ];
}

/** A planned time, or a requested run, is started at most once. */
function doubleStarts(starts: readonly Start[]): string[] {
  const counts = new Map<string, number>();
  for (const start of starts) counts.set(keyOf(start), (counts.get(keyOf(start)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => `${key} was started ${count} times`);
}

/** Every occurrence that was ever armed, and is past, has exactly one end, unless a user deleted it. */
function unended(world: World, { expected }: WorldDefinition, records: readonly RunRecord[]): string[] {
  return expected.flatMap((time) => {
    const ends = records.filter((record) => record.forced === undefined && covers(record, time));
    if (ends.length === 1 || world.deletedRecords.has(String(time / 1000))) return [];
    return [`${iso(time)} has ${ends.length} ends`];
  });
}

/** No end says something else than what ran; only a holder that outlived its lease is recorded as dead. */
function contradictions(world: World, records: readonly RunRecord[]): string[] {
  return records.flatMap((record) => {
    const start = world.starts.find((one) => keyOf(one) === keyOf(record));
    const { status, reason, plannedAt } = record;
    const what = `${keyOf(record)} is recorded as ${status} ${reason ?? ''}`;
    if (status === 'NOTRUN') return start ? [`${what}, and it ran`] : [];
    if (reason === 'died') return [];
    if (!start) return [`${what}, and it never ran`];
    return start.hasEnded ? [] : [`${what} before it ended (${iso(plannedAt)})`];
  });
}

function falselyMissed(records: readonly RunRecord[]): string[] {
  return records.flatMap(({ reason, plannedAt, endedAt, forced }) =>
    reason === 'missed' && forced === undefined && endedAt - plannedAt <= GRACE_MS
      ? [`${iso(plannedAt)} was within the grace and is recorded as missed`]
      : [],
  );
}

async function leftLeases(world: World): Promise<string[]> {
  const { crons } = await world.site();
  return crons.flatMap(({ uid, job }) =>
    (job?.leases ?? []).map(({ holder }) => `${uid} still has the lease of ${holder}`),
  );
}

/** Every active cron has exactly one timer, at its next time; nothing else has one. */
async function wrongTimers(world: World): Promise<string[]> {
  const { crontab, crons } = await world.site();
  const timers = await world.timers();
  const isOn = crontab?.value?.activated ?? true;
  return crons.flatMap(({ uid, cron, job, unreadable }) => {
    if (unreadable !== undefined) return [];
    const isActive = isOn && cron?.removedAt === undefined && cron?.value?.activated === true;
    const mine = timers.filter((timer) => timer.uid === uid).map(({ plannedAt }) => plannedAt);
    if (!isActive) return mine.map((time) => `${uid} is not active and has a timer at ${iso(time)}`);
    const hasOne = mine.length === 1 && mine[0] === job?.armedAt && (mine[0] ?? 0) > world.now;
    return hasOne
      ? []
      : [`${uid} has timers at ${mine.map(iso)}, and is armed for ${job?.armedAt && iso(job.armedAt)}`];
  });
}

/** A handler may fail because a call failed, and for no other reason. */
function defects(processes: readonly ControlledProcess[]): string[] {
  return processes.flatMap(({ name, error }) => {
    const errors = error instanceof AggregateError ? error.errors : error === undefined ? [] : [error];
    return errors
      .filter((one) => !/is refused|is throttled|answer was lost|others changed it/.test(String(one)))
      .map((one) => `${name} failed: ${one}`);
  });
}

function covers({ plannedAt, covers: range }: RunRecord, time: number): boolean {
  return (range?.from ?? plannedAt) <= time && time <= plannedAt;
}

function keyOf({ plannedAt, forced }: { readonly plannedAt: number; readonly forced?: string }): string {
  return forced ?? `${UID} at ${iso(plannedAt)}`;
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}
