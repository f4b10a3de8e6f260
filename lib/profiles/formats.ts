/** The formats of a profile, by name; and which one a file is in. */
import { shortened } from '../domain/problem.ts';
import { readCollective, writeCollective } from './collective-file.ts';
import { readCrontab } from './crontab-file.ts';
import { beginsLikeCron, parseLine } from './crontab-line.ts';
import { writeCrontab } from './crontab-writer.ts';
import { dumpOf, type Exported } from './dump.ts';
import { readJson, writeJson } from './json-file.ts';
import { judge, type ProfileReading, wholeProblem } from './judge.ts';
import { type ProfileProblem, placesOf } from './place.ts';
import type { RawReading } from './raw.ts';
import { textOf } from './text.ts';
import { readXml } from './xml-file.ts';
import { writeXml } from './xml-writer.ts';
import { readYaml, writeYaml } from './yaml-file.ts';

/** `collective` is the JSON dump of collective.cron, `xml` its crons.xml. */
export const FORMATS = ['yaml', 'json', 'xml', 'crontab', 'collective'] as const;

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
  return raw ? judge(raw, found) : { problems: found };
}

/**
 * By the ending of its name, or else by how it begins. A file that begins like no format is a crontab; of what comes
 * through a pipe, whose name is `-`, nobody has said that it is one: nothing.
 */
export function formatOf(name: string, text: string): Format | undefined {
  const ending = endingFormat(name);
  const start = text.trimStart();
  if (ending === 'json') return start.startsWith('[') ? 'collective' : 'json';
  if (ending) return ending;
  if (start.startsWith('<')) return 'xml';
  if (start.startsWith('{')) return 'json';
  if (start.startsWith('[')) return 'collective';
  const first = FIRST.exec(text)?.[0].trim() ?? '';
  if (YAML.test(first)) return 'yaml';
  const isCrontab = first === '' || beginsLikeCron(first) || parseLine(first).kind === 'variable';
  return isCrontab || name !== '-' ? 'crontab' : undefined;
}

/** What the ending of a file's name says; nothing when it says nothing. */
export function endingFormat(name: string): Format | undefined {
  const ending = /\.(yaml|yml|json|xml)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === 'yml' ? 'yaml' : (ending as Format | undefined);
}

/** The crontab in that format; in YAML and JSON `full` writes what is at its default, too. */
export function writeProfile(exported: Exported, format: Format, full = false): string {
  switch (format) {
    case 'yaml':
      return writeYaml(dumpOf(exported, full));
    case 'json':
      return writeJson(dumpOf(exported, full));
    case 'xml':
      return writeXml(exported);
    case 'crontab':
      return writeCrontab(exported);
    case 'collective':
      return writeCollective(exported);
  }
}

function unknownFormat(text: string): ProfileProblem {
  const { 0: line = '', index = 0 } = FIRST.exec(text) ?? {};
  const found = {
    got: shortened(JSON.stringify(line.trim())),
    wanted: 'a first line that tells the format',
    cure: `Say which it is with --format: ${FORMATS.join(', ')}.`,
  };
  return wholeProblem(found, placesOf(text)(index));
}

function read(text: string, format: Format, runner: string | undefined): RawReading {
  switch (format) {
    case 'yaml':
      return readYaml(text);
    case 'json':
      return readJson(text);
    case 'xml':
      return readXml(text);
    case 'crontab':
      return readCrontab(text, runner);
    case 'collective':
      return readCollective(text);
  }
}
