/** Creates timers that are lost and removes surplus ones. Which these are is compare-timers.ts. */
import pMap from 'p-map';
import { compareTimers, isArmedFor, isSurplus } from '../domain/compare-timers.ts';
import { iso } from '../domain/iso.ts';
import { type Timer, timerName } from '../domain/names.ts';
import type { ErrorCollection } from './collect-errors.ts';
import type { Ports } from './ports.ts';

export type RepairTimersPorts = Pick<Ports, 'store' | 'queue' | 'clock' | 'logger'>;

/** A timer that is due so soon may have fired by another clock: it is created all the same, and not called lost. */
export const IMMINENT_MS = 10_000;

/** With more differences than that, the lists are read once more as a whole: many changed while they were read. */
const MAX_SINGLE_CONFIRMATIONS = 20;

const CONCURRENCY = 10;

/** Timers that exist, timers that jobs count on, and when the former were listed, in epoch milliseconds. */
export interface TimerLists {
  readonly existing: readonly Timer[];
  readonly armed: readonly Timer[];
  readonly listedAt: number;
}

/**
 * Repairs all timers. The lists may be some seconds old; `listAgain` reads them again. What cannot be repaired goes into
 * `errors` and stops nothing else.
 */
export async function repairTimers(
  ports: RepairTimersPorts,
  lists: TimerLists,
  listAgain: () => Promise<TimerLists>,
  errors: ErrorCollection,
): Promise<void> {
  let { lost, surplus } = compareTimers(lists.existing, lists.armed, lists.listedAt);
  if (lost.length + surplus.length > MAX_SINGLE_CONFIRMATIONS) {
    const again = await listAgain();
    const second = compareTimers(again.existing, again.armed, again.listedAt);
    [lost, surplus] = [inBoth(lost, second.lost), inBoth(surplus, second.surplus)];
  }
  const create = (timer: Timer) => errors.run(() => createLost(ports, timer));
  const remove = (timer: Timer) => errors.run(() => removeSurplus(ports, timer, lists.listedAt));
  await pMap(lost, create, { concurrency: CONCURRENCY });
  await pMap(surplus, remove, { concurrency: CONCURRENCY });
}

function inBoth(first: readonly Timer[], second: readonly Timer[]): Timer[] {
  const names = new Set(first.map(timerName));
  return second.filter((timer) => names.has(timerName(timer)));
}

async function createLost(ports: RepairTimersPorts, timer: Timer): Promise<void> {
  const { site, uid, plannedAt } = timer;
  if (!isArmedFor(await ports.store.read(site, uid), timer)) return;
  if (plannedAt > ports.clock.now() + IMMINENT_MS)
    report(ports, timer, 'Created a timer that was lost', 'timer-lost');
  // Creating one that exists changes nothing.
  await ports.queue.arm(timer);
}

/** `listedAt` is read before the timers are compared: a timer that a run in progress creates later is never surplus. */
async function removeSurplus(ports: RepairTimersPorts, timer: Timer, listedAt: number): Promise<void> {
  const state = await ports.store.read(timer.site, timer.uid);
  if (state.unreadable !== undefined || !isSurplus(state, timer, listedAt)) return;
  report(ports, timer, 'Removed a timer that belongs to no job', 'timer-surplus');
  await ports.queue.disarm(timer);
}

function report(
  { logger }: RepairTimersPorts,
  { site, uid, plannedAt }: Timer,
  what: string,
  code: string,
): void {
  logger.warn(`${what}: ${site}/${uid} at ${iso(plannedAt)}`, { site, uid, plannedAt: iso(plannedAt), code });
}
