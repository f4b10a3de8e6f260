/**
 * `cloudtab edit UID`: the definition as YAML in the person's own editor. What is not valid comes back with its problems
 * as comments; what somebody else changed meanwhile is told; and what was typed is never thrown away.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { editCron } from '../../app/operations/edit-cron.ts';
import { history } from '../../app/operations/history.ts';
import { tagOf } from '../../app/operations/parameter-view.ts';
import { readCron } from '../../app/operations/read.ts';
import type { ProfileProblem } from '../../app/profiles/source-position.ts';
import { readYaml } from '../../app/profiles/yaml-file.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import { editBetween } from '../../core/domain/cron-fields.ts';
import {
  CloudtabError,
  ConfigurationError,
  InvalidError,
  VersionConflictError,
} from '../../core/domain/errors.ts';
import { isJsonObject, parseJsonObject } from '../../core/domain/json-object.ts';
import { describeKey } from '../../core/domain/names.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import type { Target } from '../../core/ports/target.ts';
import { withSuggestions } from './suggest.ts';

/** Lets the person edit the file, and returns when the editor has ended. Throws when it failed. */
export type Editor = (file: string) => Promise<void>;

/** Comments that begin so are written here, and go when the file is read. */
const REMARK = '#! ';

interface EditorSession {
  readonly site: string;
  readonly uid: string;
  /** What stood when the editor was opened: its fields, and the version that they are of. */
  readonly before: JsonObject;
  readonly tag: string;
  readonly text: string;
}

/** What became of it, in a sentence. Throws NotFoundError, ReadOnlyError, and ConfigurationError when it was given up. */
export async function edit(target: Target, site: string, uid: string, editor: Editor): Promise<string> {
  let draft = await withSuggestions(target, site, uid, () => draftOf(target, site, uid));
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-'));
  const file = join(folder, `${uid}.yaml`);
  for (;;) {
    writeFileSync(file, draft.text, { mode: 0o600 });
    const typed = await typedIn(file, editor);
    if (bare(typed) === bare(draft.text) || isEmpty(typed)) return givenUp(folder, file, draft);
    try {
      const message = await save(target, draft, typed);
      rmSync(folder, { recursive: true });
      return message;
    } catch (error) {
      draft = await again(target, draft, typed, error, file);
    }
  }
}

async function draftOf({ ports }: Target, site: string, uid: string): Promise<EditorSession> {
  const present = await ports.registry.read({ site, uid });
  if (!present) throw cronNotFound({ site, uid });
  const { definition, parameter } = await readCron(ports, site, uid);
  const written = parseJsonObject(present.value);
  const { uid: _, ...fields }: JsonObject = written ?? { ...definition };
  const remarks = [
    `${describeKey({ site, uid })}. Save and leave to change it; leave without a change to keep it as it is.`,
    ...(parameter.problems ?? []).map(
      (problem) => `The version that stands is not in force: ${formatProblem(problem)}`,
    ),
    ...(written ? [] : ['What stands there cannot be read. This is what was in force last, or nothing.']),
  ];
  return {
    site,
    uid,
    before: fields,
    tag: tagOf(present),
    text: commented(remarks, stringify(fields)),
  };
}

/** Throws InvalidError for what was typed, and what editing throws. */
async function save({ ports }: Target, draft: EditorSession, typed: string): Promise<string> {
  const { site, uid, before, tag } = draft;
  const after = parsed(typed);
  // Unchanged fields too: the operation reports the ones that no cron has.
  const fields = { ...editBetween(before, after), ...after };
  const { message } = await editCron(ports, site, uid, fields, { expected: [tag] });
  return message;
}

function parsed(typed: string): JsonObject {
  const { raw, problems } = readYaml(bare(typed));
  const value = raw?.value;
  if (isJsonObject(value)) return value;
  const noObject: Problem = {
    where: 'value',
    got: 'something else',
    wanted: 'fields, such as "name: heartbeat", one a line',
    fix: 'Write a field and its value on each line.',
  };
  // In the editor a remark about each of them stands above the text, and a line before these.
  const above = problems.length + 1;
  throw new InvalidError(raw ? [noObject] : problems.map((problem) => seenAt(problem, above)));
}

/** The problem at its line, if it has one, as the person sees it with so many lines above. */
function seenAt({ line, column, where, ...problem }: ProfileProblem, above: number): Problem {
  const isPlaced = line > 1 || column > 1;
  return { ...problem, where: isPlaced ? `line ${line + above}` : where };
}

/** The draft to go on with. Throws what cannot be mended in the editor, with where the text is kept. */
async function again(
  target: Target,
  draft: EditorSession,
  typed: string,
  error: unknown,
  file: string,
): Promise<EditorSession> {
  if (error instanceof InvalidError) {
    const remarks = ['Nothing was saved yet. Mend this, or leave without a change to give up:'];
    return { ...draft, text: commented([...remarks, ...error.problems.map(formatProblem)], bare(typed)) };
  }
  if (error instanceof VersionConflictError) {
    const [now] = await history(target.ports, draft);
    const remarks = [error.message, 'Below is what you wrote: saving it now replaces that.'];
    return {
      ...draft,
      tag: error.tag,
      before: now?.definition ?? draft.before,
      text: commented(remarks, bare(typed)),
    };
  }
  if (!(error instanceof CloudtabError)) throw error;
  throw new CloudtabError(`${error.message} What you wrote is kept in ${file}.`, { cause: error });
}

async function typedIn(file: string, editor: Editor): Promise<string> {
  try {
    await editor(file);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new ConfigurationError(`${reason} Nothing was changed. What was written is in ${file}.`, { cause });
  }
}

/** What was typed in vain stays where it is; an untouched file goes. */
function givenUp(folder: string, file: string, { text }: EditorSession): string {
  const isFirst = !text.includes('Nothing was saved yet.') && !text.includes('Below is what you wrote');
  // Emptying it gives up as well.
  writeFileSync(file, text);
  if (!isFirst) throw new ConfigurationError(`Nothing was saved. What you wrote is kept in ${file}.`);
  rmSync(folder, { recursive: true });
  return 'Nothing was changed.';
}

function commented(remarks: readonly string[], text: string): string {
  const lines = remarks.flatMap((remark) => remark.split('\n'));
  return `${lines.map((line) => `${REMARK}${line}`).join('\n')}\n${text}`;
}

/** Nothing but comments. */
function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
}

/** Without the comments that were written here. */
function bare(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith(REMARK))
    .join('\n');
}
