/**
 * Reads a Unix crontab. `CRON_TZ`, or else `TZ`, sets the time zone of the lines below it; commands get all variables but
 * `CRON_TZ` and `MAILTO`. The comments directly above a line are its description. A comment `# cloudtab: {…}` gives the cron below it fields that a crontab cannot express, such as a uid. Lines
 * that cloudtab cannot run are left out, each with the reason. crontab-line.ts parses single lines.
 */
import { hash } from 'node:crypto';
import type { JsonObject } from '../../core/domain/cron.ts';
import { attempt } from '../../core/domain/errors.ts';
import { parseExpression } from '../../core/domain/expression.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { kindOf } from '../../core/domain/json-text.ts';
import { MAX_PARAMETER_BYTES } from '../../core/domain/parameter-size.ts';
import { truncate } from '../../core/domain/truncate.ts';
import { CrontabComments } from './crontab-comments.ts';
import { type CrontabLine, parseLine, shellEnviron, taskOf } from './crontab-line.ts';
import { readSchedule } from './crontab-steps.ts';
import { CrontabVariables } from './crontab-variables.ts';
import { descriptionField } from './description-note.ts';
import { COMMAND_RUNNER } from './format-names.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import {
  type LeftOut,
  type Note,
  type ProfileProblem,
  type SourcePosition,
  START,
} from './source-position.ts';
import { wholeProblem } from './validate.ts';

// cspell:ignore nobody
/** A user before the command, as in /etc/crontab. Only user names that are not also names of commands. */
const USERS = /^(?:root|nobody|www-data|ubuntu|ec2-user)\s+\S/;
const ANY_USER = /^[a-z_][\w-]*\s+\S/;
const USER_HEADER = /\b(?:dow|day-of-week)\s+user(?:-?name)?\b/i;

/** Never throws. `runner` is the name of the runner for shell commands. */
export function readCrontab(text: string, runner: string = COMMAND_RUNNER): ParseResult {
  const reader = new Reader(runner, USER_HEADER.test(text) ? ANY_USER : USERS);
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.take(line, index + 1);
  return reader.end();
}

/** Noted once, at the first command. */
const UNLIKE_CRON =
  'Unlike under cron, a command ends after its timeout of 5 minutes, and is skipped while its previous run goes on. The ' +
  'fields timeout and overlap change that.';

const NO_MAIL =
  'cloudtab sends no mail: the address is kept in the descriptions. Read the output of a run in its log, and subscribe to ' +
  'the events of failures.';

/** The most characters of a generated uid that come from its command. */
const MAX_WORDS = 24;
/** A command may be as long as its file; only its first characters are split into words. */
const MAX_SCANNED = 1000;

interface Directive extends SourcePosition {
  readonly fields: JsonObject;
}

class Reader {
  readonly #runner: string;
  readonly #users: RegExp;
  readonly #crons: JsonObject[] = [];
  readonly #positions: { readonly line: SourcePosition; readonly command: SourcePosition }[] = [];
  readonly #problems: ProfileProblem[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #notes: Note[] = [];
  readonly #comments = new CrontabComments();
  readonly #variables = new CrontabVariables();
  /** How many crons have a uid with this base. */
  readonly #counts = new Map<string, number>();
  #isTooLarge = false;
  #hasCommands = false;
  #cronZone: string | undefined;
  #zone: string | undefined;
  #mailTo = '';
  #directive: Directive | undefined;

  constructor(runner: string, users: RegExp) {
    this.#runner = runner;
    this.#users = users;
  }

