/** A folder of others, in which a user runs commands: its code must not run before the user starts its crontab. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { knownFolder } from '../support/known-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');

it.each([
  ['looks at crons', ['ls']],
  ['asks for the completion of a word', ['__complete', 'show', '']],
  ['lists the runners', ['runners']],
  ['adds a cron', ['add', 'heartbeat', '@daily', '--uid', 'mine']],
  ['asks for the address of the dashboard', ['door']],
])('No code of the current folder runs when a user %s', (_, words) => {
  const folder = tempFolder();
  const proof = join(folder, 'CODE_RAN');
  const code = `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`;
  const esm = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(proof)}, '')`;
  const files = {
    'runners/index.ts': esm,
    'runners/evil.ts': esm,
    'lambdas/runners/index.ts': esm,
    'lambdas/runners/evil.ts': esm,
    'node_modules/cloudtab/index.js': code,
    'node_modules/cloudtab/package.json': '{"name": "cloudtab", "main": "index.js"}',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const { stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CLOUDTAB_DIR: knownFolder() },
  });
  expect(stderr).not.toContain('Error:');
  expect(existsSync(proof)).toBe(false);
});
