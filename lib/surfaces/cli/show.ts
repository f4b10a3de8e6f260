/** `cloudtab show UID`: shows the definition, the next runs and the last runs of a cron. */

import { dumpCron } from '../../app/door/json.ts';
import type { CronDetail, CronView } from '../../app/operations/cron-view.ts';
import { describePeriodicity } from '../../app/operations/describe-periodicity.ts';
import { formatDuration, formatRelative } from '../../app/operations/format-duration.ts';
import { weekdayTime } from '../../app/operations/local-time.ts';
import { offText } from '../../app/operations/off-since.ts';
import { nextRuns, type PlannedRun } from '../../app/operations/preview.ts';
import { trendText } from '../../app/operations/trend-text.ts';
import type { Client } from '../../client/client.ts';
import type { CronFields } from '../../core/domain/cron.ts';
import { withoutDefaults } from '../../core/domain/cron-fields.ts';
import { iso } from '../../core/domain/iso.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { formatProblem } from '../../core/domain/problem.ts';
import { formatBoth } from './format-time.ts';
import { healthCell, statusCell } from './health.ts';
import { jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, table } from './table.ts';
import { styled } from './terminal.ts';
import { wrapText } from './wrap-text.ts';

export interface ShowOptions {
  readonly json?: true;
  readonly width?: number | undefined;
}

const MAX_RUNS = 5;
const MAX_LOGS = 5;

/** Omitted where they have their default values. */
const POLICIES = ['overlap', 'missed', 'maxLateness', 'timeout', 'logsLimit'] as const;

/** The text to print. Throws NotFoundError when the cron does not exist. */
export async function showCron(client: Client, site: string, uid: string, options: ShowOptions = {}) {
  const cron = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  const now = client.now();
  const runs = upcoming(cron, now);
  const trend = trendText(cron.trend, now, cron.timezone);
  if (options.json) {
    const nextRuns = runs.map(({ plannedAt, remark }) => ({
      plannedAt: iso(plannedAt),
      ...(remark === undefined ? {} : { remark }),
    }));
    return jsonText({ ...dumpCron(cron), nextRuns, logs: cron.logs.map(dumpLog) });
  }
  const rows: (readonly Cell[])[] = [
    ['cron', `${site}/${uid}`],
    ['status', healthCell(cron.health)],
    ...(cron.off
      ? [['off', `since ${formatBoth(cron.off.since, now, cron.timezone)}${offText(cron.off)}`]]
      : []),
    ...(trend === undefined ? [] : [['', trend]]),
    ...(cron.parameter.problems ?? []).map((problem, index) => [
      index === 0 ? 'rejected' : '',
      { text: formatProblem(problem), style: 'red' as const },
    ]),
    ...(cron.unreadable
      ? [['unreadable', { text: formatProblem(cron.unreadable), style: 'red' as const }]]
      : []),
    ...(cron.definition ? definitionRows(cron.definition, cron) : []),
    ...runRows(cron, now),
    ...runs.map(({ plannedAt, remark = '' }, index) => [
      index === 0 ? 'next runs' : '',
      `${weekdayTime(plannedAt, cron.timezone)}, ${formatRelative(plannedAt, now)}${remark && ` ${remark}`}`,
    ]),
    ...logRows(cron, now),
    ...(cron.parameter.version === 0
      ? []
      : [
          [
            'changed',
            `${formatBoth(cron.parameter.modified, now, cron.timezone)}, version ${cron.parameter.version}`,
          ],
        ]),
  ];
  const labelled = rows.map(([label, ...cells]): readonly Cell[] => [
    { text: String(label), style: 'bold' },
    ...cells,
  ]);
  return [
    ...(client.note ? [styled('yellow', wrapText(client.note, options.width))] : []),
    table(labelled, options),
  ].join('\n');
}

function upcoming({ definition, active, uid, timezone, job }: CronView, now: number): PlannedRun[] {
  if (!definition || !active || job.next === undefined) return [];
  const { periodicity } = definition;
  return nextRuns({ periodicity, timezone, uid }, Math.min(now, job.next - 1), MAX_RUNS);
}

function definitionRows(definition: CronFields, { uid, timezone }: CronView): Cell[][] {
  const { name, periodicity, environ, user, description, tags } = definition;
  const changed = withoutDefaults({ ...definition });
  const policies = POLICIES.filter((field) => field in changed);
  const seconds = (field: string) => (field === 'timeout' || field === 'maxLateness' ? ' s' : '');
  return [
    ...(description === undefined ? [] : [['about', description]]),
    ...(tags === undefined ? [] : [['tags', tags.join(', ')]]),
    ['runner', name],
    ['schedule', `${periodicity} (${describePeriodicity(periodicity, uid)}), ${timezone}`],
    ...(user === undefined ? [] : [['user', user]]),
    ...policies.map((field) => [field, `${definition[field]}${seconds(field)}`]),
    ...Object.entries(environ).map(([key, value], index) => [
      index === 0 ? 'environ' : '',
      `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]),
  ];
}

function runRows({ job, timezone }: CronView, now: number): Cell[][] {
  return [
    ...job.runs.map(({ runId, claimedAt, requestedBy }) => [
      'running',
      `since ${formatBoth(claimedAt, now, timezone)}, run ${runId}${byText(requestedBy)}`,
    ]),
    ...(job.waiting.length > 0
      ? [
          [
            'waiting',
            `${job.waiting.length}, first ${formatBoth(job.waiting[0]?.plannedAt ?? now, now, timezone)}`,
          ],
        ]
      : []),
  ];
}

function byText(requestedBy: string | undefined): string {
  return requestedBy === undefined ? '' : `, requested by ${requestedBy}`;
}

function logRows({ logs, definition, timezone }: CronDetail, now: number): Cell[][] {
  const rows = logs
    .slice(0, MAX_LOGS)
    .map(({ date, startedAt, status, messages, requestedBy }, index): Cell[] => {
      const took = startedAt === undefined ? '' : ` in ${formatDuration(date - startedAt)}`;
      const { text, style } = statusCell(status);
      const label = index === 0 ? 'last runs' : '';
      return [
        label,
        {
          text: `${text}${took}, ${formatBoth(date, now, timezone)}${byText(requestedBy)}${messages.length > 0 ? `: ${messages.join(' ')}` : ''}`,
          style,
        },
      ];
    });
  const more = logs.length - rows.length;
  const limit = definition?.logsLimit ?? logs.length;
  return more > 0 ? [...rows, ['', `and ${more} more (${logs.length}/${limit}): see "cloudtab runs"`]] : rows;
}
