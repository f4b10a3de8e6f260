/** `cloudtab run` executes the run in its own process. */
import { expect, it } from 'vitest';
import { FileRunOutput } from '../../../lib/adapters/local/file-run-output.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();

it('The output of a forced run is stored where the output of all other runs is', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@daily', environ: { message: 'hello from a' } });
  const from = Date.now();
  expect(await t.cloudtab('run', 'a', '--json')).toBe(0);
  const { runId } = JSON.parse(t.out);
  const lines = await new FileRunOutput(folderOf(t.dir).logs).read({ runId, from, to: Date.now() });
  expect(lines).toMatchObject([
    { fields: expect.stringContaining('"code":"run-forced"') },
    { message: expect.stringContaining('hello from a') },
  ]);
});
