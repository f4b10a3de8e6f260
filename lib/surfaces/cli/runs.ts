/** `cloudtab runs [UID]`: lists runs of a site or of one cron, newest first. */
import type { RUN_STATUSES } from '../../app/door/inputs.ts';
import { dumpRunPage } from '../../app/door/json.ts';
import { formatDuration } from '../../app/operations/format-duration.ts';
import { type RunItem, searchedUntil } from '../../app/operations/read-runs.ts';
import type { Client } from '../../client/client.ts';
import { iso } from '../../core/domain/iso.ts';
import { parseTime } from '../../core/domain/parse-time.ts';
import { messageText, timeFormatter } from './format-time.ts';
import { healthCell, statusCell } from './health.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, table } from './table.ts';

export interface RunsOptions extends JsonOptions {
  readonly status?: (typeof RUN_STATUSES)[number];
  readonly failing?: true;
  readonly tag?: string;
  readonly runner?: string;
  /** Runs that users requested. */
  readonly forced?: true;
  /** Runs that were planned. */
  readonly planned?: true;
  readonly since?: string;
  readonly until?: string;
  /** That of the page before. */
  readonly cursor?: string;
  readonly absolute?: true;
  /** The runs of every site; the crons are named with their sites, and absolute times are in UTC. */
  readonly allSites?: true;
  readonly width?: number | undefined;
}

/** The text to print. Throws InvalidError for a time or a status that is not valid, NotFoundError for an unknown site or cron. */
export async function listRuns(
  client: Client,
  site: string,
  uid: string | undefined,
  options: RunsOptions = {},
): Promise<string> {
  const { failing, status = failing ? 'ATTENTION' : undefined, tag, runner, json, allSites } = options;
  const { since, until, cursor, forced = options.planned ? false : undefined } = options;
  const timezone = allSites ? 'UTC' : await zoneOf(client, site, uid);
  const now = client.now();
  const timeOf = (option: string, text: string) =>
    new Date(parseTime(agoOf(text), { option, now, base: now, timezone })).toISOString();
  const filter = {
    status,
    uid,
    tag,
    runner,
    forced,
    count: 50,
    cursor,
    ...(since !== undefined && { since: timeOf('--since', since) }),
    ...(until !== undefined && { until: timeOf('--until', until) }),
  };
  const page = await (allSites
    ? client.call('readAllRuns', {}, filter)
    : client.call('readRuns', { site }, filter));
  if (json) return jsonText({ ...(!allSites && { site }), ...dumpRunPage(page) });
  const more = page.cursor === undefined ? [] : [`${reach(page.cursor)}; for more: --cursor ${page.cursor}`];
  if (page.runs.length === 0) {
    const isPart = [status, tag, runner, forced, since, until, options.cursor, page.cursor].some(
      (one) => one !== undefined,
    );
    const none = isPart ? 'No such run.' : 'No run has ended yet; --status RUNNING lists those in progress.';
    return [none, ...more].join('\n');
  }
  const formatTime = timeFormatter(options.absolute, timezone);
  const rows = page.runs.map((run): Cell[] => [
    run.status === 'RUNNING' ? healthCell('running') : statusCell(run.status),
    allSites ? `${run.site}/${run.uid}` : run.uid,
    formatTime(run.plannedAt, now),
    durationOf(run, now),
    run.id,
    messageText(run, timezone),
  ]);
  const head = ['STATUS', 'CRON', 'PLANNED', 'TOOK', 'ID', 'MESSAGE'];
  return [table([head, ...rows], { ...options, head: true, mayMove: 'ID' }), ...more].join('\n');
}

/** `24h` means 24 hours ago, as for kubectl and docker. */
function agoOf(text: string): string {
  return /^\d+(?:m|h|d|w)$/.test(text) ? `-${text}` : text;
}

function reach(cursor: string): string {
  const time = searchedUntil(cursor);
  return time === undefined ? 'More runs are in progress' : `Searched back to ${iso(time)}`;
}

/** The time zone of the cron, or of the site. */
async function zoneOf(client: Client, site: string, uid: string | undefined): Promise<string> {
  const { timezone } = await withSuggestions(client, site, uid, async () =>
    uid === undefined
      ? (await client.call('readSite', { site })).settings
      : await client.call('readCron', { site, uid }),
  );
  return timezone;
}

function durationOf({ startedAt, date }: RunItem, now: number): string {
  return startedAt === undefined ? '' : formatDuration((date ?? now) - startedAt);
}
