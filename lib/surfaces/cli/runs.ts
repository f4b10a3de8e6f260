/** `cloudtab runs [UID]`: lists runs of a site or of one cron, newest first. */
import type { RUN_STATUSES } from '../../app/door/inputs.ts';
import { dumpRunPage } from '../../app/door/json.ts';
import { formatDuration } from '../../app/operations/format-duration.ts';
import type { RunItem } from '../../app/operations/read-runs.ts';
import type { Client } from '../../client/client.ts';
import { iso } from '../../core/domain/iso.ts';
import { timeFormatter } from './format-time.ts';
import { healthCell, statusCell } from './health.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { parseTime } from './parse-time.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, table } from './table.ts';

export interface RunsOptions extends JsonOptions {
  readonly status?: (typeof RUN_STATUSES)[number];
  readonly failing?: true;
  readonly since?: string;
  readonly absolute?: true;
  readonly width?: number | undefined;
}

/** The text to print. Throws InvalidError for a time or a status that is not valid, NotFoundError for an unknown site or cron. */
export async function listRuns(
  client: Client,
  site: string,
  uid: string | undefined,
  options: RunsOptions = {},
): Promise<string> {
  const { timezone } = await withSuggestions(client, site, uid, async () =>
    uid === undefined
      ? (await client.call('readSite', { site })).settings
      : await client.call('readCron', { site, uid }),
  );
  const now = client.now();
  const { failing, status = failing ? 'ATTENTION' : undefined, since, json } = options;
  const context = { option: '--since', now, base: now, timezone };
  const page = await client.call(
    'readRuns',
    { site },
    {
      status,
      uid,
      count: 50,
      ...(since !== undefined && { since: new Date(parseTime(since, context)).toISOString() }),
    },
  );
  if (json) return jsonText({ site, ...dumpRunPage(page) });
  const more =
    page.cursor === undefined
      ? []
      : [`Searched back to ${iso(Number(page.cursor))}; --json has the cursor for more.`];
  if (page.runs.length === 0) return ['No such run.', ...more].join('\n');
  const formatTime = timeFormatter(options.absolute, timezone);
  const rows = page.runs.map((run): Cell[] => [
    run.status === 'RUNNING' ? healthCell('running') : statusCell(run.status),
    run.uid,
    formatTime(run.plannedAt, now),
    durationOf(run, now),
    run.id,
    run.messages.join(' '),
  ]);
  const head = ['STATUS', 'CRON', 'PLANNED', 'TOOK', 'ID', 'MESSAGE'];
  return [table([head, ...rows], { ...options, head: true, mayCut: ['MESSAGE'] }), ...more].join('\n');
}

function durationOf({ startedAt, date }: RunItem, now: number): string {
  return startedAt === undefined ? '' : formatDuration((date ?? now) - startedAt);
}
