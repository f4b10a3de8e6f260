/** Formats a forecast for a terminal, in sections that are separated by an empty line and limited in length. */
import { formatDuration } from '../../app/operations/format-duration.ts';
import { localTime, weekdayTime } from '../../app/operations/local-time.ts';
import type { FieldDifference } from '../../core/domain/cron-fields.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { inForceText } from '../../core/domain/in-force.ts';
import { type Off, offText } from '../../core/domain/off.ts';
import { type PlannedRun, reasonOf } from '../../core/forecast/cron-forecast.ts';
import type { Total } from '../../core/forecast/forecast.ts';
import { lockedLines, named, noteLines, summary } from './plan-text.ts';
import { type Line, type Shown, shownLines } from './shown-forecast.ts';
import { plain, table } from './table.ts';
import { wrapText } from './wrap-text.ts';

const MAX_SURPRISES = 10;
const MAX_NAMED = 8;
const MARKS = { added: '+', removed: '-', changed: '~' } as const;
const STEP_MARKS = { add: '+', remove: '-', change: '~' } as const;

/** The text to print. `width`: of the terminal; absent: unlimited. */
export function forecastText(shown: Shown, width?: number): string {
  const sections = [
    [headline(shown), ...notes(shown)],
    changes(shown),
    timeline(shown, width),
    totals(shown, width),
    surprises(shown),
    busiest(shown, width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => wrapText(lines.join('\n'), width))
    .join('\n\n');
}

function headline({ site, settings, after: { runs, totals, from, to }, profile }: Shown): string {
  const skipped = runs.filter(({ fate }) => fate === 'skipped').length;
  const not = skipped === 0 ? '' : `; ${counted(skipped, 'planned time')} would not run`;
  const active = totals.filter((total) => total.active).length;
  const work = `${counted(runs.length - skipped, 'run')} of ${counted(active, 'cron')}`;
  const who = `${profile ? 'With the profile, the' : 'The'} crontab of ${site}`;
  return `${who} would do ${work} from ${localTime(from, settings.timezone)} to ${localTime(to, settings.timezone)}${not}.`;
}

function notes({ site, settings, off, cronsOff, rejected, after, all }: Shown): string[] {
  const unknown = after.totals.flatMap(({ uid, first, duration }) =>
    first && duration === undefined ? uid : [],
  );
  return [
    ...(settings.activated
      ? []
      : [
          `The crontab of ${site} is switched off${off ? ` ${sinceText(off, settings)}` : ''}: no cron runs.`,
        ]),
    ...cronsOff
      .slice(0, all ? cronsOff.length : MAX_NAMED)
      .map((one) => `– ${one.uid} is off ${sinceText(one.off, settings)}`),
    ...(all || cronsOff.length <= MAX_NAMED
      ? []
      : [`… ${cronsOff.length - MAX_NAMED} more crons are off: --all shows since when.`]),
    ...rejected.map(({ uid, inForce }) =>
      inForce
        ? `! ${uid}: the latest edit is not valid; this forecast uses the version before.`
        : `! ${uid}: the latest edit is not valid; ${inForceText(false)}.`,
    ),
    ...(unknown.length === 0
      ? []
      : [`No run record for ${named(unknown, MAX_NAMED)}: overlaps of its runs are unknown.`]),
  ];
}

function sinceText(off: Off, { timezone }: CrontabSettings): string {
  return `since ${localTime(off.since, timezone)}${plain(offText(off))}`;
}

/** The changes of the profile, one line per cron; `cloudtab plan` shows the values. */
function changes({ site, profile }: Shown): string[] {
  if (!profile) return [];
  const { plan, file } = profile;
  const fieldsOf = (all: readonly FieldDifference[]) => all.map(({ field }) => field).join(', ');
  return [
    ...(plan.settings.length > 0 ? [`~ the crontab of ${site}: ${fieldsOf(plan.settings)}`] : []),
    ...plan.steps.map((step) => {
      const fields = step.kind === 'change' ? `: ${fieldsOf(step.changes)}` : '';
      return `${STEP_MARKS[step.kind]} ${step.uid}${fields}`;
    }),
    ...noteLines(file, plan),
    ...lockedLines(plan),
    summary(plan),
  ];
}

function timeline(shown: Shown, width: number | undefined): string[] {
  const { lines, left } = shownLines(shown);
  if (lines.length === 0) return shown.profile ? ['The profile changes no planned time.'] : [];
  const head = shown.profile ? '  TIME' : 'TIME';
  const { timezone } = shown.settings;
  const hasOwnClock = lines.some(({ run }) => ownClock(run, timezone) !== '');
  const rows = lines.map((line) => cellsOf(line, timezone, hasOwnClock));
  const more = left === 0 ? [] : [`… ${left.toLocaleString('en')} more: --all shows them.`];
  return [
    table([[head, ...(hasOwnClock ? ['OWN CLOCK'] : []), 'UID', ''], ...rows], { width, head: true }),
    ...more,
  ];
}

function cellsOf({ run, kind }: Line, timezone: string, hasOwnClock: boolean): string[] {
  const { cron, plannedAt } = run;
  const mark = kind === undefined ? '' : `${MARKS[kind]} `;
  const fate = kind === 'removed' ? '' : fateText(run, timezone);
  const ownTime = hasOwnClock ? [ownClock(run, timezone)] : [];
  return [`${mark}${weekdayTime(plannedAt, timezone)}`, ...ownTime, cron.uid, fate];
}

function fateText(run: PlannedRun, timezone: string): string {
  const reason = reasonOf(run);
  if (reason === undefined) return '';
  const what =
    run.fate === 'waits' && run.starts !== undefined
      ? `waits until ${localTime(run.starts, timezone)}`
      : run.fate;
  return `${what}: ${reason}`;
}

/** The time by the clock of a cron that has another time zone than the crontab. */
function ownClock({ cron, plannedAt }: PlannedRun, timezone: string): string {
  const own = cron.timezone ?? timezone;
  return own === timezone ? '' : weekdayTime(plannedAt, own);
}

function totals({ before, after, settings }: Shown, width: number | undefined): string[] {
  const was = new Map(before.totals.map((total) => [total.uid, total]));
  const is = new Map(after.totals.map((total) => [total.uid, total]));
  const all = new Map([...was, ...is]);
  if (all.size === 0) return [];
  const rows = [...all.values()].map((total) =>
    totalCells(total, settings.timezone, was.get(total.uid), is.get(total.uid)),
  );
  const names = ['UID', 'RUNS', 'SKIPPED', 'WAIT', 'OVERLAP', 'USUALLY', 'FIRST', 'LAST', ''];
  return [table([names, ...rows], { width, head: true })];
}

function totalCells(
  { uid, active, duration: lasts }: Total,
  timezone: string,
  was?: Total,
  is?: Total,
): string[] {
  const count = (of: (total: Total) => number) => changeText(was ? of(was) : 0, is ? of(is) : 0);
  const ran = count(({ runs, waits, overlaps }) => runs + waits + overlaps);
  return [
    uid,
    ran || (active ? '0' : 'off'),
    count(({ skipped }) => skipped),
    count(({ waits }) => waits),
    count(({ overlaps }) => overlaps),
    lasts === undefined ? '' : formatDuration(lasts),
    is?.first === undefined ? '' : localTime(is.first, timezone),
    is?.last === undefined ? '' : localTime(is.last, timezone),
  ];
}

function surprises({ after, all }: Shown): string[] {
  const kept = all ? after.surprises : after.surprises.slice(0, MAX_SURPRISES);
  const left = after.surprises.length - kept.length;
  return [
    ...kept.map(({ text }) => text),
    ...(left === 0 ? [] : [`… ${left} more such times: --all shows them.`]),
  ];
}

function busiest({ after, settings }: Shown, width: number | undefined): string[] {
  if (after.busiest.length === 0) return [];
  const rows = after.busiest.map(({ time, uids }) => [
    localTime(time, settings.timezone),
    counted(uids.length, 'cron'),
    named(uids, MAX_NAMED),
  ]);
  return ['The minutes in which most crons start:', table(rows, { width })];
}

function changeText(was: number, is: number): string {
  return was === is ? String(is || '') : `${was} → ${is}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
