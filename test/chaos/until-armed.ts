/** Waits for the recovery of a crontab. */
import { setTimeout as pause } from 'node:timers/promises';
import type { History } from './history.ts';
import { exitText, type RunningCommand } from './processes.ts';
import { LONGEST_PERIOD, type WorkloadCron } from './workload.ts';

export interface Armed {
  readonly pace: number;
  readonly crons: readonly WorkloadCron[];
  readonly history: History;
}

const MINUTE = 60_000;
/** How long recovery may take beyond the minutes of the fast clock that it has to wait for. */
const RECOVERY_MARGIN_MS = 60_000;

/**
 * Waits until all crons are armed for a time from `time` on (epoch milliseconds of the fast clock). Returns a violation if
 * that takes too long; throws if the scheduler exits.
 */
export async function untilArmed(
  { pace, crons, history }: Armed,
  scheduler: RunningCommand,
  time = 0,
): Promise<string[]> {
  const end = Date.now() + (2 * LONGEST_PERIOD * MINUTE) / pace + RECOVERY_MARGIN_MS;
  for (;;) {
    const earlyExit = await Promise.race([pause(100), scheduler.exit]);
    if (earlyExit) throw new Error(`The scheduler exited by itself: ${exitText(earlyExit)}`);
    const jobs = await history.readJobs();
    const stalled = crons.filter(({ uid }) => (jobs.get(uid)?.armedAt ?? -1) < time);
    if (stalled.length === 0) return [];
    if (Date.now() >= end)
      return [`these crons are not armed again: ${stalled.map(({ uid }) => uid).join(', ')}`];
  }
}
