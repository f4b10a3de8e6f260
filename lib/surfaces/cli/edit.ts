/**
 * `cloudtab edit UID`: changes fields, or opens the definition as YAML in the user's editor. Problems and concurrent changes reopen the editor
 * with comments about them. The text of the user is never lost.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dumpCron } from '../../app/door/json.ts';
import type { ProfileProblem } from '../../app/profiles/source-position.ts';
import { readYaml } from '../../app/profiles/yaml-file.ts';
import type { Environment } from '../../client/chosen-target.ts';
import type { Client } from '../../client/client.ts';
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
import { formatProblem, type Problem } from '../../core/domain/problem.ts';
import { type FieldOptions, fieldsOf } from './fields.ts';
import type { SiteOptions } from './options.ts';
import { resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

/** Opens the file in an editor and resolves when the editor has ended. Rejects when it failed. */
export type Editor = (file: string) => Promise<void>;

/** Starts the comments that this command writes, and that it removes when it reads the file. */
const REMARK = '#! ';
const NOT_SAVED = 'Nothing was saved yet.';
const CONFLICT = 'Your text is below; saving it replaces that change.';

interface EditorSession {
  readonly site: string;
  readonly uid: string;
  /** The fields before the edit, and the tag of their version. */
  readonly before: JsonObject;
  readonly tag: string;
  readonly text: string;
}

/** The editor that VISUAL or EDITOR names; the default is vi. */
export function editorOf(env: Environment): Editor {
  const command = env.VISUAL || env.EDITOR || 'vi';
  return async (file) => {
    // The shell splits the options, as in `code --wait`.
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', file], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The editor "${command}" exited with code ${code}.`);
  };
}

/** Changes the fields that the options give; without any, opens the editor. */
export async function editOrChange(
  client: Client,
  uid: string,
  options: SiteOptions & FieldOptions,
): Promise<string> {
  const { site } = options;
  const cron = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  const fields = fieldsOf(options, cron.definition?.environ);
  if (Object.keys(fields).length === 0) {
    return resultText({ site, uid, message: await edit(client, site, uid, editorOf(process.env)) }, options);
  }
  const edited = await client.call('editCron', { site, uid, expected: [cron.parameter.tag] }, fields);
  return resultText({ site, message: edited.message, cron: dumpCron(edited.cron) }, options);
}

/** The message to print. Throws NotFoundError, ReadOnlyError, and ConfigurationError when the user gave up. */
export async function edit(client: Client, site: string, uid: string, editor: Editor): Promise<string> {
  let draft = await withSuggestions(client, site, uid, () => firstDraft(client, site, uid));
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-'));
  const file = join(folder, `${uid}.yaml`);
  for (;;) {
    writeFileSync(file, draft.text, { mode: 0o600 });
    const typed = await openEditor(file, editor);
    if (withoutRemarks(typed) === withoutRemarks(draft.text) || isEmpty(typed))
      return giveUp(folder, file, draft);
    try {
      const message = await save(client, draft, typed);
      rmSync(folder, { recursive: true });
      return message;
    } catch (error) {
      draft = await nextDraft(client, draft, typed, error, file);
    }
  }
}

async function firstDraft({ call }: Client, site: string, uid: string): Promise<EditorSession> {
  const { text, tag, problems } = await call('readText', { site, uid });
  const written = parseJsonObject(text);
  const { definition } = written ? {} : await call('readCron', { site, uid });
  const { uid: _, ...fields }: JsonObject = written ?? { ...definition };
  const remarks = [
    `${describeKey({ site, uid })}. Save and exit to apply your changes; exit without changes to cancel.`,
    ...problems.map(
      (problem) => `The latest version is not valid and not in force: ${formatProblem(problem)}`,
    ),
    ...(written
      ? []
      : ['The parameter is not a JSON object. This is the version in force, if there is one.']),
  ];
  return {
    site,
    uid,
    before: fields,
    tag,
    text: withRemarks(remarks, stringify(fields)),
  };
}

/** Throws InvalidError for a text that is not valid, and the errors of editing. */
async function save({ call }: Client, draft: EditorSession, typed: string): Promise<string> {
  const { site, uid, before, tag } = draft;
  const after = parse(typed);
  // Includes unchanged fields, so that the operation reports unknown ones.
  const fields = { ...editBetween(before, after), ...after };
  const { message } = await call('editCron', { site, uid, expected: [tag] }, fields);
  return message;
}

function parse(typed: string): JsonObject {
  const { raw, problems } = readYaml(withoutRemarks(typed));
  const value = raw?.value;
  if (isJsonObject(value)) return value;
  const notAnObject: Problem = {
    where: 'value',
    got: 'another kind of value',
    wanted: 'fields such as "name: heartbeat", one per line',
    fix: 'Write a field and its value on each line.',
  };
  // The editor will show a headline and a remark for each problem above the text.
  const offset = problems.length + 1;
  throw new InvalidError(raw ? [notAnObject] : problems.map((problem) => shifted(problem, offset)));
}

/** The problem with its line, if it has a position, as the editor counts it. */
function shifted({ line, column, where, ...problem }: ProfileProblem, offset: number): Problem {
  const hasPosition = line > 1 || column > 1;
  return { ...problem, where: hasPosition ? `line ${line + offset}` : where };
}

/** The draft that reopens the editor. Throws errors that no edit can fix, with the file that keeps the text. */
async function nextDraft(
  client: Client,
  draft: EditorSession,
  typed: string,
  error: unknown,
  file: string,
): Promise<EditorSession> {
  if (error instanceof InvalidError) {
    const remarks = [`${NOT_SAVED} Fix these problems, or exit without changes to cancel:`];
    return {
      ...draft,
      text: withRemarks([...remarks, ...error.problems.map(formatProblem)], withoutRemarks(typed)),
    };
  }
  if (error instanceof VersionConflictError) {
    const { items } = await client.call('readHistory', draft, { count: 1 });
    const [latest] = items;
    const remarks = [error.message, CONFLICT];
    return {
      ...draft,
      tag: error.tag,
      before: latest?.definition ?? draft.before,
      text: withRemarks(remarks, withoutRemarks(typed)),
    };
  }
  if (!(error instanceof CloudtabError)) throw error;
  throw new CloudtabError(`${error.message} Your text is in ${file}.`, { cause: error });
}

async function openEditor(file: string, editor: Editor): Promise<string> {
  try {
    await editor(file);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new ConfigurationError(`${reason} Nothing was changed. Your text is in ${file}.`, { cause });
  }
}

/** Keeps the text of a second or later round and throws; deletes an untouched file. */
function giveUp(folder: string, file: string, { text }: EditorSession): string {
  const isFirst = !text.includes(NOT_SAVED) && !text.includes(CONFLICT);
  // The user may have emptied the file.
  writeFileSync(file, text);
  if (!isFirst) throw new ConfigurationError(`Nothing was saved. Your text is in ${file}.`);
  rmSync(folder, { recursive: true });
  return 'Nothing was changed.';
}

function withRemarks(remarks: readonly string[], text: string): string {
  const lines = remarks.flatMap((remark) => remark.split('\n'));
  return `${lines.map((line) => `${REMARK}${line}`).join('\n')}\n${text}`;
}

/** Whether the text has only comments. */
function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
}

/** The text without the comments that this command wrote. */
function withoutRemarks(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith(REMARK))
    .join('\n');
}
