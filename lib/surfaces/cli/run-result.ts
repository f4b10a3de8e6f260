/** The result of a run, and how long it took, as words. */

import type { CronView } from '../../app/operations/cron-view.ts';
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { Log } from '../../core/domain/log.ts';
import { messageText } from './format-time.ts';
import { statusCell } from './health.ts';
import { plain } from './table.ts';
import { styled } from './terminal.ts';

/** Its status, duration, id and reason: `✗ FAILURE in 6 s, shop/backup, run 1-x: exit code 3`. */
export function runResult(
  { site, uid, timezone }: Pick<CronView, 'site' | 'uid' | 'timezone'>,
  log: Log,
): string {
  const { text, style } = statusCell(log.status);
  const run = log.runId === undefined ? '' : `, run ${log.runId}`;
  const message = messageText(log, timezone);
  const reason = message === '' ? '' : `: ${plain(message)}`;
  return `${styled(style, text)}${tookText(log)}, ${site}/${uid}${run}${reason}`;
}

/** ` in 6 s`; empty for a run that did not start. */
export function tookText({ startedAt, date }: Pick<Log, 'startedAt' | 'date'>): string {
  return startedAt === undefined ? '' : ` in ${formatDuration(date - startedAt)}`;
}
