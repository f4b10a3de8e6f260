/**
 * Profiles as a Unix crontab. `CRON_TZ` gives the lines below it their time zone, `TZ` does when there is no `CRON_TZ`;
 * other variables are handed to commands. A comment `# cloudtab: {…}` gives the line below it fields that a crontab
 * cannot express, such as a uid. Lines that cloudtab cannot run are left out, with the reason. What a line is:
 * crontab-line.ts.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/domain/cron.ts';
import { MAX_BYTES } from '../../core/domain/cron-schema.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { kindOf } from '../../core/domain/json-text.ts';
import { truncate } from '../../core/domain/truncate.ts';
import { type CrontabLine, parseLine, shellEnviron, taskOf } from './crontab-line.ts';
import { CrontabVariables } from './crontab-variables.ts';
import type { ParseResult, Path } from './parsed-file.ts';
import { type LeftOut, type ProfileProblem, type SourcePosition, START } from './source-position.ts';

/** The runner that a shell's command becomes when nothing else is said. No such runner ships: it is yours to write. */
export const COMMAND_RUNNER = 'command';

/** Users of whom a line of /etc/crontab speaks before its command. Only those that are no command anywhere. */
const USERS = /^(?:root|nobody|www-data|ubuntu|ec2-user)\s+\S/;
const ANYBODY = /^[a-z_][\w-]*\s+\S/;
const USER_HEADER = /\b(?:dow|day-of-week)\s+user(?:-?name)?\b/i;

/** The text as a profile's raw value. `runner` is the name of the runner for shell commands. */
export function readCrontab(text: string, runner: string = COMMAND_RUNNER): ParseResult {
  const reader = new Reader(runner, USER_HEADER.test(text) ? ANYBODY : USERS);
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.take(line, index + 1);
  return reader.end();
}

/** Characters of a made uid that come from its command. */
const MAX_WORDS = 24;
/** A command may be as long as its file. */
const MAX_SCANNED = 1000;

interface Directive extends SourcePosition {
  readonly fields: JsonObject;
}

class Reader {
  readonly #runner: string;
  readonly #users: RegExp;
  readonly #crons: JsonObject[] = [];
  readonly #places: { readonly line: SourcePosition; readonly command: SourcePosition }[] = [];
  readonly #problems: ProfileProblem[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #variables = new CrontabVariables();
  readonly #uids = new Set<string>();
  /** How often each command was given a uid. */
  readonly #counts = new Map<string, number>();
  #isTooLarge = false;
  #cronZone: string | undefined;
  #zone: string | undefined;
  #directive: Directive | undefined;

  constructor(runner: string, users: RegExp) {
    this.#runner = runner;
    this.#users = users;
  }

