/**
 * A cron from yesterday to tomorrow, in slots of an hour: what became of its occurrences, and which are planned. Each slot
 * has one result, so that a cron that runs every minute costs no more than one that runs every hour. How lanes are read and
 * drawn is not here.
 */
import { parseExpression } from './expression.ts';
import { nextRun } from './next-run.ts';
import { GRACE_MS } from './occurrence.ts';
import type { CoveredTimes, Status } from './run-record.ts';

/** From the first instant to the one after the last, in epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A run that has ended or is in progress, or an occurrence that did not run. Times are epoch milliseconds. */
export interface PastRun {
  readonly id: string;
  readonly plannedAt: number;
  readonly status: Status | 'RUNNING';
  /** When it ended; absent while it is in progress. */
  readonly date?: number;
  readonly covers?: CoveredTimes;
}

/** When a cron was switched on or off. */
export interface Switch {
  readonly since: number;
  readonly isOn: boolean;
}

export interface LaneRequest {
  /** Newest first. */
  readonly runs: readonly PastRun[];
  /** The definition in force; absent if there is none. */
  readonly schedule?:
    | { readonly periodicity: string; readonly uid: string; readonly timezone: string }
    | undefined;
  /** Since when it is in force, as far as that is known: nothing is said of planned times before. */
  readonly scheduledSince: number;
  /** Planned times that are overdue or wait for their turn. */
  readonly pending: readonly number[];
  readonly off: readonly Period[];
  /** All runs that were planned since then are among `runs`. */
  readonly readSince: number;
  /** All that were planned since then and are not OK are among `runs`. */
  readonly attentionSince: number;
}

const WORST_FIRST = ['FAILURE', 'WARN', 'NOTRUN', 'RUNNING', 'OK'] as const;

/**
 * What became of a slot: the worst status of its runs, or one is in progress; `PENDING`: one is overdue or waits; `NONE`: one was
 * planned, and no record says what became of it; `QUIET`: not all runs were read, but none needs attention; `UNREAD`: not
 * even that is known; `NEXT`: one is planned.
 */
export const SLOT_RESULTS = [...WORST_FIRST, 'PENDING', 'NONE', 'QUIET', 'UNREAD', 'NEXT'] as const;

export type SlotResult = (typeof SLOT_RESULTS)[number];

export interface Slot {
  /** The start of the slot, in epoch milliseconds. */
  readonly from: number;
  readonly result: SlotResult;
  /** When it is planned: the one that is shown. */
  readonly plannedAt: number;
  /** How many runs are known to be in it; of planned ones 1, or 2 for several. */
  readonly count: number;
  /** It has several runs, or several are planned in it. */
  readonly isBand: boolean;
  /** All runs in it are known. */
  readonly isWhole: boolean;
  /** How many of these have the result of the slot. */
  readonly alike: number;
  /** The run that is shown: the newest with that result. */
  readonly run?: PastRun;
}

export const SLOT_MS = 3_600_000;

/** From this time yesterday until this time tomorrow, in whole slots. */
export function timelinePeriod(now: number): Period {
  const from = Math.floor(now / SLOT_MS) * SLOT_MS - 24 * SLOT_MS;
  return { from, to: from + 49 * SLOT_MS };
}

/** The slots of a cron with anything in them, earliest first. A slot costs two steps of the schedule at most. */
export function lane(request: LaneRequest, { from, to }: Period, now: number): Slot[] {
  const runs = runsBySlot(request.runs, from);
  const slots: Slot[] = [];
  for (let start = from; start < to; start += SLOT_MS) {
    const past = pastSlot(start, runs.get(start) ?? [], request, now);
    if (past) slots.push(past);
    const planned = plannedSlot(start, request, now);
    if (planned) slots.push(planned);
  }
  return slots;
}

/** The switches of a cron or a crontab as the periods in which it was off; newest first, `to` is the end of the last one. */
export function offPeriods(switches: readonly Switch[], to: number): Period[] {
  return switches
    .map(({ since, isOn }, index) => ({ isOn, from: since, to: switches[index - 1]?.since ?? to }))
    .filter(({ isOn, from, to: end }) => !isOn && from < end)
    .map(({ from, to: end }) => ({ from, to: end }));
}

function runsBySlot(runs: readonly PastRun[], from: number): Map<number, PastRun[]> {
  const bySlot = new Map<number, PastRun[]>();
  for (const run of runs) {
    const first = Math.max(from, slotOf(run.covers?.from ?? run.plannedAt));
    for (let slot = first; slot <= run.plannedAt; slot += SLOT_MS) {
      const others = bySlot.get(slot);
      if (others) others.push(run);
      else bySlot.set(slot, [run]);
    }
  }
  return bySlot;
}

function pastSlot(
  start: number,
  runs: readonly PastRun[],
  request: LaneRequest,
  now: number,
): Slot | undefined {
  const end = start + SLOT_MS;
  const times = plannedTimes(request, start, Math.min(end, now - GRACE_MS));
  const isWhole = start >= request.readSince;
  const worst = WORST_FIRST.find((status) => runs.some((one) => one.status === status));
  const alike = runs.filter(({ status }) => status === worst);
  const [run] = alike;
  if (run) {
    const plannedAt = Math.max(start, Math.min(run.plannedAt, end - 1));
    const isBand = runs.length > 1 || times.length > 1;
    const numbers = { count: runs.length, alike: alike.length, isBand, isWhole };
    return { from: start, result: run.status, plannedAt, ...numbers, run };
  }
  const waiting = request.pending.find((time) => time >= start && time < end);
  if (waiting !== undefined) return unknownSlot(start, 'PENDING', [waiting]);
  const plannedAt = times.find((time) => time >= request.scheduledSince);
  if (plannedAt === undefined) return undefined;
  if (plannedAt >= request.readSince) return unknownSlot(start, 'NONE', times);
  return unknownSlot(start, start >= request.attentionSince ? 'QUIET' : 'UNREAD', times);
}

function plannedSlot(start: number, request: LaneRequest, now: number): Slot | undefined {
  const times = plannedTimes(request, Math.max(start, now + 1), start + SLOT_MS);
  return times.length === 0 ? undefined : unknownSlot(start, 'NEXT', times);
}

/** A slot without a run, and the first of its planned times. */
function unknownSlot(from: number, result: SlotResult, times: readonly number[]): Slot {
  const [plannedAt = from] = times;
  const count = times.length;
  return { from, result, plannedAt, count, alike: count, isBand: count > 1, isWhole: count === 1 };
}

/** The first two times of that period at which the cron is planned and on. */
function plannedTimes({ schedule, off }: LaneRequest, from: number, to: number): number[] {
  if (!schedule) return [];
  const expression = parseExpression(schedule.periodicity, schedule.uid);
  const times: number[] = [];
  let time = nextRun(expression, schedule.timezone, from - 1);
  while (time !== undefined && time < to && times.length < 2) {
    const at = time;
    const period = off.find((one) => one.from <= at && at < one.to);
    if (!period) times.push(at);
    time = nextRun(expression, schedule.timezone, period ? period.to - 1 : at);
  }
  return times;
}

function slotOf(time: number): number {
  return Math.floor(time / SLOT_MS) * SLOT_MS;
}
