/** Runs commands in the process of the test, on a temporary folder of their own, and captures their output. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { knownFolder } from '../../support/known-folder.ts';

/** The folder and the output of one test. */
export interface CommandLine {
  dir: string;
  out: string;
  err: string;
  /** Runs the command on the folder of the test and returns its exit code. */
  cloudtab(...args: string[]): Promise<number>;
  /** Runs the command and returns what it alone wrote to standard output. */
  outputOf(...args: string[]): Promise<string>;
  /** Runs the command with `--json` and returns the parsed output. */
  jsonOf(...args: string[]): ReturnType<typeof JSON.parse>;
  /** Makes the output streams of this test a terminal of that width. */
  atTerminal(columns: number): void;
  /** Writes the file of a cron, or without a uid that of the crontab's settings, as a user with an editor does. */
  write(uid: string | undefined, value: unknown): void;
}

/** Registers the hooks that give each test of the file a new folder and empty output. */
export function commandLine(): CommandLine {
  const line: CommandLine = {
    dir: '',
    out: '',
    err: '',
    cloudtab: (...args) => main([...args, '--dir', line.dir]),
    async outputOf(...args) {
      const length = line.out.length;
      await line.cloudtab(...args);
      return line.out.slice(length);
    },
    async jsonOf(...args) {
      return JSON.parse(await line.outputOf(...args, '--json'));
    },
    atTerminal(columns) {
      for (const stream of [process.stdout, process.stderr]) Object.assign(stream, { isTTY: true, columns });
    },
    write(uid, value) {
      const site = join(folderOf(line.dir).parameters, 'default');
      mkdirSync(join(site, 'crons'), { recursive: true, mode: 0o700 });
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      writeFileSync(
        uid === undefined ? join(site, 'crontab.json') : join(site, 'crons', `${uid}.json`),
        text,
      );
    },
  };
  beforeEach(() => {
    Object.assign(line, { dir: knownFolder(), out: '', err: '' });
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      line.out += stripVTControlCharacters(String(text));
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      line.err += stripVTControlCharacters(String(text));
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const stream of [process.stdout, process.stderr]) {
      Object.assign(stream, { isTTY: false, columns: undefined });
    }
  });
  return line;
}
