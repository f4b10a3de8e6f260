/** `cloudtab logs UID`: prints, follows and deletes the run records of a cron. */
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { Client } from '../../client/client.ts';
import { dumpLog, type Log } from '../../core/domain/log.ts';
import { formatBoth, timeFormatter } from './format-time.ts';
import { statusCell } from './health.ts';
import { type JsonOptions, jsonText, resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, plain, table } from './table.ts';
import { styled } from './terminal.ts';

export interface LogsOptions extends JsonOptions {
  readonly absolute?: true;
  readonly width?: number | undefined;
}

/** The most that a cron has. */
const ALL = { count: 25 };
const POLL_EVERY_MS = 1000;

/** The text to print, newest run first. Throws NotFoundError when the cron does not exist. */
export async function showLogs(client: Client, site: string, uid: string, options: LogsOptions = {}) {
  const { logs, definition, timezone } = await withSuggestions(client, site, uid, () =>
    client.call('readCron', { site, uid }),
  );
  if (options.json) return jsonText({ site, uid, logs: logs.map(dumpLog) });
  if (logs.length === 0) return `${site}/${uid} has not run yet.`;
  const now = client.now();
  const formatTime = timeFormatter(options.absolute, timezone);
  const rows = logs.map(({ plannedAt, startedAt, date, status, messages, runId = '' }): Cell[] => [
    statusCell(status),
    formatTime(plannedAt, now),
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
 * Prints existing and new run records, oldest first, one per line, until the signal is aborted. It misses a run record
 * that newer ones push out between two polls.
 */
export async function followLogs(
  client: Client,
  site: string,
  uid: string,
  {
    json,
    signal,
    print,
  }: JsonOptions & { readonly signal: AbortSignal; readonly print: (line: string) => void },
): Promise<void> {
  const { timezone } = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  let printed = new Set<string>();
  while (!signal.aborted) {
    const { logs } = await withSuggestions(client, site, uid, () =>
      client.call('readLogs', { site, uid }, ALL),
    );
    for (const log of logs.toReversed()) {
      if (!printed.has(versionOf(log)))
        print(json ? JSON.stringify(dumpLog(log)) : lineOf(log, client.now(), timezone));
    }
    printed = new Set(logs.map(versionOf));
    await Promise.race([client.pause(POLL_EVERY_MS), aborted(signal)]);
  }
}

/** Deletes the run records with these ids or run ids, or with `all` every one, and returns the text to print. */
export async function deleteRecords(
  client: Client,
  site: string,
  uid: string,
  ids: readonly string[],
  options: JsonOptions,
): Promise<string> {
  const result = await withSuggestions(client, site, uid, async () => {
    if (ids.includes('all')) return client.call('deleteLogs', { site, uid }, {});
    const { logs } = await client.call('readLogs', { site, uid }, ALL);
    const matches = logs.filter(({ id, runId }) => ids.includes(id) || ids.includes(runId ?? ''));
    return client.call('deleteLogs', { site, uid }, { ids: matches.map(({ id }) => id) });
  });
  return resultText({ site, uid, ...result }, options);
}

/** The id with the date, because a later record may replace one with the same id. */
function versionOf({ id, date }: Log): string {
  return `${id} ${date}`;
}

function lineOf({ date, startedAt, status, messages }: Log, now: number, timezone: string): string {
  const { text, style } = statusCell(status);
  const took = startedAt === undefined ? '' : ` in ${formatDuration(date - startedAt)}`;
  return `${formatBoth(date, now, timezone)}  ${styled(style, text)}${took} ${plain(messages.join(' '))}`.trimEnd();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
