/**
 * Parses one line of a Unix crontab, and turns its command into a runner and an environ. crontab-file.ts reads whole files.
 *
 *     lambda:reports {"month": 1}       the first word is the runner, the JSON object its environ
 *     lambda:reports                    a word that begins with "lambda:" is always a runner
 *     backup.sh --all%first line        any other command: the runner for commands (by default "command"), with
 *                                       the environ {"command": "backup.sh --all", "stdin": "first line\n"}
 */
import type { JsonObject } from '../../core/domain/cron.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';

export type CrontabLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'directive'; readonly text: string; readonly column: number }
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'cron';
      readonly schedule: string;
      readonly command: string;
      readonly commandColumn: number;
    }
  | { readonly kind: 'unknown' };

/** Begins a comment with the fields of the next cron, in JSON. */
const DIRECTIVE = '# cloudtab:';

const VARIABLE = /^([A-Za-z_]\w*|"[^"]+"|'[^']+')\s*=\s*(.*)$/s;
const CRON = /^(?:(@\S+)|(\S+\s+\S+\s+\S+\s+\S+\s+\S+))\s+(\S.*)$/s;

/** `text` is a line without its line break. */
export function parseLine(text: string): CrontabLine {
  const indent = text.length - text.trimStart().length;
  const line = text.trim();
  if (line.startsWith(DIRECTIVE)) {
    const after = line.slice(DIRECTIVE.length);
    const column = indent + DIRECTIVE.length + after.length - after.trimStart().length + 1;
    return { kind: 'directive', text: after.trim(), column };
  }
  if (line === '') return { kind: 'nothing' };
  if (line.startsWith('#')) return { kind: 'comment' };
  const [, name = '', value = ''] = VARIABLE.exec(line) ?? [];
  if (name !== '') return { kind: 'variable', name: unquoted(name), value: unquoted(value.trim()) };
  const [, nickname, fields = '', command] = CRON.exec(line) ?? [];
  if (command === undefined) return { kind: 'unknown' };
  const commandColumn = indent + line.length - command.length + 1;
  return { kind: 'cron', schedule: nickname ?? fields.replace(/\s+/g, ' '), command, commandColumn };
}

/** Whether a text begins like the line of a cron, and unlike a sentence. */
export function beginsLikeCron(text: string): boolean {
  return /^\s*(?:[@*~\d]|[Hh][\s(,/])/.test(text);
}

/** The runner and environ that a command names; undefined for a shell command. */
export function taskOf(command: string): { readonly name: string; readonly environ: JsonObject } | undefined {
  const text = command.replaceAll('\\%', '%');
  const [, name = '', json] = /^([^\s{"']\S*)(?:\s+(\{.*\}))?$/s.exec(text) ?? [];
  if (json === undefined) return name.startsWith('lambda:') ? { name, environ: {} } : undefined;
  const environ = parseJsonObject(json);
  return environ && { name, environ };
}

/**
 * The environ of a shell command: the command, its variables, and as `stdin` the text after the first `%`. As under cron,
 * further ones end the lines of that text, and its last line has an end in any case.
 */
export function shellEnviron(command: string, env?: JsonObject): JsonObject {
  const [first = '', ...input] = command.split(/(?<!\\)%/).map((part) => part.replaceAll('\\%', '%'));
  const stdin = input.join('\n');
  return {
    command: first.trimEnd(),
    ...(input.length > 0 && { stdin: stdin.endsWith('\n') ? stdin : `${stdin}\n` }),
    ...(env && { env }),
  };
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
