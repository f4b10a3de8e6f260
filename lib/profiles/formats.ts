/** The formats of a profile, by name; and which one a file is in. */
import { readCollective, writeCollective } from './collective-file.ts';
import { readCrontab } from './crontab-file.ts';
import { writeCrontab } from './crontab-writer.ts';
import { dumpOf, type Exported } from './dump.ts';
import { readJson, writeJson } from './json-file.ts';
import { judge, type ProfileReading } from './judge.ts';
import type { RawReading } from './raw.ts';
import { textOf } from './text.ts';
import { readXml } from './xml-file.ts';
import { writeXml } from './xml-writer.ts';
import { readYaml, writeYaml } from './yaml-file.ts';

/** `collective` is the JSON dump of collective.cron, `xml` its crons.xml. */
export const FORMATS = ['yaml', 'json', 'xml', 'crontab', 'collective'] as const;

export type Format = (typeof FORMATS)[number];

export interface ReadOptions {
  /** The name of the file, whose ending tells the format. */
  readonly name?: string;
  /** Counts more than the name. */
  readonly format?: Format;
  /** The runner for commands of a crontab. */
  readonly runner?: string;
}

/** The profile in a file, or all that is wrong with it, each with its place. Never throws for what a file holds. */
export function readProfile(
  file: Uint8Array | string,
  { name = '', format, runner }: ReadOptions = {},
): ProfileReading {
  const { text, problems } = textOf(file);
  if (text === undefined) return { problems };
  const reading = read(text, format ?? formatOf(name, text), runner);
  return reading.raw ? judge(reading.raw) : { problems: reading.problems };
}

/** By the ending of its name, or else by how it begins. */
export function formatOf(name: string, text: string): Format {
  const ending = /\.(yaml|yml|json|xml)$/i.exec(name)?.[1]?.toLowerCase();
  const start = text.trimStart();
  if (ending === 'json') return start.startsWith('[') ? 'collective' : 'json';
  if (ending) return ending === 'xml' ? 'xml' : 'yaml';
  if (start.startsWith('<')) return 'xml';
  if (start.startsWith('{')) return 'json';
  return start.startsWith('[') ? 'collective' : 'crontab';
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
