/** Reads and writes profiles in each format, and detects the format of a file. */
import { shorten } from '../../core/domain/problem.ts';
import { readCrontab } from './crontab-file.ts';
import { beginsLikeCron, parseLine } from './crontab-line.ts';
import { dumpOf, type Exported } from './dump.ts';
import { type ExportFormat, FORMATS, type Format } from './format-names.ts';
import { readJson, writeJson } from './json-file.ts';
import type { ParseResult } from './parsed-file.ts';
import { isRules, readRules } from './rules-file.ts';
import { type ProfileProblem, sourcePositions } from './source-position.ts';
import { textOf } from './text.ts';
import { type ProfileReading, validateProfile, wholeProblem } from './validate.ts';
import { readXml } from './xml-file.ts';
import { writeXml } from './xml-writer.ts';
import { readYaml, writeYaml } from './yaml-file.ts';

export interface ReadOptions {
  /** The name of the file, whose extension selects the format; `-` for standard input. */
  readonly name?: string;
  /** Overrides the extension. */
  readonly format?: Format;
  /** The runner for shell commands of a crontab, or for all rules. */
  readonly runner?: string;
}

const PARSERS: Readonly<Record<Format, (text: string, runner?: string) => ParseResult>> = {
  yaml: (text) => readYaml(text),
  json: readJson,
  xml: readXml,
  crontab: readCrontab,
  rules: readRules,
};

/** The first line that is neither empty nor a comment. */
const FIRST = /^[ \t]*[^\s#].*$/m;
/** The first line of a profile in YAML, and never of a crontab. */
const YAML = /^(?:---(?:\s|$)|%YAML\s|(["']?)(?:crons|crontab|\$schema)\1\s*:(?:\s|$))/;

/** The profile in a file, or all problems with their positions. Never throws because of the content. */
export function readProfile(
  file: Uint8Array | string,
  { name = '', format, runner }: ReadOptions = {},
): ProfileReading {
  const { text, problems } = textOf(file);
  if (text === undefined) return { problems };
  const detected = format ?? formatOf(name, text);
  if (detected === undefined) return { problems: [unknownFormat(text)] };
  const { raw, problems: syntaxProblems } = PARSERS[detected](text, runner);
  return raw ? validateProfile(raw, syntaxProblems) : { problems: syntaxProblems };
}

/**
 * Detects the format by the extension, or else by the first line; rules by their shape, also in a file with the extension of JSON. The fallback is a crontab, except for standard input,
 * whose name is `-`: its format is then unknown.
 */
export function formatOf(name: string, text: string): Format | undefined {
  const extension = extensionFormat(name);
  const start = text.trimStart();
  if ((extension ?? 'json') === 'json' && isRules(start)) return 'rules';
  if (extension) return extension;
  if (start.startsWith('<')) return 'xml';
  if (/^[{[]/.test(start)) return 'json';
  const first = FIRST.exec(text)?.[0].trim() ?? '';
  if (YAML.test(first)) return 'yaml';
  const isCrontab = first === '' || beginsLikeCron(first) || parseLine(first).kind === 'variable';
  return isCrontab || name !== '-' ? 'crontab' : undefined;
}

/** The format of the file's extension; undefined for any other extension. */
export function extensionFormat(name: string): ExportFormat | undefined {
  const extension = /\.(yaml|yml|json|xml)$/i.exec(name)?.[1]?.toLowerCase();
  return extension === 'yml' ? 'yaml' : (extension as ExportFormat | undefined);
}

/** The text of a crontab in that format. With `full`, YAML and JSON contain all fields. */
export function writeProfile(exported: Exported, format: ExportFormat, full = false): string {
  if (format === 'xml') return writeXml(exported);
  const dump = dumpOf(exported, full);
  return format === 'yaml' ? writeYaml(dump) : writeJson(dump);
}

function unknownFormat(text: string): ProfileProblem {
  const { 0: line = '', index = 0 } = FIRST.exec(text) ?? {};
  const problem = {
    got: shorten(JSON.stringify(line.trim())),
    wanted: 'a first line that identifies the format',
    fix: `Name the format with --format: ${FORMATS.join(', ')}.`,
  };
  return wholeProblem(problem, sourcePositions(text)(index));
}
