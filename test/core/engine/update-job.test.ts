import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
import { updateJob } from '../../../lib/core/engine/update-job.ts';
import type { State } from '../../../lib/core/ports/store.ts';
import { faulty, intercept } from '../../support/faulty.ts';
import { HOUR, NOON } from '../../support/jobs.ts';
import { makeWorld, type World } from '../../support/world.ts';

const RECORD: RunRecord = {
  site: 'default',
  uid: 'a',
  runner: 'task',
  plannedAt: NOON,
  status: 'OK',
  messages: [],
  endedAt: NOON,
};

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.save('a', { name: 'task', periodicity: '0 * * * *' });
});
afterEach(() => world.close());

/** Updates the job with `busySince: NOON`, and counts how often the change was decided. */
async function update(ports: Partial<World['ports']> = {}) {
  let attempts = 0;
  const updating = updateJob({ ...world.ports, ...ports }, 'default', 'a', (_state, job) => {
    attempts += 1;
    return { job: { ...job, busySince: NOON }, records: [] };
  });
  const settled = updating.then(
    (change) => ({ change }),
    (error: unknown) => ({ error }),
  );
  await world.clock.advance(15_000);
  return { ...(await settled), attempts };
}

describe('updateJob', () => {
  it('A change is committed with a new token', async () => {
    const before = await world.job('a');
    await update();
    const after = await world.job('a');
    expect(after?.busySince).toBe(NOON);
    expect(after?.token).not.toBe(before?.token);
  });

  it('A commit that is applied late, after another one was refused for it, is recognized', async () => {
    let commits = 0;
    const store = intercept(world.ports.store, 'commit', async (commit) => {
      commits += 1;
      if (commits > 1) return false;
      await commit();
      throw new UnavailableError('no answer');
    });
    const read = intercept(store, 'read', async (readState) => {
      const state = (await readState()) as State;
      // The first commit is seen only after the second one.
      return commits === 1 ? { ...state, job: before } : state;
    });
    const before = await world.job('a');
    const outcome = await update({ store: read });
    const token = 'change' in outcome ? outcome.change.job.token : undefined;
    expect(token).toBe((await world.job('a'))?.token);
    expect(commits).toBe(2);
  });

  it('A decision that changes nothing commits nothing', async () => {
    const before = await world.job('a');
    await updateJob(world.ports, 'default', 'a', (_state, job) => ({ job, records: [] }));
    await updateJob(world.ports, 'default', 'a', () => undefined);
    expect(await world.job('a')).toEqual(before);
  });

  it('A change is decided again if another writer came first', async () => {
    let commits = 0;
    const store = intercept(world.ports.store, 'commit', async (commit) =>
      commits++ > 0 ? commit() : false,
    );
    expect((await update({ store })).attempts).toBe(2);
  });

  it('A commit whose answer was lost is recognized by its token and not repeated', async () => {
    const { attempts, ...rest } = await update({ store: faulty(world.ports.store, 'commit', 'after') });
    expect(attempts).toBe(1);
    expect(rest).toMatchObject({ change: { job: { busySince: NOON } } });
  });

  it.each(['read', 'commit'] as const)('A %s that fails is repeated with backoff', async (method) => {
    const { error } = (await update({ store: faulty(world.ports.store, method, 'before', 3) })) as {
      error?: unknown;
    };
    expect(error).toBeUndefined();
    expect((await world.job('a'))?.busySince).toBe(NOON);
  });

  it('After ten attempts updateJob throws the last failure', async () => {
    const started = world.clock.now();
    const result = await update({ store: faulty(world.ports.store, 'commit', 'before', 99) });
    expect(result).toMatchObject({ attempts: 10, error: { name: 'UnavailableError' } });
    expect(String(Reflect.get(result, 'error'))).toContain('commit failed before its effect');
    expect(world.clock.now() - started).toBe(15_000);
  });

  it('An error of another kind is thrown at once', async () => {
    const store = intercept(world.ports.store, 'commit', () =>
      Promise.reject(new ConfigurationError('no table')),
    );
    const result = await update({ store });
    expect(result).toMatchObject({ attempts: 1, error: { name: 'ConfigurationError' } });
    expect(result).not.toMatchObject({ error: expect.any(UnavailableError) });
  });

  it('A state that this version cannot read is left as it is', async () => {
    const store = intercept(world.ports.store, 'read', async () => ({ unreadable: 'it has the format 9' }));
    expect(await update({ store })).toMatchObject({
      attempts: 0,
      error: {
        name: 'UnreadableError',
        message: 'The stored state of default/a cannot be read by this version: it has the format 9',
      },
    });
  });
});

describe('how long updateJob keeps records', () => {
  /** The `keepUntil` of a record of the cron with that uid. */
  async function keepUntil(uid: string): Promise<number | undefined> {
    const change = await updateJob(world.ports, 'default', uid, () => ({
      job: newJob('default', uid),
      records: [{ ...RECORD, uid }],
    }));
    return change.records[0]?.keepUntil;
  }

  it('A record is kept until one time more than logsLimit is due', async () => {
    await world.edit('b', JSON.stringify({ name: 'task', periodicity: '0 * * * *', logsLimit: 2 }));
    expect(await keepUntil('b')).toBe(NOON + 2 * HOUR);
  });

  it('The times are those in the time zone of the crontab', async () => {
    await world.edit(undefined, '{"timezone":"Asia/Kolkata"}');
    await world.edit('b', JSON.stringify({ name: 'task', periodicity: '0 0 * * *', logsLimit: 1 }));
    expect(await keepUntil('b')).toBe(Date.parse('2026-03-03T18:30:00Z'));
  });

  it('A record of a cron that never runs again is kept as long as possible', async () => {
    await world.edit('b', JSON.stringify({ name: 'task', periodicity: '0 0 * * *', timezone: 'Asia/Tokyo' }));
    const projection = await world.ports.store.readProjection({ site: 'default', uid: 'b' });
    world.damage('projection', 'b', JSON.stringify(projection).replace('Asia/Tokyo', 'Mars/Olympus'));
    expect(await keepUntil('b')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('A record of a removed cron has the retention alone', async () => {
    expect(await keepUntil('removed')).toBeUndefined();
  });
});
