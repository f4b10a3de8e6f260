/** What a run leaves behind that was asked for on the command line: it happens in the command's own process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { FileRunLines } from '../../lib/local/file-run-lines.ts';
import { folderOf } from '../../lib/local/folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

let out: string;

beforeEach(() => {
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

it('the lines of a run that was asked for are with those of all other runs', async () => {
  const dir = tempFolder();
  const { parameters, logs } = folderOf(dir);
  const crons = join(parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, 'a.json'), JSON.stringify({ name: 'heartbeat', periodicity: '@daily' }));
  const from = Date.now();
  expect(await main(['run', 'a', '--json', '--dir', dir])).toBe(0);
  const { runId } = JSON.parse(out);
  const lines = await new FileRunLines(logs).read({ runId, from, to: Date.now() });
  expect(lines).toMatchObject([
    { message: 'A run of default/a was asked for' },
    { message: expect.stringMatching(/^Heartbeat, planned for /) },
  ]);
});
