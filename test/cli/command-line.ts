/** Typing commands in a test: what they print, and how they end. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, vi } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What was typed, and what came of it; anew for each test. */
export interface Typed {
  dir: string;
  out: string;
  err: string;
  /** Types the command for the folder of this test, and returns the exit code. */
  cloudtab(...args: string[]): Promise<number>;
  /** Types it, and returns what it printed this time. */
  printed(...args: string[]): Promise<string>;
  /** Lets this test print to a terminal of that width. */
  atTerminal(columns: number): void;
  /** Writes the file of a parameter, as a person with an editor. */
  write(uid: string | undefined, value: unknown): void;
}

export function typing(): Typed {
  const typed: Typed = {
    dir: '',
    out: '',
    err: '',
    cloudtab: (...args) => main([...args, '--dir', typed.dir]),
    async printed(...args) {
      const before = typed.out.length;
      await typed.cloudtab(...args);
      return typed.out.slice(before);
    },
    atTerminal(columns) {
      for (const stream of [process.stdout, process.stderr]) Object.assign(stream, { isTTY: true, columns });
    },
    write(uid, value) {
      const site = join(folderOf(typed.dir).parameters, 'default');
      mkdirSync(join(site, 'crons'), { recursive: true });
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      writeFileSync(
        uid === undefined ? join(site, 'crontab.json') : join(site, 'crons', `${uid}.json`),
        text,
      );
    },
  };
  const before = { isTTY: false, columns: undefined };
  beforeEach(() => {
    Object.assign(typed, { dir: tempFolder(), out: '', err: '' });
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      typed.out += stripVTControlCharacters(String(text));
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      typed.err += stripVTControlCharacters(String(text));
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const stream of [process.stdout, process.stderr]) Object.assign(stream, before);
  });
  return typed;
}
