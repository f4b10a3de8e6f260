/** Texts that the messages of several operations share. */
import { iso } from '../../core/domain/iso.ts';
import type { CronView } from './cron-view.ts';

/** When it runs next, or why it does not. */
export function nextRunText({ definition, active, job }: CronView): string {
  if (job.next !== undefined) return `It runs next at ${iso(job.next)}.`;
  if (active) return 'It never runs again: no such time comes.';
  return definition?.activated ? 'It does not run: the crontab is switched off.' : 'It is switched off.';
}

/** `1 log`, `2 logs`. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
