/** A remote server, or the author of a file or a program, that wants to write into the terminal of the user. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { Printer } from '../../lib/surfaces/cli/printer.ts';
import { NOON } from '../support/jobs.ts';
import { knownFolder } from '../support/known-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');
/** Sets the title, writes into the clipboard, clears the screen, forges a line, and reverses letters. */
const HOSTILE = '\u001b]0;title\u0007\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b1;1H\u202etxt\u2066\u200b';
const UNSAFE = /(?![\t\n])\p{Cc}|[\u200b-\u200f\u202a-\u202e\u2060-\u2069]/u;
/** The styles that the command line uses. */
const ESCAPE = '\u001b';
const STYLES = new RegExp(`${ESCAPE}\\[[0-9]{1,2}m`, 'g');

/** What the command writes on a terminal. */
function shownBy(words: readonly string[], cwd: string): string {
  const terminal = 'for (const stream of [process.stdout, process.stderr]) stream.isTTY = true';
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(terminal)}`, COMMAND, ...words],
    { cwd, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '1' } },
  );
  return stdout + stderr;
}

describe('No text from outside writes into the terminal', () => {
  const dir = () => {
    const folder = knownFolder();
    const crons = join(folderOf(folder).parameters, 'default', 'crons');
    mkdirSync(crons, { recursive: true });
    writeFileSync(join(crons, `x${HOSTILE.replaceAll('/', '')}.json`), '{}');
    writeFileSync(
      join(crons, 'described.json'),
      JSON.stringify({ name: 'heartbeat', periodicity: '@daily', description: `a ${HOSTILE} description` }),
    );
    return folder;
  };

  it.each<[string, (folder: string) => readonly string[]]>([
    ['a list', (folder) => ['ls', '--dir', folder]],
    ['the view of a cron', (folder) => ['show', 'described', '--dir', folder]],
    ['findings', (folder) => ['doctor', '--dir', folder]],
    ['JSON', (folder) => ['show', 'described', '--dir', folder, '--json']],
    ['an export', (folder) => ['export', '--dir', folder]],
    ['an error', (folder) => ['show', HOSTILE, '--dir', folder]],
    ['an error of the usage', () => [HOSTILE]],
  ])('by %s', (_, wordsOf) => {
    const folder = dir();
    const shown = shownBy(wordsOf(folder), tempFolder());
    expect(shown).toMatch(/\\u(?:001b|202e)/);
    expect(shown.replace(STYLES, '')).not.toMatch(UNSAFE);
  });

  it('by the lines of a scheduler, and no line is forged', () => {
    const lines: string[] = [];
    const printer = new Printer(
      (text) => lines.push(text),
      () => NOON,
      () => undefined,
    );
    printer
      .with({ site: 'shop', uid: `a${HOSTILE}` })
      .info(`answered ${HOSTILE}\n12:00:00  shop/b   ✓ OK in 2 ms`);
    expect(lines.join('').replace(STYLES, '')).not.toMatch(UNSAFE);
    expect(lines.join('').split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ {30,}12:00:00 {2}shop\/b/),
      '',
    ]);
  });
});
