/**
 * Compares the timers that exist with those that jobs count on, and mends both ways.
 *
 * A run in progress makes its next timer before it claims it, so a timer that nobody counts on may be counted on in a
 * moment. It is always the cron's next time: the list is read before the clock, so such a timer is never taken away.
 */
import { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../domain/crontab-settings.ts';
import { iso } from '../domain/log.ts';
import { type Timer, timerName } from '../domain/names.ts';
import { isActive } from '../domain/planned-times.ts';
import type { State } from '../ports/store.ts';
import type { Ports } from './ports.ts';

export type TimersPorts = Pick<Ports, 'store' | 'queue' | 'clock' | 'logger'>;

/** A timer that comes so soon may have fired by another clock: it is made all the same, and not called lost. */
const IMMINENT = 10_000;

/** A timer of the recent past is being delivered and goes by itself. */
const PASSING = 3_600_000;

/** Makes armed timers that are lost and removes those that nobody counts on. */
export async function repairTimers(ports: TimersPorts): Promise<void> {
  const existing = new Map<string, Timer>();
  for await (const timer of ports.queue.timers()) existing.set(timerName(timer), timer);
  const now = ports.clock.now();
  for await (const armed of ports.store.armed()) {
    const found = existing.delete(timerName(armed));
    if (!found && armed.plannedAt > now) await repairLost(ports, armed, now);
  }
  for (const timer of existing.values()) {
    if (timer.plannedAt > now || timer.plannedAt < now - PASSING) await removeSurplus(ports, timer, now);
  }
}

async function repairLost(ports: TimersPorts, timer: Timer, now: number): Promise<void> {
  const { job } = await ports.store.read(timer.site, timer.uid);
  if (job?.armed?.plannedAt !== timer.plannedAt) return;
  // A run that goes on meanwhile makes its timer after the list was read, and writes its job before it is compared.
  for await (const { plannedAt } of ports.queue.timers(timer)) if (plannedAt === timer.plannedAt) return;
  if (timer.plannedAt > now + IMMINENT) report(ports, timer, 'Made a timer that was lost', 'timer-lost');
  await ports.queue.arm(timer);
}

async function removeSurplus(ports: TimersPorts, timer: Timer, now: number): Promise<void> {
  const state = await ports.store.read(timer.site, timer.uid);
  if (state.job?.armed?.plannedAt === timer.plannedAt || nextTime(state, now) === timer.plannedAt) return;
  report(ports, timer, 'Removed a timer that belongs to no job', 'timer-surplus');
  await ports.queue.disarm(timer);
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
