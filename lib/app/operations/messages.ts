/** Texts that the messages of several operations share. */
import type { CronView } from './cron-view.ts';
import { weekdayTime } from './local-time.ts';

/** When it runs next, in the time zone of its schedule, or why it does not. */
export function nextRunText({ definition, unreadable, active, job, timezone }: CronView): string {
  if (unreadable) return 'It does not run: its stored state cannot be read.';
  if (job.next !== undefined) return `It runs next at ${weekdayTime(job.next, timezone)}.`;
  if (active) return 'It never runs again: no such time comes.';
  return definition?.activated ? 'It does not run: the crontab is switched off.' : 'It is switched off.';
}

/** `1 log`, `2 logs`. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