  take(text: string, line: number): void {
    const place = { line, column: 1 };
    const parsed = parseLine(text);
    const reason = reasonToLeaveOut(parsed, this.#users);
    if (reason !== undefined) {
      this.#leftOut.push({ ...place, text, reason });
      this.#directive = undefined;
    } else if (parsed.kind === 'directive') this.#read(parsed, line);
    else if (parsed.kind === 'variable') this.#set(parsed.name, parsed.value);
    else if (parsed.kind === 'cron') this.#add(parsed, place);
    else if (parsed.kind === 'unknown') this.#problems.push(unknownLine(text, place));
  }

  end(): ParseResult {
    if (this.#directive) this.#problems.push(strayDirective(this.#directive));
    const place = ([, index, field]: Path) => {
      const places = this.#places[Number(index)];
      const isCommand = field === 'name' || field === 'environ';
      return (isCommand ? places?.command : places?.line) ?? START;
    };
    const value = { crons: this.#crons };
    return { raw: { value, place, whenAdded: {}, leftOut: this.#leftOut }, problems: this.#problems };
  }

  #read({ text, column }: CrontabLine & { kind: 'directive' }, line: number): void {
    if (this.#directive) this.#problems.push(strayDirective(this.#directive));
    const fields = parseJsonObject(text);
    if (fields) this.#directive = { fields, line, column };
    else this.#problems.push(badDirective(text, { line, column }));
  }

  #set(name: string, value: string): void {
    if (name === 'CRON_TZ') this.#cronZone = value;
    else {
      if (name === 'TZ') this.#zone = value;
      this.#variables.set(name, value);
    }
  }

  #add({ schedule, command, commandColumn }: CrontabLine & { kind: 'cron' }, place: SourcePosition): void {
    const fields = this.#directive?.fields ?? {};
    const task = taskOf(command) ?? {
      name: this.#runner,
      environ: shellEnviron(command, this.#variablesAt(place)),
    };
    const timezone = this.#cronZone ?? this.#zone;
    const uid = fields.uid ?? this.#uidFor(task.name === this.#runner ? command : task.name, command);
    this.#directive = undefined;
    this.#crons.push({
      ...task,
      periodicity: schedule,
      ...(timezone && { timezone }),
      ...fields,
      uid,
    });
    this.#places.push({ line: place, command: { line: place.line, column: commandColumn } });
  }

  /** None when there are more than any cron can have: a copy for each would take the square of the file. */
  #variablesAt(place: SourcePosition): JsonObject | undefined {
    const { bytes, size } = this.#variables;
    if (bytes <= MAX_BYTES) return this.#variables.object();
    // Told once: the lines below have the same ones.
    if (!this.#isTooLarge) this.#problems.push(tooManyVariables(size, bytes, place));
    this.#isTooLarge = true;
    return undefined;
  }

  /** The same for the same command, so that a line can be moved and its times edited; `what` makes it readable. */
  #uidFor(what: string, command: string): string {
    const hash = createHash('sha256').update(command).digest('hex').slice(0, 6);
    const base = `${wordsOf(what) || 'cron'}-${hash}`;
    let count = this.#counts.get(base) ?? 0;
    let uid: string;
    do uid = ++count === 1 ? base : `${base}-${count}`;
    while (this.#uids.has(uid));
    this.#counts.set(base, count);
    this.#uids.add(uid);
    return uid;
  }
}

/** Whole words of the text, as many as fit; of a first one that does not, its beginning. */
function wordsOf(text: string): string {
  const [first = '', ...others] = text
    .slice(0, MAX_SCANNED)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  let words = first.slice(0, MAX_WORDS);
  for (const word of others) {
    if (words.length + 1 + word.length > MAX_WORDS) break;
    words += `-${word}`;
  }
  return words;
}

/** Why such a line is left out; nothing when it is not. `users` begins a command that has a user before it. */
function reasonToLeaveOut(line: CrontabLine, users: RegExp): string | undefined {
  if (line.kind === 'variable' && line.name === 'MAILTO' && line.value !== '') {
    return 'Nobody is sent a mail: what a run said is in its log, and failures are told by events.';
  }
  if (line.kind !== 'cron') return undefined;
  if (line.schedule === '@reboot') return 'There is no machine that boots: choose a time.';
  if (line.schedule.includes('~'))
    return 'No time is drawn by lot: write "H", or "H(0-29)", which spreads by the uid.';
  if (users.test(line.command)) {
    return 'A user stands before the command: take the user away, and give the cron a "user" if its runner wants one.';
  }
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(truncate(text, 50));
}

function unknownLine(text: string, place: SourcePosition): ProfileProblem {
  return {
    where: 'value',
    got: quoted(text),
    wanted: 'five fields or a nickname and then a command, NAME=value, or a comment',
    fix: 'Complete the line, or put "#" before it.',
    ...place,
  };
}

function tooManyVariables(count: number, bytes: number, place: SourcePosition): ProfileProblem {
  return {
    where: 'environ.variables',
    got: `${count} NAME=value lines above it, which take ${bytes} bytes`,
    wanted: `at most ${MAX_BYTES} bytes, since each cron keeps them`,
    fix: 'Keep what is long elsewhere, or put what this line does not need below it.',
    ...place,
  };
}

function badDirective(text: string, place: SourcePosition): ProfileProblem {
  return {
    where: 'value',
    got: text === '' ? 'nothing' : kindOf(text),
    wanted: 'a JSON object such as {"uid": "nightly"}',
    fix: 'Mend the JSON, or write the comment without "cloudtab:".',
    ...place,
  };
}

function strayDirective({ line, column }: Directive): ProfileProblem {
  return {
    where: 'value',
    got: 'a "# cloudtab:" comment without a line for it',
    wanted: 'the line of the cron below it',
    fix: 'Put it right above its cron, or take it away.',
    line,
    column,
  };
}
