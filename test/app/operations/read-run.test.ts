import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOutput } from '../../../lib/app/operations/read-output.ts';
import { readRun } from '../../../lib/app/operations/read-run.ts';
import { removeCron } from '../../../lib/app/operations/remove-cron.ts';
import { restoreCron } from '../../../lib/app/operations/restore-cron.ts';
import { NotFoundError } from '../../../lib/core/domain/errors.ts';
import { recordId } from '../../../lib/core/domain/run-record.ts';
import type { RunOutput } from '../../../lib/core/ports/run-output.ts';
import { commitJob } from '../../support/commit-job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';
import { makeWorld, type World } from '../../support/world.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *', environ: { a: 1 } };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.saveEarly('a', HOURLY);
});
afterEach(() => world.close());

const read = (id: string) => readRun(world.ports, 'default', 'a', id);
const hour = (hours: number, fields = {}) => recordOf(hours * 60, fields);

describe('readRun', () => {
  it('A run that ended has its neighbours, the usual duration of the others, and all messages', async () => {
    const records = [
      hour(4),
      hour(3),
      hour(2, { messages: ['a', 'b'], status: 'WARN', endedAt: NOON }),
      hour(1),
    ];
    await commitJob(world.ports.store, 'a', {}, records);
    const detail = await read(recordId(hour(2)));
    expect(detail).toMatchObject({
      state: 'ended',
      run: { status: 'WARN', messages: ['a', 'b'], runner: 'task', forced: false },
      usualMs: 1_500,
      definitionVersion: 1,
      environ: { a: 1 },
      previous: recordId(hour(3)),
      next: recordId(hour(1)),
      lastGood: { id: recordId(hour(3)), definitionVersion: 1, changes: [] },
    });
    expect(detail.timeline.at(-1)).toEqual({ step: 'next', at: NOON - HOUR });
    const newest = await read(recordId(hour(1)));
    expect(newest.next).toBeUndefined();
    expect(newest.timeline.at(-1)).toEqual({ step: 'next', at: NOON });
    const oldest = await read(recordId(hour(4)));
    expect([oldest.previous, oldest.lastGood]).toEqual([undefined, undefined]);
  });

  it('The next planned time of a run is not that of a run that was requested meanwhile, which has none', async () => {
    const requested = { ...hour(2), plannedAt: hour(2).plannedAt + 13_000, forced: 'p1' };
    await commitJob(world.ports.store, 'a', {}, [hour(2), requested, hour(1)]);
    const planned = await read(recordId(hour(2)));
    expect(planned.next).toBe(recordId(requested));
    expect(planned.timeline.at(-1)).toEqual({ step: 'next', at: NOON - HOUR });
    expect((await read(recordId(requested))).timeline.at(-1)).toMatchObject({ step: 'ended' });
  });

  it('A run that is older than the newest fifty has the run before it', async () => {
    const records = Array.from({ length: 60 }, (_, n) => recordOf(60 - n));
    await commitJob(world.ports.store, 'a', {}, records);
    const detail = await read(recordId(recordOf(55)));
    expect(detail.previous).toBe(recordId(recordOf(56)));
    expect(detail.next).toBe(recordId(recordOf(54)));
  });

  it('The last good run is found behind many failures, for the newest as for an old run', async () => {
    const failures = Array.from({ length: 120 }, (_, n) => recordOf(120 - n, { status: 'FAILURE' }));
    await commitJob(world.ports.store, 'a', {}, [recordOf(121), ...failures]);
    for (const minutes of [1, 60, 120]) {
      const detail = await read(recordId(recordOf(minutes)));
      expect(detail.lastGood?.id, String(minutes)).toBe(recordId(recordOf(121)));
      expect(detail.previous).toBe(recordId(recordOf(minutes + 1)));
      expect(detail).not.toHaveProperty('searchedForGood');
    }
  });

  it('The search for the last good run ends after some hundred failures, or at the oldest run', async () => {
    const failures = Array.from({ length: 600 }, (_, n) => recordOf(600 - n, { status: 'FAILURE' }));
    await commitJob(world.ports.store, 'a', {}, [recordOf(601), ...failures]);
    const newest = await read(recordId(recordOf(1)));
    expect(newest.lastGood).toBeUndefined();
    expect(newest.searchedForGood).toBe(499);
    expect((await read(recordId(recordOf(500)))).lastGood?.id).toBe(recordId(recordOf(601)));
    const oldest = await read(recordId(recordOf(601)));
    expect(oldest).not.toHaveProperty('previous');
    expect(oldest).not.toHaveProperty('searchedForGood');
  });

  it('A run with another version than the last good one has what was changed since then', async () => {
    await world.saveEarly('a', { ...HOURLY, environ: { a: 2 }, timeout: 60 });
    await commitJob(world.ports.store, 'a', {}, [
      hour(3, { codeVersion: 'one' }),
      hour(2, { definitionVersion: 2, codeVersion: 'two', status: 'FAILURE' }),
      hour(1, { definitionVersion: 9, status: 'FAILURE' }),
    ]);
    const detail = await read(recordId(hour(2)));
    expect(detail).toMatchObject({ environ: { a: 2 }, codeVersion: 'two' });
    expect(detail.lastGood).toMatchObject({
      definitionVersion: 1,
      codeVersion: 'one',
      changes: [
        { field: 'environ.a', kind: 'changed' },
        { field: 'timeout', kind: 'set', is: 60 },
      ],
    });
    const unknown = await read(recordId(hour(1)));
    expect(unknown.environ).toBeUndefined();
    expect(unknown.lastGood?.changes).toBeUndefined();
    expect((await read(recordId(hour(3)))).environ).toEqual({ a: 1 });
  });

  it('A run with an earlier version that has no environ ran without settings', async () => {
    const { environ: _, ...bare } = HOURLY;
    await world.saveEarly('a', bare);
    await world.saveEarly('a', HOURLY);
    await commitJob(world.ports.store, 'a', {}, [hour(1, { definitionVersion: 2 })]);
    expect((await read(recordId(hour(1)))).environ).toEqual({});
  });

  it('The environ of a run before its cron was restored is not known, although the numbers of versions begin again', async () => {
    await commitJob(world.ports.store, 'a', {}, [hour(2), hour(1, { status: 'FAILURE' })]);
    await removeCron(world.ports, 'default', 'a');
    await restoreCron(world.ports, 'default', 'a');
    const before = await read(recordId(hour(1)));
    expect(before).toMatchObject({ definitionVersion: 1, lastGood: { id: recordId(hour(2)) } });
    expect(before).not.toHaveProperty('environ');
    expect(before.lastGood).not.toHaveProperty('changes');
    const after = { ...recordOf(0, { status: 'FAILURE' }), plannedAt: NOON, claimedAt: NOON };
    await commitJob(world.ports.store, 'a', {}, [after]);
    const detail = await read(recordId(after));
    expect(detail.environ).toEqual({ a: 1 });
    expect(detail.lastGood).not.toHaveProperty('changes');
  });

  it('A run that never started, and the runs of a removed cron, can be read', async () => {
    await commitJob(world.ports.store, 'a', {}, [notRunRecordOf(60, { reason: 'missed', messages: ['x'] })]);
    await removeCron(world.ports, 'default', 'a');
    await world.ports.store.putProjection(
      { site: 'default', uid: 'a' },
      { modified: NOON * 2, version: 2, removedAt: NOON },
    );
    const detail = await read(recordId(hour(1)));
    expect(detail).toMatchObject({ state: 'ended', run: { status: 'NOTRUN', reason: 'missed' } });
    expect(detail).not.toHaveProperty('definitionVersion');
  });

  it('A run in progress is that of its lease, with the user who stops it', async () => {
    const lease = { ...leaseOf(NOON - MINUTE), runId: 'r1', stop: 'ana' };
    await commitJob(world.ports.store, 'a', { leases: [lease] }, [hour(2)]);
    expect(await read(recordId(lease))).toMatchObject({
      state: 'running',
      run: { status: 'RUNNING', runId: 'r1', startedAt: NOON - MINUTE },
      stoppedBy: 'ana',
      environ: { a: 1 },
      previous: recordId(hour(2)),
      usualMs: 1_500,
    });
  });

  it('A run that waits or was just requested has not started', async () => {
    const range = { from: NOON - 2 * HOUR, to: NOON - HOUR };
    const waitingForced = [{ plannedAt: NOON - 3 * HOUR, forced: 'w' }];
    await commitJob(world.ports.store, 'a', { waiting: range, waitingForced });
    for (const plannedAt of [range.from, range.to]) {
      expect(await read(recordId({ plannedAt }))).toMatchObject({ state: 'ready', run: { status: 'READY' } });
    }
    expect(await read(recordId({ plannedAt: NOON - 3 * HOUR, forced: 'w' }))).toMatchObject({
      state: 'ready',
      run: { forced: true, runId: 'w' },
    });
    const now = world.clock.now();
    expect((await read(recordId({ plannedAt: now, forced: 'new' }))).state).toBe('ready');
    for (const id of [
      recordId({ plannedAt: now - HOUR, forced: 'old' }),
      recordId({ plannedAt: now }),
      'x',
    ]) {
      await expect(read(id)).rejects.toThrow(NotFoundError);
    }
    await expect(readRun(world.ports, 'default', 'b', '1')).rejects.toThrow(NotFoundError);
  });

  it('A run that was requested of a removed cron and did not start is not found', async () => {
    await removeCron(world.ports, 'default', 'a');
    const id = recordId({ plannedAt: world.clock.now(), forced: 'new' });
    await expect(read(id)).rejects.toThrow(NotFoundError);
  });
});

