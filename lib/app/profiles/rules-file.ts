/**
 * Reads the rules of an EventBridge bus, in the JSON of `aws events list-rules`. That JSON does not contain the targets, so
 * each cron is switched off and has a placeholder as its runner, unless the reader names a runner.
 */
import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { descriptionField } from './description-note.ts';
import { readJson } from './json-file.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import { readRuleSchedule } from './rule-schedule.ts';
import { type LeftOut, type Note, type SourcePosition, START } from './source-position.ts';
import { wholeProblem } from './validate.ts';

/** The runner of rules whose target is not known. */
const PLACEHOLDER = 'lambda:set-the-target';
const MAX_UID = 36;
const RULES = /^\s*\{\s*"(?:Rules|NextToken)"\s*:/;

/** Whether JSON begins like a list of rules. */
export function isRules(text: string): boolean {
  return RULES.test(text);
}

/** Never throws. `runner` is the name of the runner for all rules. */
export function readRules(text: string, runner?: string): ParseResult {
  const { raw, problems } = readJson(text);
  if (!raw) return { problems };
  const rules = isJsonObject(raw.value) ? raw.value.Rules : undefined;
  if (!Array.isArray(rules) || !rules.every(isJsonObject)) return { problems: [NO_RULES] };
  const positions: SourcePosition[] = [];
  const leftOut: LeftOut[] = [];
  const notes: Note[] = [];
  const crons = rules.flatMap((rule, index) => {
    const position = raw.positionOf(['Rules', index]);
    const cron = cronOf(rule, runner);
    if ('reason' in cron) {
      leftOut.push({ ...position, ...cron });
      return [];
    }
    positions.push(position);
    notes.push(...cron.notes.map((note) => ({ ...position, text: note })));
    return { ...cron.fields, ...descriptionField(textOf(rule.Description), position, notes) };
  });
  const positionOf = ([, index]: Path) => positions[Number(index)] ?? START;
  return { raw: { value: { crons }, positionOf, leftOut, notes }, problems: [] };
}

const NO_RULES = wholeProblem({
  got: 'JSON without a list of rules',
  wanted: 'the output of "aws events list-rules"',
  fix: 'Write it with: aws events list-rules --output json > rules.json',
});

/** The cron of a rule without its description, or why there is none. */
function cronOf(
  rule: JsonObject,
  runner: string | undefined,
): Pick<LeftOut, 'text' | 'reason'> | { readonly fields: JsonObject; readonly notes: readonly string[] } {
  const name = textOf(rule.Name);
  const expression = textOf(rule.ScheduleExpression);
  const schedule =
    expression === '' ? { reason: 'It has no schedule: it reacts to events.' } : readRuleSchedule(expression);
  if (schedule.periodicity === undefined)
    return { text: `${name} ${expression}`.trim(), reason: schedule.reason };
  const { periodicity, difference } = schedule;
  const uid = uidOf(name);
  return {
    fields: {
      uid,
      name: runner ?? PLACEHOLDER,
      periodicity,
      timezone: 'UTC',
      activated: runner !== undefined && rule.State !== 'DISABLED',
    },
    notes: [
      ...(difference === undefined ? [] : [`${uid}: ${difference}.`]),
      ...(runner === undefined ? [targetNote(uid)] : []),
    ],
  };
}

function targetNote(uid: string): string {
  return (
    `${uid} is switched off: the file does not contain the target of its rule. Set it and switch the cron on: ` +
    `cloudtab edit ${uid} --name lambda:FUNCTION --on`
  );
}

/** The name of the rule, if it is a uid; otherwise its valid part and a hash. */
function uidOf(name: string): string {
  const uid = name.replace(/[^A-Za-z0-9_-]/g, '-');
  if (uid === name && uid.length <= MAX_UID) return uid;
  const digest = hash('sha256', name).slice(0, 6);
  return `${uid.slice(0, MAX_UID - digest.length - 1).replace(/-+$/, '')}-${digest}`;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
