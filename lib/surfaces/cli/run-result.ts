/** The result of a run in one line. */
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { Log } from '../../core/domain/log.ts';
import { statusCell } from './health.ts';
import { plain } from './table.ts';
import { styled } from './terminal.ts';

/** Its status, duration, id and reason: `✗ FAILURE in 6 s, shop/backup, run 1-x: exit code 3`. */
export function runResult(site: string, uid: string, log: Log): string {
  const { text, style } = statusCell(log.status);
  const took = log.startedAt === undefined ? '' : ` in ${formatDuration(log.date - log.startedAt)}`;
  const run = log.runId === undefined ? '' : `, run ${log.runId}`;
  const reason = log.messages.length > 0 ? `: ${plain(log.messages.join(' '))}` : '';
  return `${styled(style, text)}${took}, ${site}/${uid}${run}${reason}`;
}
