/** `cloudtab run` executes the run in its own process, or waits for the run record of a deployment. */

import { expect, it } from 'vitest';
import { FileRunOutput } from '../../../lib/adapters/local/file-run-output.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { CloudtabError } from '../../../lib/core/domain/errors.ts';
import { runCron } from '../../../lib/surfaces/cli/run.ts';
import { clientOn } from '../../support/client.ts';
import { HOUR } from '../../support/jobs.ts';
import { makeWorld } from '../../support/world.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();

it('The output of a forced run is stored where the output of all other runs is', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@daily', environ: { message: 'hello from a' } });
  const from = Date.now();
  expect(await t.cloudtab('run', 'a', '--json')).toBe(0);
  const { runId } = JSON.parse(t.out);
  const { lines } = await new FileRunOutput(folderOf(t.dir).logs).read({ runId, from, to: Date.now() });
  expect(lines).toMatchObject([
    { fields: expect.stringContaining('"code":"run-forced"') },
    { message: expect.stringContaining('hello from a') },
  ]);
});

it('run --even-off runs a cron that is off once, and it stays off', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@daily', activated: false });
  expect(await t.cloudtab('run', 'a')).toBe(3);
  expect(await t.cloudtab('run', 'a', '--even-off')).toBe(0);
  expect(await t.jsonOf('show', 'a')).toMatchObject({ health: 'off', last: { status: 'OK' } });
  await t.cloudtab('on', 'a');
  await t.cloudtab('off', 'a', '--note', 'it moves');
  expect(await t.outputOf('show', 'a')).toMatch(/^off +since .* by .*: it moves$/m);
});

it('The command stops waiting for a run record that does not appear within half an hour', async () => {
  const world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '@daily' });
  const running = runCron(clientOn(world.ports), 'default', 'a', { wait: true });
  const failure = expect(running).rejects.toThrow(CloudtabError);
  await world.clock.advance(HOUR);
  await failure;
  world.close();
});
