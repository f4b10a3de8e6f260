/**
 * Finds the timers that differ from those that jobs count on, and repairs them. What differs is compare-timers.ts.
 *
 * A run in progress makes its next timer before it claims it, so a job may count on a surplus timer in a moment. It is
 * always the cron's next time: the list is read before the clock, so such a timer never counts as surplus.
 */
import { compareTimers } from '../domain/compare-timers.ts';
import { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../domain/crontab-settings.ts';
import { iso } from '../domain/log.ts';
import type { Timer } from '../domain/names.ts';
import { isActive } from '../domain/planned-times.ts';
import type { Queue } from '../ports/queue.ts';
import type { State } from '../ports/store.ts';
import type { Ports } from './ports.ts';

export type TimersPorts = Pick<Ports, 'store' | 'queue' | 'clock' | 'logger'>;

export type ComparedPorts = Pick<Ports, 'store' | 'clock'> & { readonly queue: Pick<Queue, 'timers'> };

export interface TimerDifference {
  /** An imminent timer is one that is missing so shortly before its time that it may have fired by another clock. */
  readonly kind: 'lost' | 'imminent' | 'surplus';
  readonly timer: Timer;
}

const IMMINENT = 10_000;

/** Makes armed timers that are lost, and removes those that no job counts on. */
export async function repairTimers(ports: TimersPorts): Promise<void> {
  for await (const { kind, timer } of timerDifferences(ports)) {
    if (kind === 'surplus') {
      report(ports, timer, 'Removed a timer that belongs to no job', 'timer-surplus');
      await ports.queue.disarm(timer);
    } else {
      if (kind === 'lost') report(ports, timer, 'Created a timer that was lost', 'timer-lost');
      await ports.queue.arm(timer);
    }
  }
}

/** Each difference right after the read that confirms it. */
export async function* timerDifferences(ports: ComparedPorts): AsyncIterable<TimerDifference> {
  const existing = await Array.fromAsync(ports.queue.timers());
  const now = ports.clock.now();
  const armed = await Array.fromAsync(ports.store.armed());
  const { lost, surplus } = compareTimers(existing, armed, now);
  for (const timer of lost) {
    const kind = timer.plannedAt > now + IMMINENT ? 'lost' : 'imminent';
    if (await isLost(ports, timer)) yield { kind, timer };
  }
  for (const timer of surplus) {
    if (await isSurplus(ports, timer, now)) yield { kind: 'surplus', timer };
  }
}

async function isLost({ store, queue }: ComparedPorts, timer: Timer): Promise<boolean> {
  const { job } = await store.read(timer.site, timer.uid);
  if (job?.armed?.plannedAt !== timer.plannedAt) return false;
  // A run that goes on meanwhile makes its timer after the list was read, and writes its job before it is compared.
  for await (const { plannedAt } of queue.timers(timer)) if (plannedAt === timer.plannedAt) return false;
  return true;
}

async function isSurplus({ store }: ComparedPorts, timer: Timer, now: number): Promise<boolean> {
  const state = await store.read(timer.site, timer.uid);
  return state.job?.armed?.plannedAt !== timer.plannedAt && nextTime(state, now) !== timer.plannedAt;
}

function nextTime({ cron, crontab }: State, now: number): number | undefined {
  if (!cron?.value) return undefined;
  const settings = crontab?.value ?? CRONTAB_DEFAULTS;
  const active = new Cron(cron.value);
  return isActive(active, settings) ? active.next(now, settings.timezone) : undefined;
}

function report({ logger }: TimersPorts, { site, uid, plannedAt }: Timer, what: string, code: string): void {
  logger.warn(`${what}: ${site}/${uid} at ${iso(plannedAt)}`, { site, uid, plannedAt: iso(plannedAt), code });
}
