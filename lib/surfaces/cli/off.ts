/** Since when a cron or a crontab is off, by whom and why, as a line of a list. */
import { type Off, offText } from '../../core/domain/off.ts';
import { formatBoth } from './format-time.ts';
import { plain } from './table.ts';

/** Such as "– nightly is off since 2 h ago (…) by ana: the database moves". */
export function offLine(name: string, off: Off, timezone: string, now: number): string {
  return `– ${name} is off since ${formatBoth(off.since, now, timezone)}${plain(offText(off))}`;
}
