/** The result of a run, and how long it took, as words. */
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { Log } from '../../core/domain/log.ts';
import { statusCell } from './health.ts';
import { plain } from './table.ts';
import { styled } from './terminal.ts';

/** Its status, duration, id and reason: `✗ FAILURE in 6 s, shop/backup, run 1-x: exit code 3`. */
export function runResult(site: string, uid: string, log: Log): string {
  const { text, style } = statusCell(log.status);
  const run = log.runId === undefined ? '' : `, run ${log.runId}`;
  const reason = log.messages.length > 0 ? `: ${plain(log.messages.join(' '))}` : '';
  return `${styled(style, text)}${tookText(log)}, ${site}/${uid}${run}${reason}`;
}

/** ` in 6 s`; empty for a run that did not start. */
export function tookText({ startedAt, date }: Pick<Log, 'startedAt' | 'date'>): string {
  return startedAt === undefined ? '' : ` in ${formatDuration(date - startedAt)}`;
}
