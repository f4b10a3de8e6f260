/**
 * Reads the rules of an EventBridge bus, in the JSON of `aws events list-rules`. That JSON does not contain the targets, so
 * each cron is switched off and has a placeholder as its runner, unless the reader names a runner.
 */
import { createHash } from 'node:crypto';
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
  const reader = new Reader(runner);
  for (const [index, rule] of rules.entries()) reader.take(rule, raw.positionOf(['Rules', index]));
  return reader.end();
}

const NO_RULES = wholeProblem({
  got: 'JSON without a list of rules',
  wanted: 'the output of "aws events list-rules"',
  fix: 'Write it with: aws events list-rules --output json > rules.json',
});

class Reader {
  readonly #runner: string | undefined;
  readonly #crons: JsonObject[] = [];
  readonly #positions: SourcePosition[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #notes: Note[] = [];

  constructor(runner: string | undefined) {
    this.#runner = runner;
  }

  take(rule: JsonObject, position: SourcePosition): void {
    const name = textOf(rule.Name);
    const expression = textOf(rule.ScheduleExpression);
    const schedule =
      expression === ''
        ? { reason: 'It has no schedule: it reacts to events.' }
        : readRuleSchedule(expression);
    if (schedule.periodicity === undefined) {
      this.#leftOut.push({ ...position, text: `${name} ${expression}`.trim(), reason: schedule.reason });
      return;
    }
    const uid = uidOf(name);
    const { periodicity, difference } = schedule;
    if (difference !== undefined) this.#notes.push({ ...position, text: `${uid}: ${difference}.` });
    if (this.#runner === undefined) this.#notes.push({ ...position, text: targetNote(uid) });
    this.#crons.push({
      uid,
      name: this.#runner ?? PLACEHOLDER,
      periodicity,
      timezone: 'UTC',
      activated: this.#runner !== undefined && rule.State !== 'DISABLED',
      ...descriptionField(textOf(rule.Description), position, this.#notes),
    });
    this.#positions.push(position);
  }

  end(): ParseResult {
    const positionOf = ([, index]: Path) => this.#positions[Number(index)] ?? START;
    const [leftOut, notes] = [this.#leftOut, this.#notes];
    return {
      raw: { value: { crons: this.#crons }, positionOf, whenAdded: {}, leftOut, notes },
      problems: [],
    };
  }
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
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${uid.slice(0, MAX_UID - hash.length - 1).replace(/-+$/, '')}-${hash}`;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
