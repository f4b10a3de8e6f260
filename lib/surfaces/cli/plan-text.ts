/** Formats a plan as text for a terminal, and as JSON for programs. */

import { cronWarnings } from '../../app/operations/cron-warnings.ts';
import { formatRelative } from '../../app/operations/format-duration.ts';
import { localTime } from '../../app/operations/local-time.ts';
import { pluralize } from '../../app/operations/messages.ts';
import {
  type AddStep,
  type ChangeStep,
  hasChanges,
  MISSING,
  type Moved,
  type ProfilePlan,
  type Step,
  UNSUPPORTED,
  type WithoutRunner,
} from '../../app/profiles/plan.ts';
import type { ProfileProblem } from '../../app/profiles/source-position.ts';
import type { FieldDifference } from '../../core/domain/cron-fields.ts';
import { iso } from '../../core/domain/iso.ts';
import { jsonShown, type Row, rowLines, visible } from './plan-rows.ts';
import { linkTo, placedText, problemJson } from './profile-file.ts';
import { fitting, plain } from './table.ts';
import { type Style, styled, terminalWidth } from './terminal.ts';

const MAX_OTHERS = 5;
/** A file that is no profile at all has one in each line. */
const MAX_PROBLEMS = 20;
const INDENT = '    ';

/** The present in epoch milliseconds, and the time zone of the crontab once the plan is applied. */
interface Now {
  readonly time: number;
  readonly timezone: string;
}

/** `time` is the present in epoch milliseconds. */
export function planText(plan: ProfilePlan, file: string, time: number): string {
  const now = { time, timezone: plan.settingsAfter.timezone };
  const { site, settings, steps, moved, problems } = plan;
  const parts = [
    ...(settings.length > 0
      ? [stepText('yellow', '~', `the crontab of ${site}`, settings.map(fieldRow))]
      : []),
    ...steps.map((step) => textOf(step, now)),
    ...moved.map((one) => movedText(one, now)),
    ...steps.flatMap((step) => warningLines(step, site)),
    ...plan.withoutRunner.map(withoutRunnerLine),
    ...noteLines(file, plan),
    ...problemLines(file, problems),
    ...lockedLines(plan),
  ];
  return fitting([...parts, summary(plan)].join('\n'));
}

function warningLines(step: Step, site: string): string[] {
  if (step.kind === 'remove') return [];
  return warningsOf(step, site).map((warning) => `${styled('yellow', '!')} ${step.uid}: ${warning}`);
}

function withoutRunnerLine({ uid, name }: WithoutRunner): string {
  return (
    `${styled('yellow', '!')} ${uid} is switched off: ${JSON.stringify(name)} is not a runner that may run here. ` +
    `Once it is, switch the cron on: cloudtab on ${uid}`
  );
}

/** The parts of the file that are skipped, and those that are taken over with a difference. */
export function noteLines(
  file: string,
  { leftOut, notes }: Pick<ProfilePlan, 'leftOut' | 'notes'>,
): string[] {
  const mark = styled('yellow', '!');
  return [
    ...leftOut.map(
      (one) => `${mark} ${linkTo(file, one)} is left out: ${plain(one.text)}\n    ${one.reason}`,
    ),
    ...notes.map((note) => `${mark} ${linkTo(file, note)} ${plain(note.text)}`),
  ];
}

/** The first of them, and how many more there are. */
export function problemLines(file: string, problems: readonly ProfileProblem[]): string[] {
  const left = problems.length - MAX_PROBLEMS;
  return [
    ...problems.slice(0, MAX_PROBLEMS).map((problem) => `${styled('red', '✗')} ${placedText(file, problem)}`),
    ...(left > 0 ? [`… ${left} more: "cloudtab plan ${file} --json" prints them.`] : []),
  ];
}

/** Why the plan cannot be applied while the crontab is locked. */
export function lockedLines({ site, locked }: Pick<ProfilePlan, 'site' | 'locked'>): string[] {
  if (!locked) return [];
  return [
    `The crontab of ${site} is read-only: the plan cannot be applied. Unlock it with: cloudtab edit --no-read-only --site ${site}`,
  ];
}

/** The number of changes of each kind. */
export function summary(plan: ProfilePlan): string {
  const { site, settings, steps, unchanged, others, moved, problems } = plan;
  if (problems.length > 0) return problemCount(problems);
  const count = (kind: Step['kind']) => steps.filter((step) => step.kind === kind).length;
  const stay =
    others.length > 0 ? ` Not in the file: ${named(others, MAX_OTHERS)}. Remove with --prune.` : '';
  if (!hasChanges(plan)) {
    const why = unchanged.length === 0 ? 'the file has no crons' : `the crontab of ${site} matches the file`;
    return `No changes: ${why}.${stay}`;
  }
  const moves = moved.length > 0 ? `, which change the next run of ${pluralize(moved.length, 'cron')}` : '';
  const also = settings.length > 0 ? `, and the settings${moves}` : '';
  const counts = `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove${also}`;
  return `${counts}; ${unchanged.length} unchanged.${stay}`;
}

