import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stopRun } from '../../../lib/app/operations/stop-run.ts';
import { ConflictError, NotFoundError } from '../../../lib/core/domain/errors.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import { commitJob } from '../../support/commit-job.ts';
import { leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

const stop = (id: string, by?: string) =>
  stopRun({ ...world.ports, ...(by !== undefined && { by }) }, 'default', 'a', id);
const NOON_ID = recordId({ plannedAt: NOON });

describe('stopRun', () => {
  it('A run that a user stops is aborted, and its record names the user', async () => {
    world.task = ({ context: { signal } }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await world.clock.advanceTo(NOON);
    const running = world.run({ uid: 'a', plannedAt: NOON });
    await world.clock.advance(1);
    expect(await stop(NOON_ID, 'ana')).toMatchObject({
      changed: true,
      message: `The run ${NOON_ID} of "a" is being stopped: it ends within some ten seconds.`,
    });
    expect(await stop(NOON_ID, 'ben')).toMatchObject({ changed: false });
    expect(world.logger.linesOf('run-stopping')).toHaveLength(1);
    await world.clock.advance(5_000);
    await running;
    expect(await world.records('a')).toMatchObject([
      { status: 'FAILURE', reason: 'stopped', messages: ['stopped by ana'], endedAt: NOON + 5_000 },
    ]);
    expect((await world.job('a'))?.leases).toEqual([]);
  });

  it('A user whose name is unknown stops a run, and no other run of the cron', async () => {
    const [one, two] = [leaseOf(NOON), leaseOf(NOON + MINUTE)];
    await commitJob(world.ports.store, 'a', { leases: [one, two] });
    await stop(NOON_ID);
    expect((await world.job('a'))?.leases).toEqual([{ ...one, stop: 'a user' }, two]);
  });

  it('A run that has ended, has not begun or lost its lease is not stopped', async () => {
    const record = recordOf(60);
    const expired = leaseOf(NOON - 60 * MINUTE - 1_000, NOON - 45 * MINUTE);
    await commitJob(world.ports.store, 'a', { leases: [expired] }, [record]);
    await expect(stop(recordId(record))).rejects.toThrow(ConflictError);
    await expect(stop(NOON_ID)).rejects.toThrow(NotFoundError);
    await expect(stop(recordId(expired))).rejects.toThrow(NotFoundError);
  });
});
