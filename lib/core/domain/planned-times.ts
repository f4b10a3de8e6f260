/** Which cron is active, what its timing is, and which times it plans. */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';
import { parseExpression } from './expression.ts';
import { type Job, logId } from './job.ts';
import { nextRun } from './next-run.ts';

/** Whether the cron should have a timer. */
export function isActive(cron: Cron, settings: CrontabSettings): boolean {
  return cron.activated && settings.activated;
}

/** All that decides about planned times, as text: a timer made for another timing has to be replaced. */
export function timingOf(cron: Cron, settings: CrontabSettings): string {
  return `${cron.name}|${cron.periodicity}|${cron.timezone ?? settings.timezone}`;
}

/**
 * The next planned time after `after` that the job has neither run nor recorded: a clock that is set back comes to the
 * same times again.
 */
export function nextUnrecorded(
  cron: Cron,
  { timezone }: CrontabSettings,
  { leases, logs }: Pick<Job, 'leases' | 'logs'>,
  after: number,
): number | undefined {
  const ran = leases
    .filter(({ forced }) => forced === undefined)
    .map(({ plannedAt }) => ({ from: plannedAt, plannedAt: plannedAt }));
  const recorded = logs
    .filter(({ id, plannedAt }) => id === logId({ plannedAt }))
    .map(({ plannedAt, covers }) => ({ from: covers?.from ?? plannedAt, plannedAt: plannedAt }));
  const isKnown = (time: number) =>
    [...ran, ...recorded].some(({ from, plannedAt }) => from <= time && time <= plannedAt);
  let time = cron.next(after, timezone);
  while (time !== undefined && isKnown(time)) time = cron.next(time, timezone);
  return time;
}

/**
 * The planned times for which a job is armed, up to and with `until`, oldest first: the armed one, and those that follow
 * it by the timing that it was armed for, whatever the cron says by now. None when nothing is armed.
 */
export function dueTimes({ uid, armed }: Pick<Job, 'uid' | 'armed'>, until: number): number[] {
  const times: number[] = [];
  const next = armed && nextByTiming(armed.timing, uid);
  for (let time = armed?.plannedAt; time !== undefined && time <= until; time = next?.(time))
    times.push(time);
  return times;
}

function nextByTiming(timing: string, uid: string): ((time: number) => number | undefined) | undefined {
  const [timezone = '', periodicity = ''] = timing.split('|').reverse();
  try {
    const expression = parseExpression(periodicity, uid);
    return (time) => nextRun(expression, timezone, time);
  } catch {
    // Armed by a version that accepted more: its armed time is all that is known.
    return undefined;
  }
}
