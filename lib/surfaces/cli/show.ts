/** `cloudtab show UID`: shows the definition, the next runs and the last runs of a cron. */

import { dumpCron } from '../../app/door/json.ts';
import type { CronDetail, CronView } from '../../app/operations/cron-view.ts';
import { describePeriodicity } from '../../app/operations/describe-periodicity.ts';
import { formatDuration, formatRelative } from '../../app/operations/format-duration.ts';
import { weekdayTime } from '../../app/operations/local-time.ts';
import { nextRuns, type PlannedRun } from '../../app/operations/preview.ts';
import { trendText } from '../../app/operations/trend-text.ts';
import type { Client } from '../../client/client.ts';
import type { CronFields } from '../../core/domain/cron.ts';
import { withoutDefaults } from '../../core/domain/cron-fields.ts';
import { longDuration, usualDuration } from '../../core/domain/durations.ts';
import { iso } from '../../core/domain/iso.ts';
import { dumpLog } from '../../core/domain/log.ts';
import { offText } from '../../core/domain/off.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import { formatBoth, messageText } from './format-time.ts';
import { healthCell, statusCell } from './health.ts';
import { jsonText, type TextOptions } from './output.ts';
import { tookText } from './run-result.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, table } from './table.ts';
import { styled } from './terminal.ts';
import { wrapText } from './wrap-text.ts';

const MAX_RUNS = 5;
const MAX_LOGS = 5;
/** So many logs say what is usual. */
const LEAST_USUAL = 5;

/** Omitted where they have their default values. */
const POLICIES = ['overlap', 'missed', 'maxLateness', 'timeout', 'logsLimit'] as const;

/** The text to print. Throws NotFoundError when the cron does not exist. */
export async function showCron(client: Client, site: string, uid: string, options: TextOptions = {}) {
  const cron = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  const now = client.now();
  const runs = upcoming(cron, now);
  const trend = trendText(cron.trend, now, cron.timezone);
  if (options.json) {
    const nextRuns = runs.map(({ plannedAt, remark }) => ({ plannedAt: iso(plannedAt), remark }));
    return jsonText({ ...dumpCron(cron), nextRuns, logs: cron.logs.map(dumpLog) });
  }
  const { problems = [], version, modified } = cron.parameter;
  const rows: (readonly Cell[])[] = [
    ['cron', `${site}/${uid}`],
    ['status', healthCell(cron.health)],
    ...(cron.off
      ? [['off', `since ${formatBoth(cron.off.since, now, cron.timezone)}${offText(cron.off)}`]]
      : []),
    ...(trend === undefined ? [] : [['', trend]]),
    ...problems.map((problem, index) => [index === 0 ? 'rejected' : '', problemCell(problem)]),
    ...(cron.unreadable ? [['unreadable', problemCell(cron.unreadable)]] : []),
    ...(cron.definition ? definitionRows(cron.definition, cron) : []),
    ...runRows(cron, now),
    ...runs.map(({ plannedAt, remark = '' }, index) => [
      index === 0 ? 'next runs' : '',
      `${weekdayTime(plannedAt, cron.timezone)}, ${formatRelative(plannedAt, now)}${remark && ` ${remark}`}`,
    ]),
    ...usualRows(cron),
    ...logRows(cron, now),
    ...(version === 0
      ? []
      : [['changed', `${formatBoth(modified, now, cron.timezone)}, version ${version}`]]),
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

function problemCell(problem: Problem): Cell {
  return { text: formatProblem(problem), style: 'red' };
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
  const [first] = job.waiting;
  return [
    ...job.runs.map(({ runId, claimedAt, requestedBy }) => [
      'running',
      `since ${formatBoth(claimedAt, now, timezone)}, run ${runId}${byText(requestedBy)}`,
    ]),
    ...(first
      ? [['waiting', `${job.waiting.length}, first ${formatBoth(first.plannedAt, now, timezone)}`]]
      : []),
  ];
}

function byText(requestedBy: string | undefined): string {
  return requestedBy === undefined ? '' : `, requested by ${requestedBy}`;
}

/** How long its runs take, from the logs that it has. */
function usualRows({ logs }: CronDetail): Cell[][] {
  const usual = usualDuration(logs);
  const long = longDuration(logs);
  if (logs.length < LEAST_USUAL || usual === undefined || long === undefined) return [];
  return [['usually', `${formatDuration(usual)}, and 95 % of the runs at most ${formatDuration(long)}`]];
}

function logRows({ logs, definition, timezone }: CronDetail, now: number): Cell[][] {
  const rows = logs.slice(0, MAX_LOGS).map((log, index): Cell[] => {
    const { date, requestedBy } = log;
    const message = messageText(log, timezone);
    const { text, style } = statusCell(log.status);
    const when = `${tookText(log)}, ${formatBoth(date, now, timezone)}${byText(requestedBy)}`;
    const what = message === '' ? '' : `: ${message}`;
    return [index === 0 ? 'last runs' : '', { text: `${text}${when}${what}`, style }];
  });
  const more = logs.length - rows.length;
  const limit = definition?.logsLimit ?? logs.length;
  return more > 0 ? [...rows, ['', `and ${more} more (${logs.length}/${limit}): see "cloudtab runs"`]] : rows;
}
