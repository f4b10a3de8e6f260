/** Runs that wait for a place, and runners whose code is not that of the process. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudtabError } from '../../../lib/core/domain/errors.ts';
import { updateJob } from '../../../lib/core/engine/update-job.ts';
import type { Runners } from '../../../lib/core/ports/runners.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '0 * * * *', timeout: 60 });
  await world.clock.advanceTo(NOON);
});
afterEach(() => world.close());

/** Runs the occurrence of noon with runners that have that method. */
function runWith(admit: NonNullable<Runners['admit']>): Promise<void> {
  return world.run({ uid: 'a', plannedAt: NOON }, { runners: { ...world.ports.runners, admit } });
}

describe('run with places', () => {
  it('A run starts, and its timeout begins, when it gets a place, which it gives back at its end', async () => {
    const place = Promise.withResolvers<() => void>();
    const end = Promise.withResolvers<undefined>();
    const given: string[] = [];
    world.task = () => {
      given.push('started');
      return end.promise;
    };
    const running = runWith((name, { site }) => {
      given.push(`${site} ${name}`);
      return place.promise;
    });
    await world.clock.advance(2 * MINUTE);
    expect(given).toEqual(['default task']);
    place.resolve(() => void given.push('given back'));
    await world.clock.advance(50_000);
    expect(given).toEqual(['default task', 'started']);
    end.resolve(undefined);
    await running;
    expect(given).toEqual(['default task', 'started', 'given back']);
    expect(await world.records('a')).toMatchObject([{ status: 'OK', startedAt: NOON + 2 * MINUTE }]);
  });

  it('A run that gets no place fails with the reason and has no start', async () => {
    await runWith(() => Promise.reject(new CloudtabError('No place became free.')));
    const [record] = await world.records('a');
    expect(record).toMatchObject({ status: 'FAILURE', messages: ['No place became free.'] });
    expect(record?.startedAt).toBeUndefined();
  });

  it('A run that waits for a place can be stopped', async () => {
    const running = runWith(
      (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await world.clock.advance(1);
    await updateJob(world.ports, 'default', 'a', (_state, job) => ({
      job: { ...job, leases: job.leases.map((lease) => ({ ...lease, stop: 'ann' })) },
      records: [],
    }));
    await world.clock.advance(10_000);
    await running;
    expect(await world.records('a')).toMatchObject([{ reason: 'stopped', messages: ['stopped by ann'] }]);
  });
});

describe('run with code of its own', () => {
  it.each([
    ['OK', () => undefined],
    ['FAILURE', () => Promise.reject(new Error('broken'))],
  ])('The record of a run that ends with %s names the code that the runner reports', async (status, work) => {
    const runner = {
      codeVersion: undefined as string | undefined,
      run() {
        runner.codeVersion = 'code-2';
        return work();
      },
    };
    const runners = { ...world.ports.runners, create: () => runner };
    await world.run({ uid: 'a', plannedAt: NOON }, { codeVersion: 'code-1', runners });
    expect(await world.records('a')).toMatchObject([{ status, codeVersion: 'code-2' }]);
  });

  it('A runner gets the values that its texts may not contain', async () => {
    await world.save('b', { name: 'task', periodicity: '@daily', environ: { key: { $secret: 'k' } } });
    world.secrets.set('k', 'hunter2');
    let secrets: readonly string[] = [];
    const create: Runners['create'] = (_, context) => {
      secrets = context.secrets;
      return { run: () => undefined };
    };
    const runners = { ...world.ports.runners, create };
    await world.run({ uid: 'b', plannedAt: NOON, forced: 'r1' }, { runners });
    expect(secrets).toEqual(['hunter2']);
  });
});
