/** The formats of a profile, by name; and which one a file is in. */
import { shorten } from '../../core/domain/problem.ts';
import { readCrontab } from './crontab-file.ts';
import { beginsLikeCron, parseLine } from './crontab-line.ts';
import { dumpOf, type Exported } from './dump.ts';
import { readJson, writeJson } from './json-file.ts';
import type { ParseResult } from './parsed-file.ts';
import { type ProfileProblem, sourcePositions } from './source-position.ts';
import { textOf } from './text.ts';
import { type ProfileReading, validateProfile, wholeProblem } from './validate.ts';
import { readXml } from './xml-file.ts';
import { writeXml } from './xml-writer.ts';
import { readYaml, writeYaml } from './yaml-file.ts';

/** The formats that can be exported; `xml` is the crons.xml of collective.cron. */
export const EXPORT_FORMATS = ['yaml', 'json', 'xml'] as const;
/** The formats that can be read; `crontab` is a Unix crontab. */
export const FORMATS = [...EXPORT_FORMATS, 'crontab'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type Format = (typeof FORMATS)[number];

export interface ReadOptions {
  /** The name of the file, whose ending tells the format; `-` for what comes through a pipe. */
  readonly name?: string;
  /** Counts more than the name. */
  readonly format?: Format;
  /** The runner for commands of a crontab. */
  readonly runner?: string;
}

/** The first line that is neither empty nor a comment. */
const FIRST = /^[ \t]*[^\s#].*$/m;
/** No minute of a crontab begins like this. */
const YAML = /^(?:---(?:\s|$)|%YAML\s|(["']?)(?:crons|crontab|\$schema)\1\s*:(?:\s|$))/;

/** The profile in a file, or all that is wrong with it, each with its place. Never throws for what a file holds. */
export function readProfile(
  file: Uint8Array | string,
  { name = '', format, runner }: ReadOptions = {},
): ProfileReading {
  const { text, problems } = textOf(file);
  if (text === undefined) return { problems };
  const known = format ?? formatOf(name, text);
  if (known === undefined) return { problems: [unknownFormat(text)] };
  const { raw, problems: found } = read(text, known, runner);
  return raw ? validateProfile(raw, found) : { problems: found };
}

/**
 * By the ending of its name, or else by how it begins. A file that begins like no other format is a crontab; text through a
 * pipe, whose name is `-`, then has no known format.
 */
export function formatOf(name: string, text: string): Format | undefined {
  const ending = endingFormat(name);
  if (ending) return ending;
  const start = text.trimStart();
  if (start.startsWith('<')) return 'xml';
  if (/^[{[]/.test(start)) return 'json';
  const first = FIRST.exec(text)?.[0].trim() ?? '';
  if (YAML.test(first)) return 'yaml';
  const isCrontab = first === '' || beginsLikeCron(first) || parseLine(first).kind === 'variable';
  return isCrontab || name !== '-' ? 'crontab' : undefined;
}

/** The format that the ending of a file's name says; nothing when it says none. */
export function endingFormat(name: string): ExportFormat | undefined {
  const ending = /\.(yaml|yml|json|xml)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === 'yml' ? 'yaml' : (ending as ExportFormat | undefined);
}

/** The crontab in that format; in YAML and JSON `full` writes what is at its default, too. */
export function writeProfile(exported: Exported, format: ExportFormat, full = false): string {
  switch (format) {
    case 'yaml':
      return writeYaml(dumpOf(exported, full));
    case 'json':
      return writeJson(dumpOf(exported, full));
    case 'xml':
      return writeXml(exported);
  }
}

function unknownFormat(text: string): ProfileProblem {
  const { 0: line = '', index = 0 } = FIRST.exec(text) ?? {};
  const found = {
    got: shorten(JSON.stringify(line.trim())),
    wanted: 'a first line that tells the format',
    fix: `Say which it is with --format: ${FORMATS.join(', ')}.`,
  };
  return wholeProblem(found, sourcePositions(text)(index));
}

function read(text: string, format: Format, runner: string | undefined): ParseResult {
  switch (format) {
    case 'yaml':
      return readYaml(text);
    case 'json':
      return readJson(text);
    case 'xml':
      return readXml(text);
    case 'crontab':
      return readCrontab(text, runner);
  }
}
