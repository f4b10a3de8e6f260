/**
 * Says whether anything was lost or doubled, from what is left behind: the records and the state in the database, and
 * the line that each run writes when it starts. It knows what was planned by counting minutes.
 */
import { iso, type Log } from '../../lib/domain/log.ts';
import type { Subject } from './crons.ts';

const MINUTE = 60_000;

/** One run that began, as its own line tells. */
export interface Start {
  readonly uid: string;
  /** The planned time, in epoch milliseconds. */
  readonly planned: number;
  readonly runId: string;
}

/** What is known of one cron at the end. */
export interface Remains {
  readonly subject: Subject;
  /** The first planned time, which was armed before anything was killed. */
  readonly first: number;
  /** The planned time that is armed at the end; absent when none is. */
  readonly armed?: number;
  /** Planned times that still wait for their turn. */
  readonly waiting: readonly number[];
  /** The ids of the runs that a person asked for, and was answered. Those that wait are not among them. */
  readonly asked: readonly string[];
  /** How many runs still hold a lease, with nobody left to run them. */
  readonly leases: number;
  /** Every record that was ever seen. One that was changed is there in each of its forms. */
  readonly logs: readonly Log[];
  readonly starts: readonly Start[];
}

/** How many planned times there were of this cron. */
export function plannedCount({ subject, first, armed }: Remains): number {
  return armed === undefined ? 0 : times(subject, first, armed - 1).length;
}

/** All that was lost or doubled, and all that says so little that one cannot know; empty when all is well. */
export function violations(remains: Remains): string[] {
  const found = [
    ...recordViolations(remains),
    ...startViolations(remains),
    ...stateViolations(remains),
    ...plannedViolations(remains),
  ];
  return found.map((text) => `${remains.subject.uid}: ${text}`);
}

/** A record stands once and for all, and says why when nothing ran or a run died. */
function recordViolations({ logs }: Remains): string[] {
  const twice = repeated(logs.map(({ id }) => id)).map((id) => `has two records of ${id}`);
  const silent = logs
    .filter(({ status, messages }) => (status === 'FAILURE' || status === 'NOTRUN') && !messages[0])
    .map(({ id, status }) => `the record of ${id} says ${status} and not why`);
  return [...twice, ...silent];
}

/** A run that began or was asked for has a record of its own, and no other run began for that one. */
function startViolations({ logs, starts, asked }: Remains): string[] {
  const twice = repeated(starts.map(({ runId }) => runId)).map((runId) => `the run ${runId} started twice`);
  const unknown = starts
    .filter(
      ({ planned, runId }) => !logs.some((log) => log.runId === runId && log.at === planned && hasRun(log)),
    )
    .map(({ planned, runId }) => `the run ${runId} of ${iso(planned)} started and has no record`);
  const forgotten = asked
    .filter((runId) => !logs.some((log) => log.runId === runId))
    .map((runId) => `the run ${runId} was asked for and has no record`);
  const invented = logs
    .filter((log) => log.status === 'OK' && !starts.some(({ runId }) => runId === log.runId))
    .map(({ id }) => `the record of ${id} says OK, but no such run started`);
  return [...twice, ...unknown, ...forgotten, ...invented];
}

function hasRun({ started }: Log): boolean {
  return started !== undefined;
}

function stateViolations({ subject, armed, leases }: Remains): string[] {
  const lease = leases === 0 ? [] : [`${leases} run(s) hold a lease, and nobody runs`];
  if (armed === undefined) return [...lease, 'has no timer'];
  return isPlanned(subject, armed)
    ? lease
    : [...lease, `its timer is for ${iso(armed)}, which is not planned`];
}

/** Each planned time has exactly one record that stands for it, or waits. */
function plannedViolations({ subject, first, armed, waiting, logs }: Remains): string[] {
  if (armed === undefined) return [];
  const planned = logs.filter(({ id }) => !id.includes('-'));
  const count = new Map(times(subject, first, armed - 1).map((time) => [time, 0]));
  const found: string[] = [];
  const mark = (time: number) => {
    const before = count.get(time);
    if (before === undefined) found.push(`${iso(time)} has a record and was not planned`);
    else count.set(time, before + 1);
  };
  for (const time of waiting) mark(time);
  for (const { at, covers } of planned) if (!covers) mark(at);
  for (const { at, covers } of planned.toSorted((one, other) => one.at - other.at)) {
    if (!covers) continue;
    const range = times(subject, covers.from, at);
    // It stands for all times of its range, or, when some of them have records of their own, for the others.
    const meant = range.length === covers.count ? range : range.filter((time) => count.get(time) === 0);
    if (meant.length !== covers.count || meant.at(-1) !== at || meant[0] !== covers.from)
      found.push(`the record of ${iso(at)} stands for ${covers.count} times, but ${meant.length} are meant`);
    for (const time of meant) mark(time);
  }
  for (const [time, records] of count) {
    if (records === 0) found.push(`${iso(time)} was lost: it has no record`);
    if (records > 1) found.push(`${iso(time)} was doubled: ${records} records stand for it`);
  }
  return found;
}

function times(subject: Subject, from: number, to: number): number[] {
  const found: number[] = [];
  for (let time = Math.ceil(from / MINUTE) * MINUTE; time <= to; time += MINUTE) {
    if (isPlanned(subject, time)) found.push(time);
  }
  return found;
}

function isPlanned({ everyMinutes }: Subject, time: number): boolean {
  return time % (everyMinutes * MINUTE) === 0;
}

function repeated(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) < index))];
}
