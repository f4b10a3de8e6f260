/** `cloudtab logs UID`: what a cron did, and why it did not; also as it happens. */

import { formatDuration } from '../../app/operations/format-duration.ts';
import { readCron } from '../../app/operations/read.ts';
import { readLogs } from '../../app/operations/read-logs.ts';
import { dumpLog, type Log } from '../../core/domain/log.ts';
import { pause } from '../../core/ports/clock.ts';
import type { Target } from '../../core/ports/target.ts';
import { formatBoth, timeFormatter } from './format-time.ts';
import { statusCell } from './health.ts';
import { jsonText } from './options.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, plain, styled, table } from './table.ts';

export interface LogsOptions {
  readonly json?: true;
  readonly absolute?: true;
  readonly width?: number | undefined;
}

/** More than a cron can have. */
const ALL = { count: 100 };
const LOOK_EVERY = 1000;

/** The text to print, newest first. Throws NotFoundError when there is no such cron. */
export async function showLogs(target: Target, site: string, uid: string, options: LogsOptions = {}) {
  const { ports } = target;
  const { logs, definition } = await withSuggestions(target, site, uid, () => readCron(ports, site, uid));
  if (options.json) return jsonText({ site, uid, logs: logs.map(dumpLog) });
  if (logs.length === 0) return `${site}/${uid} has not run yet.`;
  const now = ports.clock.now();
  const tell = timeFormatter(options.absolute);
  const rows = logs.map(({ plannedAt, startedAt, date, status, messages, runId = '' }): Cell[] => [
    statusCell(status),
    tell(plannedAt, now),
    startedAt === undefined ? '' : formatDuration(date - startedAt),
    runId,
    messages.join(' '),
  ]);
  const count = `${logs.length}/${definition?.logsLimit ?? logs.length} last logs of ${site}/${uid}`;
  return [
    count,
    table([['STATUS', 'PLANNED', 'TOOK', 'RUN', 'MESSAGES'], ...rows], { ...options, head: true }),
  ].join('\n');
}

/**
 * Tells each log that is there or comes, oldest first, one line each, until the signal is aborted. A log that was
 * pushed out within one look is not told: the cron keeps too few.
 */
export async function followLogs(
  target: Target,
  site: string,
  uid: string,
  {
    json,
    signal,
    tell,
  }: LogsOptions & { readonly signal: AbortSignal; readonly tell: (line: string) => void },
): Promise<void> {
  const { ports } = target;
  let told = new Set<string>();
  while (!signal.aborted) {
    const { logs } = await withSuggestions(target, site, uid, () => readLogs(ports, site, uid, ALL));
    for (const log of logs.toReversed()) {
      // A log of the same id may be replaced by what happened then.
      if (!told.has(keyOf(log))) tell(json ? JSON.stringify(dumpLog(log)) : lineOf(log, ports.clock.now()));
    }
    told = new Set(logs.map(keyOf));
    await Promise.race([pause(ports.clock, LOOK_EVERY), aborted(signal)]);
  }
}

function keyOf({ id, date }: Log): string {
  return `${id} ${date}`;
}

function lineOf({ date, startedAt, status, messages }: Log, now: number): string {
  const { text, style } = statusCell(status);
  const took = startedAt === undefined ? '' : ` in ${formatDuration(date - startedAt)}`;
  return `${formatBoth(date, now)}  ${styled(style, text)}${took} ${plain(messages.join(' '))}`.trimEnd();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