/** Times are ISO 8601. */
export function planJson(plan: ProfilePlan) {
  const { site, settings, steps, unchanged, others, moved, problems, locked } = plan;
  const { leftOut, notes, withoutRunner } = plan;
  return {
    site,
    changes: hasChanges(plan),
    locked,
    settings,
    steps: steps.map((step) => stepJson(step, site)),
    unchanged,
    others,
    moved: moved.map(({ uid, nextBefore, nextAfter }) => ({
      uid,
      nextBefore: isoOf(nextBefore),
      nextAfter: isoOf(nextAfter),
    })),
    leftOut,
    notes,
    withoutRunner,
    problems: problems.map(problemJson),
  };
}

/** The number of problems, their consequence, and the options that help. */
export function problemCount(problems: readonly ProfileProblem[]): string {
  const { length } = problems;
  const options = [
    ...(problems.some(({ where }) => where === UNSUPPORTED)
      ? ['--skip-unsupported leaves out what cannot become a cron.']
      : []),
    ...(problems.some(({ where, got }) => where === 'name' && got !== MISSING)
      ? ['--keep-unknown takes over crons whose runner does not exist yet, switched off.']
      : []),
  ];
  const fixed = `The file cannot be applied until ${length === 1 ? 'it is' : 'they are'} fixed.`;
  return [`${pluralize(length, 'problem')}. ${fixed}`, ...options].join('\n');
}

/** The first of them, and how many more there are. */
export function named(uids: readonly string[], most: number): string {
  const more = uids.length > most ? ` and ${uids.length - most} more` : '';
  return `${uids.slice(0, most).join(', ')}${more}`;
}

function textOf(step: Step, now: Now): string {
  switch (step.kind) {
    case 'add': {
      const { uid: _, ...fields } = step.fields;
      const rows = Object.entries(fields).map(([field, value]): Row => [field, jsonShown(value)]);
      return stepText('green', '+', step.uid, [...rows, ['next run', when(step.next, now)]]);
    }
    case 'change': {
      const { repairs, changes, nextBefore, nextAfter } = step;
      const note = repairs ? 'replaces a version that is not valid' : undefined;
      const rows = [...changes.map(fieldRow), nextRow(nextBefore, nextAfter, now)];
      return stepText('yellow', '~', step.uid, rows, note);
    }
    case 'remove': {
      const note = step.pruned ? 'not in the file' : undefined;
      return stepText('red', '-', step.uid, [nextRow(step.nextBefore, undefined, now)], note);
    }
  }
}

function movedText({ uid, nextBefore, nextAfter }: Moved, now: Now): string {
  const note = 'only the next run changes, because of the settings of the crontab';
  return stepText([], '·', uid, [nextRow(nextBefore, nextAfter, now)], note);
}

function stepText(style: Style, mark: string, what: string, rows: readonly Row[], note?: string): string {
  const lines = [...(note === undefined ? [] : [note]), ...rowLines(rows, width())];
  return [`${styled(style, mark)} ${styled('bold', what)}`, ...lines.map((line) => `${INDENT}${line}`)].join(
    '\n',
  );
}

/** The width of the terminal without the indentation of the rows. */
function width(): number | undefined {
  const whole = terminalWidth();
  return whole === undefined ? undefined : whole - INDENT.length;
}

function fieldRow({ field, before, after }: FieldDifference): Row {
  return [visible(field), jsonShown(before), `→ ${jsonShown(after)}`];
}

function nextRow(before: number | undefined, after: number | undefined, now: Now): Row {
  return before === after
    ? ['next run', when(after, now)]
    : ['next run', when(before, now), `→ ${when(after, now)}`];
}

function when(time: number | undefined, now: Now): string {
  return time === undefined
    ? 'never'
    : `${localTime(time, now.timezone)} (${formatRelative(time, now.time)})`;
}

function stepJson(step: Step, site: string) {
  const { kind, uid } = step;
  switch (step.kind) {
    case 'add':
      return { kind, uid, fields: step.fields, warnings: warnings(step, site), next: isoOf(step.next) };
    case 'change': {
      const { changes, repairs } = step;
      const next = { nextBefore: isoOf(step.nextBefore), nextAfter: isoOf(step.nextAfter) };
      return { kind, uid, changes, repairs, warnings: warnings(step, site), ...next };
    }
    case 'remove':
      return { kind, uid, pruned: step.pruned, nextBefore: isoOf(step.nextBefore) };
  }
}

function warnings(step: AddStep | ChangeStep, site: string): string[] | undefined {
  const found = warningsOf(step, site);
  return found.length === 0 ? undefined : found;
}

function warningsOf({ cron, unchecked }: AddStep | ChangeStep, site: string): string[] {
  return [...cronWarnings(cron, site), unchecked ?? []].flat();
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : iso(time);
}