describe('readOutput', () => {
  const line = { time: NOON, level: 'INFO', message: 'hello' };
  const pages: RunOutput = {
    delayMs: 5_000,
    read: async (_run, cursor) => ({ lines: [line], cursor: `${cursor ?? ''}1`, hasMore: cursor === 'm' }),
  };
  const output = (id: string, cursor?: string) =>
    readOutput({ ...world.ports, output: pages }, 'default', 'a', id, cursor);

  it('A run in progress has a cursor for the lines that it is going to write', async () => {
    const lease = { ...leaseOf(NOON - MINUTE), runId: 'r1' };
    await commitJob(world.ports.store, 'a', { leases: [lease] });
    expect(await output(recordId(lease), '1')).toEqual({
      lines: [line],
      cursor: '11',
      isRunning: true,
      timezone: 'UTC',
    });
  });

  it('A run that ended has a cursor as long as lines may still arrive, or if there are more', async () => {
    await world.saveEarly('a', { ...HOURLY, timezone: 'Europe/Paris' });
    await commitJob(world.ports.store, 'a', {}, [hour(2)]);
    expect(await output(recordId(hour(2)))).toEqual({
      lines: [line],
      isRunning: false,
      timezone: 'Europe/Paris',
    });
    expect((await output(recordId(hour(2)), 'm')).cursor).toBe('m1');
    const { store } = world.ports;
    const now = world.clock.now();
    await commitJob(store, 'a', {}, [recordOf(0, { plannedAt: NOON, endedAt: now - 1_000 })]);
    expect((await output(recordId({ plannedAt: NOON }))).cursor).toBe('1');
  });
});
