/** Since when crons and crontabs are off, by whom and why, as lines of a list. */
import type { CronView } from '../../app/operations/cron-view.ts';
import { type Off, offText } from '../../core/domain/off.ts';
import { formatBoth } from './format-time.ts';
import { plain } from './table.ts';

/** Such as "– nightly is off since 2 h ago (…) by ana: the database moves". */
export function offLine(name: string, off: Off, timezone: string, now: number): string {
  return `– ${name} is off since ${formatBoth(off.since, now, timezone)}${plain(offText(off))}`;
}

/** A line for each cron that is off itself, and one for the crontab if it is off; `timezone` is that of the crontab. */
export function offLines(
  crons: readonly CronView[],
  crontab: Off | undefined,
  timezone: string,
  now: number,
): string[] {
  return [
    ...(crontab ? [offLine('The crontab', crontab, timezone, now)] : []),
    ...crons.flatMap((cron) =>
      cron.off && cron.definition?.activated === false
        ? [offLine(cron.uid, cron.off, cron.timezone, now)]
        : [],
    ),
  ];
}
