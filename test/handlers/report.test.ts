import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../lib/handlers/sweep.ts';
import { syncCron } from '../../lib/handlers/sync.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { faulty, intercept } from '../support/faulty.ts';
import { HOUR, MINUTE, NOON } from '../support/jobs.ts';
import { makeWorld, type World } from '../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', HOURLY);
  world.log.lines.length = 0;
});
afterEach(() => world.close());

/** The fields of the lines with that code, by which a deployment counts. */
const counted = (code: string) => world.log.lines.filter(({ fields }) => fields.code === code);

/** Claims noon, and dies before anything runs. */
async function dieAtNoon(): Promise<void> {
  const dies = intercept(world.ports.events, 'emit', () => new Promise(() => {}));
  await world.clock.advanceTo(NOON);
  void world.run({ uid: 'a', at: NOON }, { events: dies });
  await world.clock.advance(15 * MINUTE);
}

describe('a line with a code tells of', () => {
  it('nothing when a run went well', async () => {
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', at: NOON });
    await sweep(world.ports);
    expect(world.log.lines.map(({ fields }) => fields.code)).toEqual(['sweep-done']);
  });

  it('planned times that were missed, and how many', async () => {
    await world.clock.advanceTo(NOON + 3 * HOUR);
    await world.run({ uid: 'a', at: NOON });
    expect(counted('run-missed')).toMatchObject([
      {
        level: 'warn',
        message: expect.stringMatching(/^NOTRUN: Missed: /),
        fields: { site: 'default', uid: 'a', at: '2026-03-02T14:00:00Z', status: 'NOTRUN', count: 3 },
      },
    ]);
    expect(counted('run-late')).toEqual([]);
  });

  it('a run that starts late', async () => {
    await world.clock.advanceTo(NOON + 6 * MINUTE);
    await world.run({ uid: 'a', at: NOON });
    expect(counted('run-late')).toMatchObject([
      {
        level: 'warn',
        message: 'It starts 360 s after its time',
        fields: { site: 'default', uid: 'a', at: '2026-03-02T12:00:00Z', seconds: 360 },
      },
    ]);
  });

  it('no late run within the grace, nor of one that a person asked for', async () => {
    await world.clock.advanceTo(NOON + 5 * MINUTE);
    await world.run({ uid: 'a', at: NOON });
    await world.run({ uid: 'a', at: NOON - HOUR, forced: 'by-hand' });
    expect((await world.job('a'))?.logs).toHaveLength(2);
    expect(counted('run-late')).toEqual([]);
  });

  it('a run that was skipped because the last one still went on', async () => {
    await world.clock.advanceTo(NOON);
    let end = () => {};
    world.task = () => new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
    await world.save('a', { name: 'task', periodicity: '* * * * *' });
    const running = world.run({ uid: 'a', at: NOON + MINUTE, forced: 'by-hand' });
    await world.clock.advanceTo(NOON + MINUTE);
    await world.run({ uid: 'a', at: NOON + MINUTE });
    end();
    await running;
    expect(counted('run-skipped')).toMatchObject([{ level: 'warn', fields: { uid: 'a', count: 1 } }]);
  });

  it('a run that finds its cron switched off', async () => {
    await world.edit('a', JSON.stringify({ ...HOURLY, activated: false }));
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', at: NOON });
    expect(counted('not-run')).toMatchObject([{ message: 'NOTRUN: The cron is switched off.' }]);
  });

  it('a due time that an edit replaced, also when what follows fails', async () => {
    await world.clock.advanceTo(NOON + MINUTE);
    await world.edit('a', JSON.stringify({ ...HOURLY, periodicity: '30 * * * *' }));
    const queue = faulty(world.ports.queue, 'disarm', 'before');
    await expect(syncCron({ ...world.ports, queue }, 'default', 'a')).rejects.toThrow();
    expect(counted('not-run')).toMatchObject([{ fields: { site: 'default', uid: 'a', count: 1 } }]);
  });

  it('a run whose process died, when the sweep finds it', async () => {
    await dieAtNoon();
    await sweep(world.ports);
    expect(counted('lease-expired')).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(/^FAILURE: The run ended without a word/),
        fields: { site: 'default', uid: 'a', at: '2026-03-02T12:00:00Z', runId: 'run-1', count: 1 },
      },
    ]);
    expect(counted('sweep-done')).toMatchObject([{ level: 'info', fields: { overdue: 1 } }]);
  });

  it('a run whose process died, when the next run finds it', async () => {
    await dieAtNoon();
    await world.clock.advanceTo(NOON + HOUR);
    await world.run({ uid: 'a', at: NOON + HOUR });
    expect(counted('lease-expired')).toMatchObject([{ fields: { runId: 'run-1' } }]);
    expect((await world.job('a'))?.logs.map(({ status }) => status)).toEqual(['OK', 'FAILURE']);
  });

  it('a runner that this deployment does not have', async () => {
    await world.clock.advanceTo(NOON);
    await world.run({ uid: 'a', at: NOON }, { runners: new RunnerTable({}) });
    expect(counted('run-refused')).toMatchObject([
      { level: 'error', message: expect.stringMatching(/^The run was refused: name: got "task"/) },
    ]);
  });

  it('no sweep that could not heal everything', async () => {
    await world.edit('b', JSON.stringify(HOURLY));
    await world.clock.advance(2 * MINUTE);
    const queue = faulty(world.ports.queue, 'arm', 'before');
    await expect(sweep({ ...world.ports, queue })).rejects.toThrow();
    expect(counted('sweep-done')).toEqual([]);
  });
});
