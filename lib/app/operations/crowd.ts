/** The rule about minutes in which many crons of a crontab start. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { fieldTexts } from '../../core/domain/periodicity.ts';
import { isActive } from '../../core/domain/timing.ts';

/** So many crons in one minute are crowded. Those that run more often than every half an hour are not counted. */
export const CROWDED = 20;
const HALF_HOUR = 1_800_000;

/** The crons that are counted. */
export function countedCrons(crons: readonly Cron[], settings: CrontabSettings, now: number): Cron[] {
  const { timezone } = settings;
  return crons.filter(
    (cron) => isActive(cron, settings) && isSeldom((after) => cron.next(after, timezone), now),
  );
}

/** Whether half an hour or more passes between its next two runs. `next` is the first run after a time. */
export function isSeldom(next: (after: number) => number | undefined, now: number): boolean {
  const first = next(now);
  const second = first && next(first);
  return second === undefined || second - (first ?? 0) >= HALF_HOUR;
}

/** How to spread crons over minutes, for example that of a valid periodicity; empty if it has a minute of its own already. */
export function spreadHint(periodicity = '0 2 * * *'): string {
  const { minute, hour, day, month, weekday } = fieldTexts(periodicity);
  if (/h/i.test(minute)) return '';
  const spread = /^\d+$/.test(minute) ? ['H', hour, day, month, weekday].join(' ') : 'H 2 * * *';
  return `Spread them: with "H" in place of the minute, as in "${spread}", each cron has a minute of its own.`;
}
