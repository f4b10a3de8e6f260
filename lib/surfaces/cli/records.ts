/** `cloudtab runs UID -f` and `--delete`: follows and deletes the run records of a cron. */
import type { Client } from '../../client/client.ts';
import { InvalidError, NotFoundError } from '../../core/domain/errors.ts';
import { dumpLog, type Log } from '../../core/domain/log.ts';
import { formatBoth, messageText } from './format-time.ts';
import { statusCell } from './health.ts';
import { type JsonOptions, resultText } from './output.ts';
import { tookText } from './run-result.ts';
import { withSuggestions } from './suggest.ts';
import { plain } from './table.ts';
import { styled } from './terminal.ts';

/** The most that a cron has. */
const ALL = { count: 25 };
const POLL_EVERY_MS = 1000;

/** Throws InvalidError without a uid. */
export function onlyCron(uid: string | undefined): string {
  if (uid !== undefined) return uid;
  const fix = 'Name the cron, as in "cloudtab runs nightly -f".';
  throw new InvalidError([{ where: 'runs', got: 'no uid', wanted: 'a uid with --follow or --delete', fix }]);
}

/**
 * Prints existing and new run records, oldest first, one per line, until the signal is aborted. It misses a run record
 * that newer ones push out between two polls.
 */
export async function followRecords(
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
    await client.pause(POLL_EVERY_MS, signal);
  }
}

/**
 * Deletes the run records with these ids or run ids, or with `all` every one, and returns the text to print. Throws
 * NotFoundError, before anything is deleted, when one of them does not exist.
 */
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
    const unknown = ids.filter((one) => !matches.some(({ id, runId }) => one === id || one === runId));
    if (unknown.length > 0) throw new NotFoundError(notFoundText(uid, unknown));
    return client.call('deleteLogs', { site, uid }, { ids: matches.map(({ id }) => id) });
  });
  return resultText({ site, uid, ...result }, options);
}

function notFoundText(uid: string, ids: readonly string[]): string {
  const names = ids.map((id) => `"${id}"`).join(', ');
  return `run ${names} of cron "${uid}" not found, so nothing was deleted; "cloudtab runs ${uid}" lists the ids.`;
}

/** The id with the date, because a later record may replace one with the same id. */
function versionOf({ id, date }: Log): string {
  return `${id} ${date}`;
}

function lineOf(log: Log, now: number, timezone: string): string {
  const { date, status } = log;
  const { text, style } = statusCell(status);
  return `${formatBoth(date, now, timezone)}  ${styled(style, text)}${tookText(log)} ${plain(messageText(log, timezone))}`.trimEnd();
}
