// cspell:ignore PWNED CWORD
/** A file whose name is a command, in a crontab of others: completion must not put it on the command line of who looks. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { COMPLETION_SCRIPTS } from '../../lib/surfaces/cli/completion.ts';
import { knownFolder } from '../support/known-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');
const HEARTBEAT = '{"name": "heartbeat", "periodicity": "@daily"}';

it.each([
  '$(touch PWNED)',
  '`touch PWNED`',
  'a;touch PWNED',
  'a b',
  '-rf',
  '*',
  "a'b",
  'a\nb',
  'a\u001b[2Jb',
])('A cron with the name %j is not offered, and its neighbour is', (name) => {
  const dir = knownFolder();
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, 'nightly.json'), HEARTBEAT);
  writeFileSync(join(crons, `${name}.json`), HEARTBEAT);
  // What bash does at TAB, and then at Enter with the word that it was offered.
  const script = `${COMPLETION_SCRIPTS.bash}
      cloudtab() { "${process.execPath}" "${COMMAND}" "$@"; }
      type() { [[ $2 == cloudtab ]] || builtin type "$@"; }
      COMP_WORDS=(cloudtab show --dir "${dir}" "") COMP_CWORD=4
      _cloudtab
      printf '%s\\n' "\${COMPREPLY[@]}"
      for word in "\${COMPREPLY[@]}"; do eval "echo $word" >/dev/null; done`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: dir, encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'nightly\n', stderr: '' });
  expect(existsSync(join(dir, 'PWNED'))).toBe(false);
});
