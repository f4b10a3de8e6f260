import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editCron } from '../../../lib/app/operations/edit-cron.ts';
import { forceRun } from '../../../lib/app/operations/force-run.ts';
import { nextRunText } from '../../../lib/app/operations/messages.ts';
import { readCron, readCrontab } from '../../../lib/app/operations/read.ts';
import { ConflictError } from '../../../lib/core/domain/errors.ts';
import { formatProblem } from '../../../lib/core/domain/problem.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', HOURLY);
  await world.save('b', HOURLY);
});
afterEach(() => world.close());

const read = (uid = 'a') => readCron(world.ports, 'default', uid);

/** The projection of an earlier version that accepted this periodicity and time zone. */
async function acceptEarlier(fields: Record<string, unknown>): Promise<void> {
  const projection = await world.ports.store.readProjection({ site: 'default', uid: 'a' });
  world.damage(
    'projection',
    'a',
    JSON.stringify({ ...projection, value: { ...projection?.value, ...fields } }),
  );
}

const DAMAGES: readonly [what: string, damage: () => void | Promise<void>, where: string, got: string][] = [
  ['projection', () => world.damage('projection', 'a', '{'), 'stored state', 'its cron is no object'],
  ['job', () => world.damage('job', 'a', '{}'), 'stored state', 'its job has no valid "token"'],
  ['periodicity', () => acceptEarlier({ periodicity: 'never' }), 'definition', 'periodicity: got '],
  [
    'time zone',
    () => acceptEarlier({ timezone: 'Atlantis' }),
    'definition',
    'there is no time zone "Atlantis"',
  ],
];

describe.each(DAMAGES)('a cron whose %s cannot be read', (_what, damage, where, got) => {
  beforeEach(damage);

  it('The cron is broken, has the reason as its problem, and has no next run', async () => {
    const problem = { where, got: expect.stringContaining(got) };
    const { crons, counts } = await readCrontab(world.ports, 'default');
    const [listed] = crons;
    for (const view of [await read(), listed]) {
      expect(view).toMatchObject({ uid: 'a', health: 'broken', active: false, unreadable: problem });
      expect(view?.job.next).toBeUndefined();
      expect(view && nextRunText(view)).toBe('It does not run: its stored state cannot be read.');
    }
    expect(counts).toMatchObject({ crons: 2, active: 1, rejected: 0, next: { uid: 'b' } });
  });

  it('The other crons of its site are shown and run as before', async () => {
    const other = await read('b');
    expect(other).toMatchObject({ health: 'new', job: { next: NOON } });
    expect(other).not.toHaveProperty('unreadable');
    await world.clock.advance(30 * MINUTE);
    for (const delivery of world.delivered.splice(0).filter(({ uid }) => uid === 'b'))
      await world.run(delivery);
    expect((await read('b')).health).toBe('ok');
  });

  it('A forced run of the cron is refused with the reason and the fix', async () => {
    const { unreadable } = await read();
    const reason = unreadable && formatProblem(unreadable);
    await expect(forceRun(world.ports, 'default', 'a')).rejects.toThrow(
      new ConflictError(`The cron "a" of "default" cannot run: ${reason}`),
    );
    expect(world.delivered).toEqual([]);
  });
});

it('A removed cron whose job cannot be read is not listed', async () => {
  await world.ports.registry.remove({ site: 'default', uid: 'a' });
  await editCron(world.ports, 'default', 'b', { logsLimit: 3 });
  const projection = await world.ports.store.readProjection({ site: 'default', uid: 'a' });
  world.damage('projection', 'a', JSON.stringify({ ...projection, removedAt: NOON }));
  world.damage('job', 'a', '{}');
  expect((await readCrontab(world.ports, 'default')).crons.map(({ uid }) => uid)).toEqual(['b']);
});

it.each([
  ['projection', () => world.damage('projection', 'a', '{')],
  ['definition', () => acceptEarlier({ periodicity: 'never' })],
] as const)('An edit repairs a cron whose %s cannot be read', async (_what, damage) => {
  await damage();
  const { cron } = await editCron(world.ports, 'default', 'a', { periodicity: '45 * * * *' });
  expect(cron).toMatchObject({ active: true, job: { next: NOON - 15 * MINUTE } });
  expect(cron).not.toHaveProperty('unreadable');
});
