/** Which cron is active, what its timing is, and which times it plans. */
import type { Cron } from './cron.ts';
import type { CrontabSettings } from './crontab-settings.ts';

/** Whether the cron should have a timer. */
export function isActive(cron: Cron, settings: CrontabSettings): boolean {
  return cron.activated && settings.activated;
}

/** All that decides about planned times, as text: a timer made for another timing has to be replaced. */
export function timingOf(cron: Cron, settings: CrontabSettings): string {
  return `${cron.name}|${cron.periodicity}|${cron.timezone ?? settings.timezone}`;
}

/** The planned times from `first`, which counts whatever the periodicity says, up to and with `until`; oldest first. */
export function plannedTimes(cron: Cron, timezone: string, first: number, until: number): number[] {
  const times: number[] = [];
  let time: number | undefined = first;
  while (time !== undefined && time <= until) {
    times.push(time);
    time = cron.next(time, timezone);
  }
  return times;
}
