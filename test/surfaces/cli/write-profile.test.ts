import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import { writeProfile } from '../../../lib/surfaces/cli/write-profile.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NOW = Date.UTC(2026, 0, 1);

/** Writes a profile with that text; `parameters` are the values that were written, by uid and for the settings by ''. */
async function written(text: string, name = 'crons.yaml') {
  const file = join(tempFolder(), name);
  writeFileSync(file, text);
  const parameters: Record<string, unknown> = {};
  const registry = {
    write: async (key: ParameterKey, value: string) => {
      parameters[key.uid ?? ''] = JSON.parse(value);
      return { ...key, value, version: 1, modified: NOW };
    },
  };
  let notes: string[] = [];
  let error = '';
  try {
    notes = await writeProfile(registry, 'default', file, NOW);
  } catch (thrown) {
    error = stripVTControlCharacters(String(thrown)).replaceAll(file, name);
  }
  return { parameters, notes: notes.map((note) => note.replaceAll(file, name)), error };
}

it('A profile becomes the settings and crons of a new folder, with runners that the folder may lack', async () => {
  const { parameters, notes } = await written(`crontab: {timezone: Europe/Paris}
crons:
  - {uid: hello, name: my-runner, periodicity: "@hourly", environ: {who: team}, timeout: null}
  - {uid: old, remove: true}
`);
  expect(parameters).toEqual({
    '': { timezone: 'Europe/Paris' },
    hello: { name: 'my-runner', periodicity: '@hourly', environ: { who: 'team' } },
  });
  expect(notes).toEqual([]);
});

it('The notes on a profile are returned', async () => {
  const { notes } = await written('MAILTO=ops\n0 3 * * * true\n', 'crons.crontab');
  expect(notes.join('\n')).toContain('crons.crontab:');
});

it.each([
  ['that cannot be read', 'crons: 7\n', 'crons.yaml:1:1 crons: got'],
  ['with a cron that is not valid', 'crons:\n  - {uid: a, name: b}\n', 'crons.yaml:2:5 a: periodicity: got'],
])(
  'A profile %s is refused with the positions of its problems, and nothing is written',
  async (_, text, message) => {
    const { parameters, error } = await written(text);
    expect(error).toContain('Nothing was started, because crons.yaml has problems.\n');
    expect(error).toContain(message);
    expect(parameters).toEqual({});
  },
);
