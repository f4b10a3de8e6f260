/** Formats a plan as text for a terminal, and as JSON for programs. */

import { formatRelative } from '../../app/operations/format-duration.ts';
import { pluralize } from '../../app/operations/messages.ts';
import { policyWarnings } from '../../app/operations/policy-warnings.ts';
import {
  type AddStep,
  type ChangeStep,
  hasChanges,
  type Moved,
  type ProfilePlan,
  type Step,
} from '../../app/profiles/plan.ts';
import type { LeftOut, ProfileProblem } from '../../app/profiles/source-position.ts';
import type { FieldDifference } from '../../core/domain/cron-fields.ts';
import { iso } from '../../core/domain/iso.ts';
import { jsonShown, type Row, rowLines, visible } from './plan-rows.ts';
import { linkTo, placedText, problemJson } from './profile-file.ts';
import { fitting, plain, type Style, styled, terminalWidth } from './table.ts';

const MAX_OTHERS = 5;
const INDENT = '    ';

/** `now` is in epoch milliseconds. */
export function planText(plan: ProfilePlan, file: string, now: number): string {
  const { site, settings, steps, moved, problems, leftOut } = plan;
  const parts = [
    ...(settings.length > 0
      ? [stepText('yellow', '~', `the crontab of ${site}`, settings.map(fieldRow))]
      : []),
    ...steps.map((step) => textOf(step, now)),
    ...moved.map((one) => movedText(one, now)),
    ...steps.flatMap(warningLines),
    ...problemLines(file, problems, leftOut),
    ...lockedLines(plan),
  ];
  return fitting([...parts, summary(plan)].join('\n'));
}

function warningLines(step: Step): string[] {
  if (step.kind === 'remove') return [];
  return warningsOf(step).map((warning) => `${styled('yellow', '!')} ${step.uid}: ${warning}`);
}

/** The parts of the file that are left out, and its problems. */
export function problemLines(
  file: string,
  problems: readonly ProfileProblem[],
  leftOut: readonly LeftOut[],
): string[] {
  return [
    ...leftOut.map(
      (one) =>
        `${styled('yellow', '!')} ${linkTo(file, one)} is left out: ${plain(one.text)}\n    ${one.reason}`,
    ),
    ...problems.map((problem) => `${styled('red', '✗')} ${placedText(file, problem)}`),
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
  const stay = others.length > 0 ? ` Not in the file: ${named(others)}. Remove with --prune.` : '';
  if (!hasChanges(plan)) return `No changes: the crontab of ${site} matches the file.${stay}`;
  const moves = moved.length > 0 ? `, which change the next run of ${pluralize(moved.length, 'cron')}` : '';
  const also = settings.length > 0 ? `, and the settings${moves}` : '';
  const counts = `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove${also}`;
  return `${counts}; ${unchanged.length} unchanged.${stay}`;
}

/** Times are ISO 8601. */
export function planJson(plan: ProfilePlan) {
  const { site, settings, steps, unchanged, others, moved, problems, leftOut, locked } = plan;
  return {
    site,
    changes: hasChanges(plan),
    locked,
    settings,
    steps: steps.map(stepJson),
    unchanged,
    others,
    moved: moved.map(({ uid, nextBefore, nextAfter }) => ({
      uid,
      ...time('nextBefore', nextBefore),
      ...time('nextAfter', nextAfter),
    })),
    leftOut,
    problems: problems.map(problemJson),
  };
}

/** The number of problems and their consequence. */
export function problemCount({ length }: readonly ProfileProblem[]): string {
  return `${pluralize(length, 'problem')}. The file cannot be applied until ${length === 1 ? 'it is' : 'they are'} fixed.`;
}

function named(uids: readonly string[]): string {
  const more = uids.length > MAX_OTHERS ? ` and ${uids.length - MAX_OTHERS} more` : '';
  return `${uids.slice(0, MAX_OTHERS).join(', ')}${more}`;
}

function textOf(step: Step, now: number): string {
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

function movedText({ uid, nextBefore, nextAfter }: Moved, now: number): string {
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

function nextRow(before: number | undefined, after: number | undefined, now: number): Row {
  return before === after
    ? ['next run', when(after, now)]
    : ['next run', when(before, now), `→ ${when(after, now)}`];
}

function when(time: number | undefined, now: number): string {
  return time === undefined ? 'never' : `${iso(time)} (${formatRelative(time, now)})`;
}

function stepJson(step: Step) {
  const { kind, uid } = step;
  switch (step.kind) {
    case 'add':
      return { kind, uid, fields: step.fields, ...warnings(step), ...time('next', step.next) };
    case 'change': {
      const { changes, repairs, nextBefore, nextAfter } = step;
      return {
        kind,
        uid,
        changes,
        repairs,
        ...warnings(step),
        ...time('nextBefore', nextBefore),
        ...time('nextAfter', nextAfter),
      };
    }
    case 'remove':
      return { kind, uid, pruned: step.pruned, ...time('nextBefore', step.nextBefore) };
  }
}

function warnings(step: AddStep | ChangeStep) {
  const found = warningsOf(step);
  return found.length === 0 ? {} : { warnings: found };
}

function warningsOf({ cron, unchecked }: AddStep | ChangeStep): string[] {
  return [...policyWarnings(cron), unchecked ?? []].flat();
}

function time(name: string, plannedAt: number | undefined) {
  return plannedAt === undefined ? {} : { [name]: iso(plannedAt) };
}
