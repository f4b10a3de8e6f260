/** `cloudtab run` executes the run in its own process, or waits for the run record of a deployment. */

import { expect, it } from 'vitest';
import { FileRunOutput } from '../../../lib/adapters/local/file-run-output.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import type { Client } from '../../../lib/client/client.ts';
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
    { fields: { code: 'run-forced' } },
    { message: expect.stringContaining('hello from a') },
  ]);
});

it('run --even-off runs a cron that is off once, and it stays off', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@daily', activated: false });
  expect(await t.cloudtab('run', 'a')).toBe(3);
  expect(t.out).toMatch(
    /: The cron is off since \S+ \S+ UTC\.\nTo run it once and leave it off, use --even-off\.\n$/,
  );
  expect(await t.cloudtab('run', 'a', '--even-off')).toBe(0);
  expect(await t.jsonOf('show', 'a')).toMatchObject({ health: 'off', last: { status: 'OK' } });
  await t.cloudtab('on', 'a');
  await t.cloudtab('off', 'a', '--note', 'it moves');
  expect(await t.outputOf('show', 'a')).toMatch(/^off +since .* by .*: it moves$/m);
});

it('run prints the output of the run, and then one line with its status, duration and reason', async () => {
  t.write('a', { name: 'heartbeat', periodicity: '@daily', environ: { message: 'hello', fail: 'no route' } });
  expect(await t.cloudtab('run', 'a')).toBe(3);
  expect(t.out).toMatch(
    /INFO Heartbeat: hello.*\n.* ERROR The run failed: no route \{"code":"run-failed"\}\n {4}at Heart/,
  );
  expect(t.out).toMatch(/\n✗ FAILURE in \d+ ms, default\/a, run p\S+: no route\n$/);
});

it('Ctrl-C stops the wait of run and not the run, and the text says how to stop that', async () => {
  const world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '@daily' });
  const { doesRuns: _, ...elsewhere } = clientOn(world.ports);
  const stopped = (client: Client, json?: true) => {
    const stop = new AbortController();
    stop.abort();
    return runCron(client, 'default', 'a', { wait: true, signal: stop.signal, ...(json && { json }) });
  };
  const { text, code } = await stopped(elsewhere);
  expect(code).toBe(130);
  expect(text).toMatch(
    /^The run r\S* of default\/a goes on\. .*: cloudtab stop a --site default --dir crons\.$/,
  );
  expect((await stopped(clientOn(world.ports))).text).toMatch(/Ctrl-C ends both now\.$/);
  expect(JSON.parse((await stopped(elsewhere, true)).text)).toMatchObject({
    uid: 'a',
    runId: expect.any(String),
    logId: expect.any(String),
  });
  world.close();
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
