/** `cloudtab ls`: lists the crons of a site with their health, next run and last run. */

import { wholeCrontab } from '../../app/door/whole-lists.ts';
import type { CronView } from '../../app/operations/cron-view.ts';
import type { CrontabView } from '../../app/operations/crontab-view.ts';
import { formatRelative } from '../../app/operations/format-duration.ts';
import { pluralize } from '../../app/operations/messages.ts';
import type { Client } from '../../client/client.ts';
import { inForceText } from '../../core/domain/in-force.ts';
import { DEFAULT_SITE } from '../../core/domain/names.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import { type FormatTime, messageText, timeFormatter } from './format-time.ts';
import { healthCell } from './health.ts';
import { chosenCrons, type LsFilter } from './ls-filter.ts';
import { PATTERN } from './ls-pattern.ts';
import { offLines } from './off.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { type Cell, plain, table } from './table.ts';
import { wrapWords } from './wrap-text.ts';

export interface ListOptions extends JsonOptions, LsFilter {
  /** The list is one of several, which leave out the hint about patterns. */
  readonly allSites?: true;
  /** Print times of the crontab's zone, not relative to now. */
  readonly absolute?: true;
  /** Width of the terminal. */
  readonly width?: number | undefined;
}

/** The least width of a terminal with room for schedules in words. */
const WIDE = 110;
const MAY_CUT = ['UID', 'RUNNER', 'SCHEDULE', 'IN WORDS'];

/** The text to print. Throws NotFoundError when the site does not exist. */
export async function listCrons(client: Client, site: string, options: ListOptions = {}): Promise<string> {
  const crontab = await withSuggestions(client, site, undefined, () => wholeCrontab(client.call, site));
  const { settings, parameter } = crontab;
  const crons = await chosenCrons(crontab.crons, options);
  if (options.json) {
    const { dumpCron, dumpSite } = await import('../../app/door/json.ts');
    return jsonText({ ...dumpSite(crontab), crons: crons.map(dumpCron) });
  }
  const now = client.now();
  const isWide = (options.width ?? 0) >= WIDE;
  const inWords = isWide ? ['IN WORDS'] : [];
  const message = crons.some(({ job }) => job.last && job.last.messages.length > 0) ? 'MESSAGE' : '';
  // Absolute times need its space.
  const hasRunner = isWide || !options.absolute || options.width === undefined;
  const runner = hasRunner ? ['RUNNER'] : [];
  const head = ['STATUS', 'UID', ...runner, 'SCHEDULE', ...inWords, 'NEXT', 'LAST', message];
  const formatTime = timeFormatter(options.absolute, settings.timezone);
  // Loaded only here: most terminals have no room for it.
  const words = isWide ? await import('../../app/operations/describe-periodicity.ts') : undefined;
  const rows = crons.map((cron) =>
    cellsOf(cron, formatTime, now, {
      hasRunner,
      describe: words?.describePeriodicity,
      timezone: settings.timezone,
    }),
  );
  return [
    ...wrapWords(client.note ?? '', options.width).filter((line) => line !== ''),
    ...wrapWords(summary(crontab, now), options.width),
    ...found(crontab, crons.length, options).flatMap((line) => wrapWords(line, options.width)),
    ...(rows.length === 0 ? [] : [table([head, ...rows], { ...options, head: true, mayCut: MAY_CUT })]),
    ...[
      ...rejections('crontab', 'the last valid settings stay in force', parameter?.problems),
      ...crons.flatMap((cron) =>
        rejections(cron.uid, inForceText(cron.definition !== undefined), cron.parameter.problems),
      ),
      ...crons.flatMap(unreadableLine),
      ...offLines(crons, crontab.off, settings.timezone, now),
    ].flatMap((line) => wrapWords(line, options.width)),
  ].join('\n');
}

function summary({ site, settings, counts }: CrontabView, now: number): string {
  const { crons, active, failing, late, next } = counts;
  const switches = [
    ...(settings.activated ? [] : ['switched off']),
    ...(settings.readOnly ? ['read only'] : []),
  ];
  const upcoming = next ? [`next run ${formatRelative(next.plannedAt, now)} (${next.uid})`] : [];
  const numbers = [
    pluralize(crons, 'cron'),
    `${active} active`,
    ...(failing > 0 ? [`${failing} failing`] : []),
    ...(late > 0 ? [`${late} late`] : []),
  ];
  return `${site} (${settings.timezone}): ${[...switches, ...numbers, ...upcoming].join(', ')}`;
}

/** How many crons are listed, if not all, or what to do if there is none. */
function found({ site, crons }: CrontabView, count: number, { pattern, allSites }: ListOptions): string[] {
  if (crons.length === 0) {
    const option = site === DEFAULT_SITE ? '' : ` --site ${site}`;
    return [`Add a cron, for example: cloudtab add heartbeat @daily${option}`];
  }
  if (count === crons.length) return [];
  if (count > 0) return [`${count} of them ${count === 1 ? 'matches' : 'match'}:`];
  return [
    `None of them matches.${pattern && !allSites ? ` A pattern is ${PATTERN}, without wildcards.` : ''}`,
  ];
}

function cellsOf(
  { uid, definition, health, trend, job }: CronView,
  formatTime: FormatTime,
  now: number,
  {
    hasRunner,
    describe,
    timezone,
  }: {
    readonly hasRunner: boolean;
    /** That of the crontab. */
    readonly timezone: string;
    /** Adds the cell with the schedule in words. */
    readonly describe: ((periodicity: string, uid: string) => string) | undefined;
  },
): Cell[] {
  return [
    healthCell(health, trend),
    uid,
    ...(hasRunner ? [definition?.name ?? ''] : []),
    definition?.periodicity ?? '',
    ...(describe ? [definition ? describe(definition.periodicity, uid) : ''] : []),
    job.next === undefined ? '' : formatTime(job.next, now),
    job.last ? formatTime(job.last.date, now) : '',
    job.last ? messageText(job.last, timezone) : '',
  ];
}

function unreadableLine({ uid, unreadable }: CronView): string[] {
  return unreadable ? [`! ${uid} cannot be read and does not run. ${plain(formatProblem(unreadable))}`] : [];
}

function rejections(name: string, consequence: string, problems: readonly Problem[] = []): string[] {
  return problems.map(
    (problem) => `! ${name}: the latest edit is not valid; ${consequence}. ${plain(formatProblem(problem))}`,
  );
}