  take(text: string, line: number): void {
    const position = { line, column: 1 };
    const parsed = parseLine(text);
    const reason = reasonToLeaveOut(parsed, this.#users);
    if (reason !== undefined) this.#leftOut.push({ ...position, text, reason });
    if (reason !== undefined || isCommentedCron(text)) {
      // What is above a cron that is left out or commented out must not reach the next cron.
      this.#directive = undefined;
      this.#comments.clear();
    } else if (parsed.kind === 'comment') this.#comments.add(text);
    else if (parsed.kind === 'directive') this.#read(parsed, line);
    else if (parsed.kind === 'cron') this.#add(parsed, position);
    else {
      this.#comments.clear();
      if (parsed.kind === 'variable') this.#set(parsed.name, parsed.value, position);
      else if (parsed.kind === 'unknown') this.#problems.push(unknownLine(text, position));
    }
  }

  end(): ParseResult {
    this.#reportDirective();
    const positionOf = ([, index, field]: Path) => {
      const positions = this.#positions[Number(index)];
      const isCommand = field === 'name' || field === 'environ';
      return (isCommand ? positions?.command : positions?.line) ?? START;
    };
    const value = { crons: this.#crons };
    const raw = { value, positionOf, leftOut: this.#leftOut, notes: this.#notes };
    return { raw, problems: this.#problems };
  }

  #read({ text, column }: CrontabLine & { kind: 'directive' }, line: number): void {
    this.#reportDirective();
    const fields = parseJsonObject(text);
    if (fields) this.#directive = { fields, line, column };
    else this.#problems.push(invalidDirective(text, { line, column }));
  }

  /** A directive that still waits for its cron is a problem. */
  #reportDirective(): void {
    if (this.#directive) this.#problems.push(strayDirective(this.#directive));
  }

  #set(name: string, value: string, position: SourcePosition): void {
    if (name === 'CRON_TZ') this.#cronZone = value;
    else if (name === 'MAILTO') {
      this.#mailTo = value;
      if (value !== '') this.#notes.push({ ...position, text: NO_MAIL });
    } else {
      if (name === 'TZ') this.#zone = value;
      this.#variables.set(name, value);
    }
  }

  #add({ schedule, command, commandColumn }: CrontabLine & { kind: 'cron' }, position: SourcePosition): void {
    const fields = this.#directive?.fields ?? {};
    const task = taskOf(command) ?? this.#commandTask(command, position);
    const timezone = this.#cronZone ?? this.#zone;
    const description = descriptionField(this.#comments.take(this.#mailTo), position, this.#notes);
    const { schedule: periodicity, warnings } = readSchedule(schedule);
    for (const text of warnings) this.#notes.push({ ...position, text });
    const uid = fields.uid ?? this.#uidFor(task.name === this.#runner ? command : task.name, command);
    this.#directive = undefined;
    const ofLine = { ...task, periodicity, ...(timezone && { timezone }), ...description };
    this.#crons.push({ ...ofLine, ...fields, uid });
    this.#positions.push({ line: position, command: { ...position, column: commandColumn } });
  }

  #commandTask(command: string, position: SourcePosition) {
    if (!this.#hasCommands) this.#notes.push({ ...position, text: UNLIKE_CRON });
    this.#hasCommands = true;
    return { name: this.#runner, environ: shellEnviron(command, this.#variablesAt(position)) };
  }

  /** Undefined when they exceed the size of a cron: a copy for each line would be quadratic in the size of the file. */
  #variablesAt(position: SourcePosition): JsonObject | undefined {
    const { bytes, size } = this.#variables;
    if (bytes <= MAX_PARAMETER_BYTES) return this.#variables.object();
    // Reported once: the lines below have the same variables.
    if (!this.#isTooLarge) this.#problems.push(tooManyVariables(size, bytes, position));
    this.#isTooLarge = true;
    return undefined;
  }

  /** The same command gets the same uid on any line and at any time. The uid begins with words of `label`. */
  #uidFor(label: string, command: string): string {
    const base = `${wordsOf(label) || 'cron'}-${hash('sha256', command).slice(0, 6)}`;
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  }
}

/** As many whole words of the text as fit, joined by hyphens; the beginning of the first word when it does not fit. */
function wordsOf(text: string): string {
  const words =
    text
      .slice(0, MAX_SCANNED)
      .match(/[A-Za-z0-9]+/g)
      ?.join('-') ?? '';
  if (words.length <= MAX_WORDS) return words;
  return words
    .slice(0, MAX_WORDS + 1)
    .replace(/-[^-]*$/, '')
    .slice(0, MAX_WORDS);
}

/** Whether the line is a comment whose text is a line with a cron. */
function isCommentedCron(text: string): boolean {
  const comment = /^\s*#+(.*)$/s.exec(text)?.[1];
  const line = comment === undefined ? undefined : parseLine(comment);
  return line?.kind === 'cron' && attempt(() => parseExpression(line.schedule, '')).problems.length === 0;
}

/** The reason to leave the line out; undefined when it is kept. `users` matches a command with a user before it. */
function reasonToLeaveOut(line: CrontabLine, users: RegExp): string | undefined {
  if (line.kind !== 'cron') return undefined;
  if (line.schedule === '@reboot') return 'No machine boots: choose a time.';
  if (line.schedule.includes('~'))
    return 'Random times are not supported: write "H", or "H(0-29)", which spreads times by uid.';
  if (users.test(line.command))
    return 'The line has a user before the command: remove the user, and set the field "user" if the runner needs one.';
  return undefined;
}

function unknownLine(text: string, position: SourcePosition): ProfileProblem {
  const problem = {
    got: JSON.stringify(truncate(text, 50)),
    wanted: 'five fields or a nickname and then a command, NAME=value, or a comment',
    fix: 'Complete the line, or put "#" before it.',
  };
  return wholeProblem(problem, position);
}

function tooManyVariables(count: number, bytes: number, position: SourcePosition): ProfileProblem {
  return {
    where: 'environ.env',
    got: `${count} NAME=value lines above it, which take ${bytes} bytes`,
    wanted: `at most ${MAX_PARAMETER_BYTES} bytes, since each cron stores them`,
    fix: 'Move long values elsewhere, or move variables that this line does not need below it.',
    ...position,
  };
}

function invalidDirective(text: string, position: SourcePosition): ProfileProblem {
  const problem = {
    got: text === '' ? 'nothing' : kindOf(text),
    wanted: 'a JSON object such as {"uid": "nightly"}',
    fix: 'Fix the JSON, or write the comment without "cloudtab:".',
  };
  return wholeProblem(problem, position);
}

function strayDirective({ line, column }: Directive): ProfileProblem {
  const problem = {
    got: 'a "# cloudtab:" comment without a cron below it',
    wanted: 'the line of its cron below it',
    fix: 'Move the comment directly above its cron, or remove it.',
  };
  return wholeProblem(problem, { line, column });
}
